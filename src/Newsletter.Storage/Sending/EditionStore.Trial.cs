using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>Editions with two subjects: which reader gets which, what they did, and which one the others get.</summary>
public sealed partial class EditionStore
{
    /// <summary>So many rows are marked by one statement.</summary>
    private const int Marked = 10_000;

    private sealed record SignalRow(string Variant, long Sent, long Replies, long Departed, long Complained);

    /// <summary>What the readers of the sample did, by their subject.</summary>
    public Task<(TrialSignals A, TrialSignals B)> SignalsAsync(EditionId id, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var rows = (await connection.QueryAsync<SignalRow>($"""
            select d.variant, count(*) filter (where d.state = 'sent') as sent,
                count(*) filter (where exists (select 1 from returned_mails r where r.edition_id = d.edition_id and r.subscriber_id = d.subscriber_id and r.kind = 'reply')) as replies,
                count(*) filter (where exists (select 1 from subscriptions_log l where l.subscriber_id = d.subscriber_id and l.edition_id = d.edition_id and l.state = 'unsubscribed')) as departed,
                count(*) filter (where exists (select 1 from returned_mails r where r.edition_id = d.edition_id and r.subscriber_id = d.subscriber_id and r.kind = 'complaint')) as complained
            from deliveries d where d.edition_id = @Value and d.wave = {Waves.Sample} group by d.variant
            """, id)).ToDictionary(row => row.Variant, row => new TrialSignals(row.Sent, row.Replies, row.Departed, row.Complained));
        return (rows.GetValueOrDefault(SubjectTrial.A, TrialSignals.None), rows.GetValueOrDefault(SubjectTrial.B, TrialSignals.None));
    }, ct);

    /// <summary>Settles which subject the others get; false where the edition has one alone, or they have it already.</summary>
    /// <param name="id">The edition.</param>
    /// <param name="winner">a or b.</param>
    /// <param name="anew">Whether it counts even where one was chosen before.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<bool> ChooseAsync(EditionId id, string winner, bool anew, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync($"""
            update editions set winner = @winner
            where id = @Value and two_subjects = 1 and (@anew = 1 or winner = '') and state not in ('complete', 'cancelled') and (wave < {Waves.Rest} or between_waves = 1)
            """, new { id.Value, winner, anew = anew ? 1L : 0L }, transaction) > 0, ct);

    /// <summary>Draws the sample among those who are not of the seed group, and marks who gets which subject.</summary>
    private async Task DrawAsync(DbTransaction transaction, EditionId id, double share, long due)
    {
        var readers = (await transaction.Connection!.QueryAsync<long>($"select subscriber_id from deliveries where edition_id = @Value and wave = {Waves.Rest}", id, transaction)).AsList();
        var (a, b) = SubjectTrial.Draw(readers, id, share);
        foreach (var (variant, drawn) in new[] { (SubjectTrial.A, a), (SubjectTrial.B, b) })
            foreach (var part in drawn.Chunk(Marked))
                await transaction.Connection!.ExecuteAsync($"""
                    update deliveries set wave = {Waves.Sample}, variant = @variant, due_at = @due where edition_id = @Value and subscriber_id {database.IsOneOf("@ids")}
                    """, new { id.Value, variant, due, ids = database.Many(part) }, transaction);
    }
}
