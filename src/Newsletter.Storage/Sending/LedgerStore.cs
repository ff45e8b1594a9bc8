using System.Runtime.CompilerServices;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>Deliveries in one state that got the same reply.</summary>
/// <param name="State">Where they stand.</param>
/// <param name="Code">The reply code; null where there was no reply.</param>
/// <param name="Status">The enhanced status; null where the reply had none.</param>
/// <param name="Count">How many.</param>
/// <param name="Example">The words of one of them; may be empty.</param>
public sealed record ReplyGroup(DeliveryState State, int? Code, string? Status, long Count, string Example);

/// <summary>A worker that holds claims.</summary>
/// <param name="Name">Machine, boot, process.</param>
/// <param name="Claims">How many.</param>
/// <param name="Until">When the first of them ends, unless it is renewed.</param>
public sealed record WorkerClaims(string Name, long Claims, DateTimeOffset Until);

/// <summary>A delivery as it is shown and exported.</summary>
/// <param name="Subscriber">The reader.</param>
/// <param name="Address">As the reader gave it; empty where the person had themselves forgotten.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often a relay judged it.</param>
/// <param name="Code">The last reply's code.</param>
/// <param name="Status">Its enhanced status.</param>
/// <param name="Words">Its words.</param>
/// <param name="At">Since when it stands so.</param>
/// <param name="Revision">Which text of the issue its last letter had: the beginning of the content hash.</param>
/// <param name="Subject">Which of two subjects it gets, <c>a</c> or <c>b</c>; empty where there is one alone, or it waits for the winner.</param>
public sealed record LedgerLine(SubscriberId Subscriber, string Address, DeliveryState State, long Attempts, int? Code, string? Status, string? Words, DateTimeOffset At, string? Revision, string Subject);

/// <summary>Questions to the ledger: who got what, what servers said, who is at work. Changes nothing.</summary>
public sealed class LedgerStore(Database database)
{
    private const int Page = 1000;

    // Properties, not parameters: of an expression without any row SQLite knows no type.
    private sealed record ReplyRow
    {
        public required string State { get; init; }
        public long? ReplyCode { get; init; }
        public string? ReplyStatus { get; init; }
        public required long Count { get; init; }
        public string? Example { get; init; }
    }

    private sealed record WorkerRow
    {
        public required string Name { get; init; }
        public required long Claims { get; init; }
        public required long Until { get; init; }
    }

    private sealed record LineRow(long SubscriberId, string Address, string State, long Attempt, long? ReplyCode, string? ReplyStatus, string? ReplyWords, long StateAt, string? Revision, string Variant);

    /// <summary>What servers said, of all that was not sent and not only waits: the most frequent first.</summary>
    public Task<IReadOnlyList<ReplyGroup>> RepliesAsync(EditionId edition, CancellationToken ct) => database.ReadAsync<IReadOnlyList<ReplyGroup>>(async connection =>
        (await connection.QueryAsync<ReplyRow>("""
            select state, reply_code, reply_status, count(*) as count, min(reply_words) as example from deliveries
            where edition_id = @Value and state in ('failed', 'deferred', 'in doubt', 'skipped')
            group by state, reply_code, reply_status, case when reply_code is null then reply_words end
            order by count(*) desc, state, reply_code, reply_status
            """, edition)).Select(row => new ReplyGroup(SendingWords.ReadDelivery(row.State), (int?)row.ReplyCode, row.ReplyStatus, row.Count, row.Example ?? "")).ToList(), ct);

    /// <summary>Who holds claims, and until when.</summary>
    public Task<IReadOnlyList<WorkerClaims>> WorkersAsync(EditionId edition, CancellationToken ct) => database.ReadAsync<IReadOnlyList<WorkerClaims>>(async connection =>
        (await connection.QueryAsync<WorkerRow>("""
            select claimed_by as name, count(*) as claims, min(claimed_until) as until from deliveries where edition_id = @Value and state = 'claimed' group by claimed_by order by claimed_by
            """, edition)).Select(row => new WorkerClaims(row.Name, row.Claims, row.Until.Instant())).ToList(), ct);

    /// <summary>How many deliveries got which text of the issue: those that were sent, for others have only been offered it.</summary>
    public Task<IReadOnlyDictionary<string, long>> RevisionsAsync(EditionId edition, CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<string, long>>(async connection =>
        (await connection.QueryAsync<(string Revision, long Count)>("select revision, count(*) from deliveries where edition_id = @Value and state = 'sent' and revision is not null group by revision order by revision", edition))
            .ToDictionary(row => row.Revision, row => row.Count), ct);

    /// <summary>The deliveries that are meant, by subscriber; a page at a time, so that their number costs no memory.</summary>
    public async IAsyncEnumerable<LedgerLine> ListAsync(EditionId edition, DeliveryFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            var page = await PageAsync(edition, filter, after, ct);
            foreach (var line in page)
                yield return line;
            if (page.Count < Page)
                yield break;
            after = page[^1].Subscriber.Value;
        }
    }

    private Task<List<LedgerLine>> PageAsync(EditionId edition, DeliveryFilter filter, long after, CancellationToken ct) => database.ReadAsync(async connection =>
        // The page first, then its people: joined at once, PostgreSQL merges with all subscribers from the first on, for every page again.
        (await connection.QueryAsync<LineRow>($"""
            select d.subscriber_id, s.address, d.state, d.attempt, d.reply_code, d.reply_status, d.reply_words, d.state_at, d.revision, d.variant
            from (select * from deliveries d where d.edition_id = @Value and d.subscriber_id > @after{filter.Sql} order by d.subscriber_id limit @count) d
            join subscribers s on s.id = d.subscriber_id order by d.subscriber_id
            """, filter.Names(edition.Value, after: after, count: Page))).Select(LineOf).ToList(), ct);

    private static LedgerLine LineOf(LineRow row) => new(
        new(row.SubscriberId), row.Address, SendingWords.ReadDelivery(row.State), row.Attempt, (int?)row.ReplyCode, row.ReplyStatus, row.ReplyWords, row.StateAt.Instant(), row.Revision, row.Variant);
}
