using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

public sealed partial class DeliveryStore
{
    /// <summary>On a delivery <c>d</c>: it waits, and its reader is not to be mailed any more.</summary>
    private const string Ended = """
        d.edition_id = @Value and d.state in ('waiting', 'deferred') and d.due_at <= @dueBy
          and exists (select 1 from subscribers s where s.id = d.subscriber_id
                      and (s.state <> 'active' or exists (select 1 from suppressions x where x.address_key = s.address_key)))
        """;

    /// <summary>Deliveries whose reader has left, was suspended or suppressed since the audience was frozen: they are skipped, with the reason.</summary>
    /// <param name="edition">The edition.</param>
    /// <param name="dueBy">Only those that are due by then: all that wait are many to look through.</param>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops before anything is changed.</param>
    public async Task<int> SkipEndedAsync(EditionId edition, DateTimeOffset dueBy, DateTimeOffset now, CancellationToken ct)
    {
        // Found before anything is locked: mostly there is none, and SQLite's one writer would wait for the search.
        var names = new { edition.Value, dueBy = dueBy.Ms() };
        var ended = await database.ReadAsync(async connection => (await connection.QueryAsync<long>($"select d.subscriber_id from deliveries d where {Ended}", names)).AsList(), ct);
        return ended.Count == 0 ? 0 : await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync($"""
            update deliveries set state = 'skipped', state_at = @now, reply_words = (
                select case when s.state <> 'active' then s.state else 'suppressed' end from subscribers s where s.id = subscriber_id)
            where edition_id = @Value and subscriber_id in (
                select d.subscriber_id from deliveries d where d.subscriber_id {database.IsOneOf("@ended")} and {Ended} {database.SkipLocked})
            """, new { names.Value, names.dueBy, now = now.Ms(), ended = database.Many(ended) }, transaction), ct);
    }
}
