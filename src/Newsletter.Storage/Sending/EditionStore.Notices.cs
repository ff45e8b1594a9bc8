using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>A mail that the editor is to get about an edition.</summary>
public sealed record Notice(long Id, EditionId Edition, DateTimeOffset At, string Subject, string Words);

/// <summary>Editions that a threshold stops, and the mails that tell the editor so: both in one transaction, so that none is stopped in silence.</summary>
public sealed partial class EditionStore
{
    private sealed record NoticeRow(long Id, long EditionId, long At, string Subject, string Words);

    /// <summary>What came back of an edition so far.</summary>
    public Task<CameBack> CameBackAsync(EditionId edition, CancellationToken ct) => database.ReadAsync(async connection => new CameBack(
        await connection.ExecuteScalarAsync<long>("select count(*) from deliveries where edition_id = @Value and state = 'failed'", edition),
        await connection.ExecuteScalarAsync<long>("""
            select count(distinct r.subscriber_id) from returned_mails r join deliveries d on d.edition_id = r.edition_id and d.subscriber_id = r.subscriber_id
            where r.edition_id = @Value and r.kind = 'bounce' and d.state <> 'failed'
            """, edition),
        await connection.ExecuteScalarAsync<long>("select count(distinct subscriber_id) from returned_mails where edition_id = @Value and kind = 'complaint'", edition)), ct);

    /// <summary>Stops a running edition for a threshold; false where it does not run, or this threshold has stopped it before.</summary>
    public Task<bool> AlarmAsync(EditionId edition, Alarm alarm, string subject, string words, DateTimeOffset now, CancellationToken ct) => TellAsync(edition, database.WriteAsync(async transaction =>
    {
        if (!await PauseAsync(transaction, edition, alarm.Words, "state = 'running' and alarms || ' ' not like '%' || @alarm || ' %'", now, $" {alarm.Kind}"))
            return false;
        await TellEditorAsync(transaction, edition, subject, words, now);
        return true;
    }, ct));

    /// <summary>Pauses an edition for which a condition holds, by no person's hand; false where it does not.</summary>
    internal static async Task<bool> PauseAsync(DbTransaction transaction, EditionId edition, string reason, string condition, DateTimeOffset now, string alarm = "") =>
        await transaction.Connection!.ExecuteAsync($"""
            update editions set state = 'paused', state_at = @now, state_reason = @reason, by_person = 0, goes_on_at = null, alarms = alarms || @alarm where id = @Value and ({condition})
            """, new { edition.Value, reason, alarm, now = now.Ms() }, transaction) > 0;

    /// <summary>Puts down what the editor is to be told by mail.</summary>
    internal static Task<int> TellEditorAsync(DbTransaction transaction, EditionId edition, string subject, string words, DateTimeOffset now) => transaction.Connection!.ExecuteAsync(
        "insert into notices (edition_id, at, subject, words, due) select id, @now, @subject, @words, @now from editions where id = @Value", new { edition.Value, subject, words, now = now.Ms() }, transaction);

    /// <summary>Takes the next notice that is due about an edition of this sandbox (empty: one for readers), for so long: nobody else takes it until then. Null where none is due.</summary>
    public Task<Notice?> ClaimNoticeAsync(string sandbox, DateTimeOffset now, TimeSpan lease, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<NoticeRow>($"""
            update notices set due = @until where id = (
                select d.id from notices d where d.due <= @now and exists (select 1 from editions e where e.id = d.edition_id and e.sandbox = @sandbox)
                order by d.due, d.id limit 1 {database.SkipLocked})
            returning id, edition_id, at, subject, words
            """, new { sandbox, now = now.Ms(), until = (now + lease).Ms() }, transaction) is { } row ? new Notice(row.Id, new(row.EditionId), row.At.Instant(), row.Subject, row.Words) : null, ct);

    /// <summary>It is with the relay now.</summary>
    public Task NoticeSentAsync(long id, DateTimeOffset at) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("update notices set due = null, sent_at = @at where id = @id", new { id, at = at.Ms() }, transaction), CancellationToken.None);
}
