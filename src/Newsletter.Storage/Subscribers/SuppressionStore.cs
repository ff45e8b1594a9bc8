using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A line of the list of those who get no mail.</summary>
/// <param name="Key">The address' comparison key; of an erased person a mark that names nobody.</param>
/// <param name="Suppression">Why, by whom, when.</param>
public sealed record SuppressedAddress(string Key, Suppression Suppression);

/// <summary>What became of taking a bar away.</summary>
public enum LiftOutcome
{
    /// <summary>The address is barred no more; a standing that ended stays ended.</summary>
    Lifted,
    /// <summary>It was not barred.</summary>
    NotBarred,
    /// <summary>The address is that of an erased person: only they come back.</summary>
    Erased,
}

/// <summary>The list of addresses that get no mail whoever asks.</summary>
public sealed class SuppressionStore(Database database, ErasedAddresses erased)
{
    private const int Page = 1000;

    private sealed record Row(string AddressKey, string Reason, long At, string Actor, string Evidence)
    {
        public SuppressedAddress ToLine() => new(AddressKey, new(Enum.Parse<SuppressionReason>(Reason, ignoreCase: true), Enum.Parse<Actor>(Actor, ignoreCase: true), At.Instant(), Evidence));
    }

    /// <summary>All, in order of their keys; read in pages.</summary>
    public async IAsyncEnumerable<SuppressedAddress> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = ""; ;)
        {
            var last = after;
            var rows = (await database.ReadAsync(connection => connection.QueryAsync<Row>(
                $"select address_key, reason, at, actor, evidence from suppressions where address_key > @last order by address_key limit {Page}", new { last }), ct)).AsList();
            foreach (var row in rows)
                yield return row.ToLine();
            if (rows.Count < Page)
                yield break;
            after = rows[^1].AddressKey;
        }
    }

    /// <summary>Bars many addresses and ends their subscriptions, all or nothing; who is barred already stays so for the first reason, and of an erased person's no name is written down.</summary>
    /// <returns>How many are barred that were not.</returns>
    public Task<int> AddAsync(IReadOnlyList<EmailAddress> addresses, Suppression suppression, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var added = 0;
        foreach (var address in addresses.DistinctBy(address => address.Key).OrderBy(address => address.Key, StringComparer.Ordinal))
        {
            var subscriber = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("select id from subscribers where address_key = @Key", new { address.Key }, transaction);
            if (subscriber is null && await IsErasedAsync(transaction, address))
                continue;
            if (subscriber is { } id)
                await Standings.ChangeAsync(database, transaction, new(id), new(SubscriptionState.Unsubscribed, "suppressed", suppression.Actor, suppression.At, suppression.Evidence));
            added += await Standings.SuppressAsync(transaction, address, suppression) ? 1 : 0;
        }
        return added;
    }, ct);

    /// <summary>Takes away what bars an address, where that is no erased person's, and notes it with its subscriber.</summary>
    public Task<LiftOutcome> RemoveAsync(EmailAddress address, SubscriberNote note, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await transaction.Connection!.ExecuteAsync("delete from suppressions where address_key = @Key and reason <> 'erased'", new { address.Key }, transaction) == 0)
            return await IsErasedAsync(transaction, address) ? LiftOutcome.Erased : LiftOutcome.NotBarred;
        await transaction.Connection!.ExecuteAsync("insert into notes (subscriber_id, at, author, words) select id, @at, @Author, @Words from subscribers where address_key = @Key",
            new { address.Key, at = note.At.Ms(), note.Author, note.Words }, transaction);
        return LiftOutcome.Lifted;
    }, ct);

    private async Task<bool> IsErasedAsync(DbTransaction transaction, EmailAddress address) => await transaction.Connection!.ExecuteScalarAsync<long>(
        $"select count(*) from suppressions where address_key {database.IsOneOf("@marks")}", new { marks = database.Many(erased.Marks(address)) }, transaction) > 0;
}
