using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Storage;

/// <summary>What came back of one reader, as the policy asks for it.</summary>
internal static class Bounces
{
    /// <summary>More than a policy can still weigh.</summary>
    private const int Most = 100;

    internal sealed record Row
    {
        public required long EditionId { get; init; }
        public required long At { get; init; }
        public required string Reason { get; init; }
        public required string Permanence { get; init; }
        public required string Confidence { get; init; }
        public required string Phrase { get; init; }
        public required string Evidence { get; init; }
        public long? ReturnedMailId { get; init; }
        public long? IncidentId { get; init; }
        public string? IncidentState { get; init; }

        public BounceEvent ToEvent() => new(new(EditionId), At.Instant(), VerdictOf(Reason, Permanence, Confidence, Phrase), Evidence)
        {
            ReturnedMail = ReturnedMailId, Incident = IncidentId, IsExcused = IncidentState is "open" or "undone",
        };
    }

    /// <summary>A verdict as the store has it.</summary>
    public static BounceVerdict VerdictOf(string reason, string permanence, string confidence, string phrase) => new(BounceReasons.Read(reason) ?? BounceReason.Other,
        permanence switch { "permanent" => Permanence.Permanent, "transient" => Permanence.Transient, _ => Permanence.Unknown }, phrase)
    {
        Confidence = Enum.Parse<Confidence>(confidence, ignoreCase: true),
    };

    /// <summary>All that the policy asks.</summary>
    /// <param name="database">Which of the two.</param>
    /// <param name="connection">Open.</param>
    /// <param name="transaction">The caller's; null where it only looks.</param>
    /// <param name="subscriber">Who.</param>
    /// <param name="policy">Says when a letter has stayed.</param>
    /// <param name="now">When it is asked.</param>
    public static async Task<ReaderHistory> HistoryAsync(Database database, DbConnection connection, DbTransaction? transaction, SubscriberId subscriber, BouncePolicy policy, DateTimeOffset now)
    {
        var rows = (await connection.QueryAsync<Row>("""
            select b.edition_id, b.at, b.reason, b.permanence, b.confidence, b.phrase, b.evidence, b.returned_mail_id, b.incident_id, i.state as incident_state
            from bounces b left join incidents i on i.id = b.incident_id where b.subscriber_id = @Value order by b.at desc, b.edition_id desc limit @Most
            """, new { subscriber.Value, Most = (long)Most }, transaction)).Reverse().ToList();
        if (rows.Count == 0)
            return new([], []);
        var heard = await MailboxStore.HeardUntilAsync(connection, transaction, now); // a letter whose report lies where nobody can look has not stayed
        var names = new { subscriber.Value, since = rows[0].At, before = (heard - policy.StaysAfter).Ms(), block = subscriber.Value / 8192, bit = subscriber.Value % 8192 };
        var stayed = await connection.QueryAsync<long>($"""
            select d.state_at from deliveries d join editions e on e.id = d.edition_id
            where d.subscriber_id = @Value and d.state = 'sent' and e.sandbox = '' and d.state_at > @since and d.state_at <= @before
              and not exists (select 1 from bounces b where b.subscriber_id = d.subscriber_id and b.edition_id = d.edition_id)
            union all
            select e.started_at from editions e join rollup_readers r on r.edition_id = e.id and r.block = @block
            where e.sandbox = '' and e.started_at > @since and e.started_at <= @before and {database.Bit("r.readers", "@bit")} = 1
            """, names, transaction);
        var answered = await connection.QueryAsync<long>("select received_at from returned_mails where subscriber_id = @Value and kind in ('reply', 'delivered') and received_at > @since", names, transaction);
        var probes = (await connection.QueryAsync<(string State, long? SentAt, long? EndedAt)>("select state, sent_at, ended_at from probes where subscriber_id = @Value and sent_at is not null", names, transaction)).ToList();
        var back = await connection.ExecuteScalarAsync<long?>("""
            select max(l.at) from subscriptions_log l left join incidents i on i.id = l.incident_id where l.subscriber_id = @Value and l.state = 'active' and (l.incident_id is null or i.by_hand = 1)
              and l.returned_mail_id is null -- else one mail was read anew: what others told still counts
            """, names, transaction);
        return new([.. rows.Select(row => row.ToEvent())],
            [
                .. stayed.Select(at => new SignOfLife(at.Instant(), LifeSign.LetterStayed)),
                .. answered.Select(at => new SignOfLife(at.Instant(), LifeSign.Answered)),
                .. probes.Where(probe => probe.State is "stayed").Select(probe => new SignOfLife(probe.EndedAt.Instant()!.Value, LifeSign.ProbeStayed)),
            ], back.Instant(), probes.Max(probe => probe.SentAt).Instant());
    }
}
