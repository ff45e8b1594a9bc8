using Microsoft.Data.Sqlite;
using Newsletter.Storage;

namespace Newsletter.Testing;

/// <summary>A real SQLite file in a temporary folder.</summary>
public sealed class SqliteHome : IDatabaseHome
{
    private readonly TemporaryFolder folder = new();

    public DatabaseProvider Provider => DatabaseProvider.Sqlite;

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = File }.ConnectionString;

    /// <summary>The database's file.</summary>
    public string File => folder.File("newsletter.db");

    public async Task BuildAsync(bool migrated = true)
    {
        if (!migrated)
            return;
        await using var database = new Database(Provider, ConnectionString);
        await database.MigrateAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
