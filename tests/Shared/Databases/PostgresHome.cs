using Newsletter.Storage;

namespace Newsletter.Testing;

/// <summary>A database of its own on the private PostgreSQL server of this run.</summary>
public sealed class PostgresHome : IDatabaseHome
{
    // Migrated once for all tests: a copy takes a fraction of the time.
    private static readonly Lazy<Task<string>> Template = new(BuildTemplateAsync);

    private string? database;

    public DatabaseProvider Provider => DatabaseProvider.Postgres;

    public string ConnectionString { get; private set; } = "";

    public async Task BuildAsync(bool migrated = true)
    {
        var cluster = await PostgresCluster.GetAsync();
        database = migrated ? await cluster.CreateDatabaseAsync(await Template.Value) : await cluster.CreateDatabaseAsync();
        ConnectionString = cluster.ConnectionString(database);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
            await (await PostgresCluster.GetAsync()).DropDatabaseAsync(database);
    }

    private static async Task<string> BuildTemplateAsync()
    {
        var cluster = await PostgresCluster.GetAsync();
        var name = await cluster.CreateDatabaseAsync();
        // Disposed of before the first copy is made: PostgreSQL copies no database that someone is connected to.
        await using var template = new Database(DatabaseProvider.Postgres, cluster.ConnectionString(name));
        await template.MigrateAsync(CancellationToken.None);
        return name;
    }
}
