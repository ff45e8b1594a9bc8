using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>Where an incident stands.</summary>
public enum IncidentState
{
    /// <summary>Nobody has said yet what it was; its bounces do nothing meanwhile.</summary>
    Open,
    /// <summary>It was no fault of the readers': its bounces never count.</summary>
    Undone,
    /// <summary>The addresses are dead indeed: its bounces count as any.</summary>
    Accepted,
}

/// <summary>A wave of the same refusal, or suspensions that a person took back together.</summary>
/// <param name="Id">Its number.</param>
/// <param name="IsByHand">Whether a person asked for it; else the program saw it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Provider">Whose mailboxes; empty: of all.</param>
/// <param name="Edition">Whose letters; null for one by hand.</param>
/// <param name="Words">What one of the servers said; by hand: what was asked for.</param>
/// <param name="Found">Why it is a wave; empty by hand.</param>
/// <param name="FirstAt">Its first bounce.</param>
/// <param name="LastAt">Its last, to the minute.</param>
/// <param name="DecidedAt">When somebody said what it was.</param>
/// <param name="DecidedBy">Who.</param>
/// <param name="Why">In their words.</param>
/// <param name="Readers">How many readers' bounces are under it.</param>
/// <param name="Suspended">How many are suspended by it now.</param>
/// <param name="GivenBack">How many were given back.</param>
public sealed record Incident(long Id, bool IsByHand, IncidentState State, string Provider, EditionId? Edition, string Words, string Found, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    DateTimeOffset? DecidedAt, string DecidedBy, string Why, long Readers, long Suspended, long GivenBack)
{
    /// <summary>Whose mailboxes.</summary>
    public string Where => Provider.Length > 0 ? Provider : "many providers";

    /// <summary>What a reader's server said, where that is not what <see cref="Words"/> say already; else empty.</summary>
    public string OtherWords(IncidentReader reader) => Newsletter.Returns.WaveWords.Answer(reader.Evidence, EmailAddress.Read(reader.Address)) == Words ? "" : reader.Evidence;
}

/// <summary>A reader whose bounce is under an incident.</summary>
public sealed record IncidentReader(SubscriberId Subscriber, string Address, string State, DateTimeOffset At, string Evidence, long? ReturnedMail);

/// <summary>Keeps incidents, and whom they are about.</summary>
public sealed partial class IncidentStore(Database database, Newsletter.Returns.BouncePolicy? policy = null)
{
    private sealed record Row
    {
        public required long Id { get; init; }
        public required long ByHand { get; init; }
        public required string State { get; init; }
        public required string Provider { get; init; }
        public long? EditionId { get; init; }
        public required string Words { get; init; }
        public required string Found { get; init; }
        public required long FirstAt { get; init; }
        public required long LastAt { get; init; }
        public long? DecidedAt { get; init; }
        public required string DecidedBy { get; init; }
        public required string Why { get; init; }
        public required long Readers { get; init; }
        public required long GivenBack { get; init; }
    }

    private sealed record ReaderRow
    {
        public required long Id { get; init; }
        public required string Address { get; init; }
        public required string State { get; init; }
        public required long At { get; init; }
        public required string Evidence { get; init; }
        public long? ReturnedMailId { get; init; }
    }

    private const string Select = """
        select id, by_hand, state, provider, edition_id, words, found, first_at, last_at, decided_at, decided_by, why,
            (select count(distinct b.subscriber_id) from bounces b where b.incident_id = i.id) as readers,
            (select count(distinct l.subscriber_id) from subscriptions_log l where l.incident_id = i.id and l.state = 'active') as given_back
        from incidents i
        """;

    /// <summary>The newest first.</summary>
    /// <param name="all">Those that are decided as well.</param>
    /// <param name="count">The most.</param>
    /// <param name="ct">Stops the question.</param>
    public Task<IReadOnlyList<Incident>> ListAsync(bool all, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<Incident>>(async connection =>
    {
        var incidents = new List<Incident>();
        foreach (var row in (await connection.QueryAsync<Row>($"{Select} {(all ? "" : "where state = 'open'")} order by id desc limit @count", new { count = (long)count })).ToList())
            incidents.Add(Incident(row, await SuspendedAsync(connection, row.Id)));
        return incidents;
    }, ct);

    /// <summary>Null where there is none.</summary>
    public Task<Incident?> FindAsync(long id, CancellationToken ct) => database.ReadAsync(async connection =>
        await connection.QuerySingleOrDefaultAsync<Row>($"{Select} where id = @id", new { id }) is { } row ? Incident(row, await SuspendedAsync(connection, id)) : null, ct);

    /// <summary>Readers whose bounces are under it, by number, after one.</summary>
    public Task<IReadOnlyList<IncidentReader>> ReadersAsync(long id, SubscriberId after, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<IncidentReader>>(async connection =>
        (await connection.QueryAsync<ReaderRow>("""
            select s.id, s.address, s.state, b.at, b.evidence, b.returned_mail_id from bounces b join subscribers s on s.id = b.subscriber_id
            where b.incident_id = @id and b.subscriber_id > @after order by b.subscriber_id, b.edition_id limit @count
            """, new { id, after = after.Value, count = (long)count }))
            .Select(row => new IncidentReader(new(row.Id), row.Address, row.State, row.At.Instant(), row.Evidence, row.ReturnedMailId)).ToList(), ct);

    private static Task<long> SuspendedAsync(System.Data.Common.DbConnection connection, long incident) =>
        connection.ExecuteScalarAsync<long>($"select count(*) {IncidentReaders.Suspended}", new { incident });

    private static Incident Incident(Row row, long suspended) => new(row.Id, row.ByHand != 0, StateOf(row.State), row.Provider, row.EditionId is { } edition ? new EditionId(edition) : null,
        row.Words, row.Found, row.FirstAt.Instant(), row.LastAt.Instant(), row.DecidedAt.Instant(), row.DecidedBy, row.Why, row.Readers, suspended, row.GivenBack);

    private static IncidentState StateOf(string word) => word switch { "undone" => IncidentState.Undone, "accepted" => IncidentState.Accepted, _ => IncidentState.Open };
}
