using System.Data.Common;
using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>Editions that were cancelled while letters of them were in a worker's hands: who gets one of those is not known until they are settled.</summary>
public sealed partial class EditionStore
{
    /// <summary>Those that were cancelled and have letters in hand.</summary>
    public Task<IReadOnlyList<EditionId>> CancelledInHandAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<EditionId>>(async connection =>
        (await connection.QueryAsync<long>("select e.id from editions e where e.state = 'cancelled' and exists (select 1 from deliveries d where d.edition_id = e.id and d.state = 'claimed') order by e.id"))
            .Select(id => new EditionId(id)).ToList(), ct);

    /// <summary>Waits for claims of cancelled editions of the issue that began before the cancel and are not committed yet: no snapshot would show them. Before the snapshot, therefore in a transaction of its own.</summary>
    private Task<int> ClaimsOfCancelledAsync(EditionId id, CancellationToken ct) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync($"""
        select id from editions where state = 'cancelled' and id <> @Value and issue_slug = (select issue_slug from editions where id = @Value) order by id {database.ForUpdate}
        """, id, transaction), ct);

    /// <summary>Whether a cancelled edition of the issue has letters in hand: freed a moment later, their readers would get it from neither. The edition says that it waits for them.</summary>
    private static async Task<bool> IsInHandAsync(DbTransaction transaction, EditionId id)
    {
        if (await transaction.Connection!.ExecuteScalarAsync<long?>("""
            select min(e.id) from editions e join editions mine on mine.id = @Value
            where e.issue_slug = mine.issue_slug and e.id <> mine.id and e.state = 'cancelled' and e.sandbox = '' and mine.sandbox = ''
              and exists (select 1 from deliveries d where d.edition_id = e.id and d.state = 'claimed')
            """, id, transaction) is not { } other)
            return false;
        await transaction.Connection!.ExecuteAsync("update editions set state_reason = @words where id = @Value and state in ('scheduled', 'held') and state_reason <> @words",
            new { id.Value, words = $"letters of edition {other}, which was cancelled, are in hand still; this one starts when they are settled" }, transaction);
        return true;
    }
}
