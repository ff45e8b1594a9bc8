using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>Which returned mails are asked for; what is empty or null asks for nothing.</summary>
public sealed record MailFilter
{
    /// <summary>By number.</summary>
    public IReadOnlyList<long> Ids { get; init; } = [];

    /// <summary>bounce, complaint, reply and so on.</summary>
    public string Kind { get; init; } = "";

    /// <summary>A part of the source's name.</summary>
    public string Source { get; init; } = "";

    /// <summary>The reader whom it proves to be about, or an address that it names.</summary>
    public string Address { get; init; } = "";

    /// <summary>Those that came since.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Those that prove no letter of ours although they speak of one, or are not understood, and those that could not be handled.</summary>
    public bool IsUnmatched { get; init; }

    /// <summary>Those that could not be handled.</summary>
    public bool IsFailed { get; init; }
}

/// <summary>A returned mail in a list.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Source">Whence.</param>
/// <param name="Size">Octets.</param>
/// <param name="HandledAt">When it was handled last; null: not yet.</param>
/// <param name="Reading">What it was read as.</param>
/// <param name="Address">The reader's address; empty where nobody is proven.</param>
/// <param name="Verdict">Whom it names and why, as JSON; empty where it was not handled.</param>
/// <param name="Error">Why it could not be handled; empty: it was, or will be.</param>
public sealed record MailLine(
    long Id, DateTimeOffset ReceivedAt, string Source, long Size, DateTimeOffset? HandledAt, MailReading Reading, string Address, string Verdict, string Error)
{
    /// <summary>The reader whom it proves to be about, by a letter or a probe; null for nobody.</summary>
    public SubscriberId? Subscriber { get; init; }

    /// <summary>Whether it proves no letter of ours although it speaks of one, is not understood, or could not be handled.</summary>
    public bool IsUnmatched => Error.Length > 0 || (Subscriber is null && (Reading.Kind is "bounce" or "complaint" || (Reading.Kind is "other" && Reading.Consequence is "show")));
}

/// <summary>Lists of returned mail.</summary>
public sealed partial class ReturnedMailStore
{
    private const string Unmatched = "(m.error <> '' or (m.subscriber_id is null and (m.kind in ('bounce', 'complaint') or (m.kind = 'other' and m.consequence = 'show'))))";

    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<MailLine>> ListAsync(MailFilter filter, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<MailLine>>(async connection =>
        (await connection.QueryAsync<MailRow>($"""
            select m.id, m.received_at, m.source, m.size, m.handled_at, m.kind, m.evidence, m.consequence, m.outcome, m.edition_id, m.subscriber_id, coalesce(s.address, '') as address, m.verdict, m.error
            from returned_mails m left join subscribers s on s.id = m.subscriber_id where {Conditions(filter)} order by m.id desc limit @count
            """, Values(filter, count))).Select(row => row.ToLine()).ToList(), ct);

    /// <summary>Their numbers, the oldest first: in this order they came.</summary>
    public Task<IReadOnlyList<long>> FindAsync(MailFilter filter, CancellationToken ct) => database.ReadAsync<IReadOnlyList<long>>(async connection =>
        (await connection.QueryAsync<long>($"select m.id from returned_mails m left join subscribers s on s.id = m.subscriber_id where {Conditions(filter)} order by m.id", Values(filter, 0))).ToList(), ct);

    private string Conditions(MailFilter filter)
    {
        var conditions = new List<string> { "1 = 1" };
        if (filter.Ids.Count > 0)
            conditions.Add($"m.id {database.IsOneOf("@ids")}");
        if (filter.Kind.Length > 0)
            conditions.Add("m.kind = @Kind");
        if (filter.Source.Length > 0)
            conditions.Add(@"lower(m.source) like @source escape '\'");
        if (filter.Address.Length > 0)
            conditions.Add(@"(s.address_key = @key or lower(m.verdict) like @address escape '\')");
        if (filter.Since is not null)
            conditions.Add("m.received_at >= @since");
        if (filter.IsUnmatched)
            conditions.Add(Unmatched);
        if (filter.IsFailed)
            conditions.Add("m.error <> ''");
        return string.Join(" and ", conditions);
    }

    private object Values(MailFilter filter, int count) => new
    {
        ids = database.Many(filter.Ids),
        filter.Kind,
        source = $"%{Like.Literal(filter.Source)}%",
        key = EmailAddress.Read(filter.Address)?.Key ?? "",
        address = $"%\"{Like.Literal(filter.Address)}\"%",
        since = filter.Since?.Ms() ?? 0,
        count,
    };

    private sealed record MailRow
    {
        public required long Id { get; init; }
        public required long ReceivedAt { get; init; }
        public required string Source { get; init; }
        public required long Size { get; init; }
        public long? HandledAt { get; init; }
        public required string Kind { get; init; }
        public required string Evidence { get; init; }
        public required string Consequence { get; init; }
        public required string Outcome { get; init; }
        public long? EditionId { get; init; }
        public long? SubscriberId { get; init; }
        public required string Address { get; init; }
        public required string Verdict { get; init; }
        public required string Error { get; init; }

        public MailLine ToLine() => new(
            Id, ReceivedAt.Instant(), Source, Size, HandledAt.Instant(),
            new(Kind, Evidence, Consequence, Outcome, EditionId is { } edition && SubscriberId is { } subscriber ? DeliveryId.Of(edition, subscriber) : null),
            Address, Verdict, Error) { Subscriber = SubscriberId is { } about ? new SubscriberId(about) : null };
    }
}
