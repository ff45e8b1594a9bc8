using Dapper;
using Newsletter.Addresses;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A reader who is suspended, or at risk of it.</summary>
/// <param name="Subscriber">Who.</param>
/// <param name="Address">Their address.</param>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Evidence">What the server said; from outside.</param>
/// <param name="Edition">By which edition; null for none.</param>
/// <param name="ReturnedMail">The report's row; null where the relay said it.</param>
public sealed record SuspensionLine(SubscriberId Subscriber, string Address, DateTimeOffset At, string Reason, string Evidence, EditionId? Edition, long? ReturnedMail);

/// <summary>A probe as a person reads it.</summary>
public sealed record ProbeLine(DateTimeOffset MadeAt, DateTimeOffset? SentAt, DateTimeOffset? EndedAt, string State, string Words);

/// <summary>Why an address is in its state: what came back, the arithmetic, the probes.</summary>
public sealed record ReaderBounces(BounceScore Score, IReadOnlyList<ProbeLine> Probes);

/// <summary>Who is suspended for bounces, who is at risk, and why.</summary>
public sealed class SuspensionStore(Database database, BouncePolicy? policy = null)
{
    private readonly BouncePolicy policy = policy ?? BouncePolicy.Usual;

    private sealed record Row
    {
        public required long Id { get; init; }
        public required string Address { get; init; }
        public required long At { get; init; }
        public required string Reason { get; init; }
        public required string Evidence { get; init; }
        public long? EditionId { get; init; }
        public long? ReturnedMailId { get; init; }

        public SuspensionLine ToLine() => new(new(Id), Address, At.Instant(), Reason, Evidence, EditionId is { } edition ? new EditionId(edition) : null, ReturnedMailId);
    }

    private sealed record ProbeRow
    {
        public required long MadeAt { get; init; }
        public long? SentAt { get; init; }
        public long? EndedAt { get; init; }
        public required string State { get; init; }
        public required string Words { get; init; }
    }

    /// <summary>Who is suspended, by number, after one.</summary>
    public Task<IReadOnlyList<SuspensionLine>> ListAsync(SuspensionQuestion question, SubscriberId after, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<SuspensionLine>>(async connection =>
        (await connection.QueryAsync<Row>($"""
            select s.id, s.address, l.at, l.reason, l.evidence, l.edition_id, l.returned_mail_id {Suspended}{question.Sql} 
            and s.id > @after order by s.id limit @count
            """, question.Names(after.Value, count))).Select(row => row.ToLine()).ToList(), ct);

    /// <summary>How many are suspended.</summary>
    public Task<long> CountAsync(SuspensionQuestion question, CancellationToken ct) => database.ReadAsync(connection =>
        connection.ExecuteScalarAsync<long>($"select count(*) {Suspended}{question.Sql}", question.Names(0, 0)), ct);

    /// <summary>Who is at risk just now: still mailed, and the score is at the warning or above. By number, after one; a page may be shorter than asked for, and the last one is empty.</summary>
    public Task<IReadOnlyList<(SuspensionLine Line, BounceScore Score)>> AtRiskAsync(SubscriberId after, int count, DateTimeOffset now, CancellationToken ct) => database.ReadAsync<IReadOnlyList<(SuspensionLine, BounceScore)>>(async connection =>
    {
        var found = new List<(SuspensionLine, BounceScore)>();
        for (var last = after.Value; ;)
        {
            var rows = (await connection.QueryAsync<(long Id, string Address, long Since)>("""
                select s.id, s.address, r.since from risks r join subscribers s on s.id = r.subscriber_id where s.state in ('active', 'paused', 'pending') and s.id > @last order by s.id limit @count
                """, new { last, count = (long)count })).ToList();
            foreach (var (id, address, since) in rows)
            {
                last = id;
                var score = policy.Score(await Bounces.HistoryAsync(database, connection, null, new(id), policy, now), now);
                if (score.Value < policy.WarnAt)
                    continue;
                var newest = score.Lines[^1].Bounce;
                found.Add((new(new(id), address, since.Instant(), $"score {score.Words}", newest.Evidence, newest.Edition, newest.ReturnedMail), score));
                if (found.Count == count)
                    return found;
            }
            if (rows.Count == 0)
                return found;
        }
    }, ct);

    /// <summary>What came back of one reader, the arithmetic as of a time, and the probes.</summary>
    public Task<ReaderBounces> OfAsync(SubscriberId subscriber, DateTimeOffset now, CancellationToken ct) => database.ReadAsync(async connection => new ReaderBounces(
        policy.Score(await Bounces.HistoryAsync(database, connection, null, subscriber, policy, now), now),
        (await connection.QueryAsync<ProbeRow>("select made_at, sent_at, ended_at, state, words from probes where subscriber_id = @Value order by id", subscriber))
            .Select(row => new ProbeLine(row.MadeAt.Instant(), row.SentAt.Instant(), row.EndedAt.Instant(), row.State, row.Words)).ToList()), ct);

    /// <summary>Gives one reader back: only where bounces suspended them, so neither a complaint nor the reader's own leaving. A second call changes nothing and says so.</summary>
    public Task<ChangeOutcome> UndoAsync(SubscriberId subscriber, string why, string by, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<string>($"select state from subscribers where id = @Value {database.ForUpdate}", subscriber, transaction) switch
        {
            null => ChangeOutcome.NobodyThere,
            "suspended" => await Standings.ChangeAsync(database, transaction, subscriber, new(SubscriptionState.Active, why, Actor.Undo, at, by)),
            "active" => ChangeOutcome.AlreadySo,
            _ => ChangeOutcome.NotAllowed,
        }, ct);

    internal const string Suspended = """
        from subscribers s join subscriptions_log l on l.id = (select max(x.id) from subscriptions_log x where x.subscriber_id = s.id and x.state = 'suspended')
        where s.state = 'suspended'
        """;
}
