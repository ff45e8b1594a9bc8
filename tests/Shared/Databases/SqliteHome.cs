using Microsoft.Data.Sqlite;
using Newsletter.Storage;

namespace Newsletter.Testing;

/// <summary>A real SQLite file in a temporary folder.</summary>
public sealed class SqliteHome : IDatabaseHome
{
    private const string Name = "newsletter.db";

    // Migrated once for all tests, as PostgresHome does: a copy takes a fraction of the time.
    private static readonly Lazy<Task<TemporaryFolder>> Template = new(BuildTemplateAsync);

    private readonly TemporaryFolder folder = new();

    public DatabaseProvider Provider => DatabaseProvider.Sqlite;

    public string ConnectionString => Connect(File);

    /// <summary>The database's file.</summary>
    public string File => folder.File(Name);

    public async Task BuildAsync(bool migrated = true)
    {
        if (migrated)
            System.IO.File.Copy((await Template.Value).File(Name), File);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>At the end of the run.</summary>
    public static async Task EndAsync()
    {
        if (Template.IsValueCreated)
            (await Template.Value).Dispose();
    }

    private static async Task<TemporaryFolder> BuildTemplateAsync()
    {
        var template = new TemporaryFolder();
        // Disposed of before the first copy is made: the last connection to close brings the write-ahead log into the file.
        await using var database = new Database(DatabaseProvider.Sqlite, Connect(template.File(Name)));
        await database.MigrateAsync(CancellationToken.None);
        return template;
    }

    private static string Connect(string file) => new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString;
}
