using System.Data.Common;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>A batch that became counts.</summary>
/// <param name="Deliveries">How many.</param>
/// <param name="Last">The last subscriber among them: the next batch begins behind.</param>
public readonly record struct RolledUp(int Deliveries, SubscriberId Last);

/// <summary>Turns the ordinary deliveries of old editions into counts, a batch in a transaction: at any moment rows and counts together are all of them.</summary>
/// <remarks>What someone may ask about stays a row: failed, in doubt, claimed, and whatever a mail came back for (but a machine's note).</remarks>
public sealed class RollupStore(Database database)
{
    /// <summary>Domains with fewer readers of an edition than this are counted together: a row each would grow with the list, and might name a person.</summary>
    public const int FewReaders = 10;

    private const int BlockBits = 8192;

    private sealed record Row(long SubscriberId, string State);

    /// <summary>Whether a worker that gives signs of life has letters in hand.</summary>
    public Task<bool> IsSendingAsync(DateTimeOffset now, CancellationToken ct) => database.ReadAsync(async connection => await connection.ExecuteScalarAsync<long>("""
        select count(*) from editions e where e.state = 'running' and exists (select 1 from deliveries d where d.edition_id = e.id and d.state = 'claimed' and d.claimed_until >= @now)
        """, new { now = now.Ms() }) > 0, ct);

    /// <summary>The oldest edition that ended before a time and still has all its rows; null where there is none.</summary>
    public Task<EditionId?> NextAsync(DateTimeOffset endedBefore, CancellationToken ct) => database.ReadAsync(async connection =>
        await connection.ExecuteScalarAsync<long?>("""
            select min(id) from editions where state in ('complete', 'cancelled') and started_at is not null and rolled_up_at is null and coalesce(completed_at, state_at) < @before
            """, new { before = endedBefore.Ms() }) is { } id ? new EditionId(id) : (EditionId?)null, ct);

    /// <summary>Turns up to <paramref name="count"/> deliveries into counts. None: the edition is through, and marked so.</summary>
    /// <param name="edition">One that has ended; of any other nothing is done.</param>
    /// <param name="after">The last subscriber of the batch before; 0: from the first.</param>
    /// <param name="count">The most.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<RolledUp> RollUpAsync(EditionId edition, SubscriberId after, int count, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        // Locked: two at a time would write the same counts, and a retry must not set it running under our hands.
        if (await connection.ExecuteScalarAsync<long?>($"select id from editions where id = @Value and state in ('complete', 'cancelled') and rolled_up_at is null {database.ForChange}", edition, transaction) is null)
            return default;
        var rows = (await connection.QueryAsync<Row>("""
            delete from deliveries where edition_id = @Value and subscriber_id in (
                select d.subscriber_id from deliveries d
                where d.edition_id = @Value and d.subscriber_id > @after and d.state in ('sent', 'skipped', 'waiting', 'deferred')
                  and not exists (select 1 from returned_mails r where r.subscriber_id = d.subscriber_id and r.edition_id = d.edition_id and r.kind not in ('auto-reply', 'delayed', 'delivered'))
                order by d.subscriber_id limit @count)
            returning subscriber_id, state
            """, new { edition.Value, after = after.Value, count }, transaction)).OrderBy(row => row.SubscriberId).ToList();
        if (rows.Count == 0)
        {
            await EndAsync(transaction, edition, now);
            return default;
        }
        await CountAsync(transaction, edition, rows);
        await KeepReadersAsync(transaction, edition, rows.Where(row => row.State == DeliveryState.Sent.Word()));
        return new RolledUp(rows.Count, new(rows[^1].SubscriberId));
    }, ct);

    /// <summary>How many deliveries of an edition are counts by now, by state and the readers' domain; the largest first.</summary>
    public Task<IReadOnlyList<(DeliveryState State, string Domain, long Deliveries)>> CountsAsync(EditionId edition, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<(DeliveryState, string, long)>>(async connection =>
            (await connection.QueryAsync<(string State, string Domain, long Deliveries)>("select state, domain, deliveries from rollups where edition_id = @Value order by deliveries desc, state, domain", edition))
                .Select(row => (SendingWords.ReadDelivery(row.State), row.Domain, row.Deliveries)).ToList(), ct);

    private async Task CountAsync(DbTransaction transaction, EditionId edition, List<Row> rows)
    {
        var ids = new { edition.Value, ids = database.Many(rows.Select(row => row.SubscriberId)) };
        await transaction.Connection!.ExecuteAsync($"delete from attempts where edition_id = @Value and subscriber_id {database.IsOneOf("@ids")}", ids, transaction);
        var domains = (await transaction.Connection!.QueryAsync<(long Id, string Key)>($"select id, address_key from subscribers where id {database.IsOneOf("@ids")}", ids, transaction))
            .ToDictionary(person => person.Id, person => DomainOf(person.Key));
        var counts = rows.GroupBy(row => (row.State, Domain: domains[row.SubscriberId]));
        await transaction.Connection!.ExecuteAsync($"""
            insert into rollups (edition_id, state, domain, deliveries)
            select @Value, r.value ->> 'State', r.value ->> 'Domain', cast(r.value ->> 'Count' as bigint) from {database.Elements("@counts")} where true
            on conflict (edition_id, state, domain) do update set deliveries = rollups.deliveries + excluded.deliveries
            """, new { edition.Value, counts = JsonSerializer.Serialize(counts.Select(group => new { group.Key.State, group.Key.Domain, Count = group.LongCount() })) }, transaction);
    }

    /// <summary>Empty where the person had themselves forgotten: the key is a mark without a domain then.</summary>
    private static string DomainOf(string key) => key.LastIndexOf('@') is >= 0 and var at ? key[(at + 1)..] : "";

    private static async Task KeepReadersAsync(DbTransaction transaction, EditionId edition, IEnumerable<Row> sent)
    {
        foreach (var block in sent.GroupBy(row => row.SubscriberId / BlockBits, row => (int)(row.SubscriberId % BlockBits)))
        {
            var names = new { edition.Value, block = block.Key };
            var readers = await transaction.Connection!.ExecuteScalarAsync<byte[]?>("select readers from rollup_readers where edition_id = @Value and block = @block", names, transaction) ?? new byte[BlockBits / 8];
            foreach (var bit in block)
                readers[bit / 8] |= (byte)(1 << (bit % 8));
            await transaction.Connection!.ExecuteAsync("""
                insert into rollup_readers (edition_id, block, readers) values (@Value, @block, @readers) on conflict (edition_id, block) do update set readers = excluded.readers
                """, new { edition.Value, block = block.Key, readers }, transaction);
        }
    }

    private static async Task EndAsync(DbTransaction transaction, EditionId edition, DateTimeOffset now) => await transaction.Connection!.ExecuteAsync("""
        insert into rollups (edition_id, state, domain, deliveries)
        select edition_id, state, '', sum(deliveries) from rollups where edition_id = @Value and domain <> '' and deliveries < @FewReaders group by edition_id, state
        on conflict (edition_id, state, domain) do update set deliveries = rollups.deliveries + excluded.deliveries;
        delete from rollups where edition_id = @Value and domain <> '' and deliveries < @FewReaders;
        update editions set rolled_up_at = @now where id = @Value;
        """, new { edition.Value, FewReaders, now = now.Ms() }, transaction);
}
