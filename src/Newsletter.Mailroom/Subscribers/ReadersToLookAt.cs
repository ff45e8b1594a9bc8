using Microsoft.Extensions.Configuration;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>The subscribers for somebody who only looks: no file is made, no schema brought up to date, nothing written.</summary>
public sealed class ReadersToLookAt : IAsyncDisposable
{
    private readonly Database? database;
    private readonly string where;
    private readonly SubscriberStore? store;

    private ReadersToLookAt(Database? database, string where)
    {
        (this.database, this.where) = (database, where);
        // No key: who was erased is not asked for here, and looking must not make a key file.
        store = database is null ? null : new(database, new ErasedAddresses(new KeyRing(0, new Dictionary<byte, byte[]> { [0] = new byte[32] })));
    }

    /// <summary>Nobody, where there is no database yet.</summary>
    /// <exception cref="SettingException">The section <c>Database</c> is not right.</exception>
    public static ReadersToLookAt Open(IConfiguration configuration, PublicationFolder folder)
    {
        var options = configuration.Read<DatabaseOptions>("Database");
        if (options.Provider is DatabaseProvider.Postgres)
            return new(options.ConnectionString.Length > 0 ? Wiring.Connect(options) : null, "the database");
        if (options.ConnectionString.Length > 0)
            return new(Wiring.Connect(new() { ConnectionString = $"{options.ConnectionString.TrimEnd(';')};Mode=ReadOnly" }), "the database");
        return new(File.Exists(folder.Database) ? new(DatabaseProvider.Sqlite, $"Data Source={folder.Database};Mode=ReadOnly") : null, folder.Database);
    }

    /// <summary>Who has this address, and null for nobody; or in words why the list cannot be read.</summary>
    public async Task<(Profile? Profile, string? Trouble)> FindAsync(EmailAddress address, CancellationToken ct)
    {
        if (store is null)
            return (null, null);
        try
        {
            await database!.CheckAsync(ct);
            return ((await store.FindAsync(address, ct))?.Profile, null);
        }
        catch (Exception e) when (DatabaseTrouble.Explain(e, where) is { } words)
        {
            return (null, words);
        }
    }

    /// <summary>Some addresses to choose from, those who have been with us the longest first; none where the list cannot be read.</summary>
    public async Task<IReadOnlyList<Profile>> FirstAsync(int count, CancellationToken ct)
    {
        if (store is null)
            return [];
        try
        {
            await database!.CheckAsync(ct);
            return await store.ListAsync(SubscriptionState.Active, ct).Where(subscriber => subscriber.Profile is not null).Take(count).Select(subscriber => subscriber.Profile!).ToListAsync(ct);
        }
        catch (Exception e) when (DatabaseTrouble.Explain(e, where) is not null)
        {
            return [];
        }
    }

    public ValueTask DisposeAsync() => database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
