using System.Globalization;
using Npgsql;

namespace Newsletter.Testing;

/// <summary>A private PostgreSQL server, one for a test run: on a Unix socket in a temporary folder, thrown away at the end.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Owner = "postgres";

    private static readonly Lazy<Task<PostgresCluster>> TheOne = new(StartAsync);
    private static int databases;

    private readonly ServerProcess server;
    private readonly string folder;

    private PostgresCluster(ServerProcess server, string folder) => (this.server, this.folder) = (server, folder);

    /// <summary>Why there can be no cluster on this machine, or null.</summary>
    public static string? Missing =>
        Binaries is null ? "PostgreSQL is not installed (tests/install)"
        : !Machine.IsRoot ? null
        : Machine.HasUser(Owner) ? null
        : $"PostgreSQL refuses to run as root, and there is no user {Owner}";

    /// <summary>What has to stand before a command so that PostgreSQL does not run as root.</summary>
    internal static string[] AsOwner => Machine.IsRoot ? ["setpriv", $"--reuid={Owner}", $"--regid={Owner}", "--clear-groups"] : [];

    /// <summary>The full path of one of its programs.</summary>
    internal static string Program(string name) => Path.Combine(Binaries!, name);

    // Debian keeps the programs of each version in a folder of its own, off the PATH.
    private static string? Binaries { get; } =
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        ?? Path.GetDirectoryName(Machine.Find("initdb"));

    /// <summary>The cluster of this run, started by the first that asks; a test that asks where there is none is skipped with the reason.</summary>
    public static Task<PostgresCluster> GetAsync()
    {
        if (Missing is { } reason)
            Assert.Ignore(reason);
        return TheOne.Value;
    }

    /// <summary>Ends the cluster of this run, if one was started.</summary>
    public static async Task EndAsync()
    {
        if (TheOne.IsValueCreated)
            await (await TheOne.Value).DisposeAsync();
    }

    /// <summary>How Npgsql reaches a database of this cluster; good for other processes too, whoever runs them.</summary>
    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = folder, Username = Owner, Database = database, MaxPoolSize = 20 }.ConnectionString;

    /// <summary>A new database with a name of its own, empty or a copy of <paramref name="template"/>, to which nobody may be connected.</summary>
    public async Task<string> CreateDatabaseAsync(string template = "template0")
    {
        var name = "t" + Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync($"create database {name} template {template}");
        return name;
    }

    /// <summary>Removes a database and closes the connections to it.</summary>
    public Task DropDatabaseAsync(string name) => ExecuteAsync($"drop database {name} with (force)");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pg-").FullName;
        await GiveAsync(folder);
        // QUIT ends it at once, connections or not: nothing in it is worth a tidy end. For the same reason it never waits for the disk.
        const string Script = """
            initdb=$0 postgres=$1 folder=$2
            "$initdb" --pgdata "$folder/data" --username postgres --auth trust --encoding UTF8 --locale C --no-sync &&
            exec "$postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=200 \
              -c fsync=off -c synchronous_commit=off -c full_page_writes=off
            """;
        var server = await ServerProcess.StartAsync(folder, "ready to accept connections", "QUIT",
        [
            .. AsOwner, "sh", "-c", Script, Program("initdb"), Program("postgres"), folder,
        ]);
        return new PostgresCluster(server, folder);
    }

    /// <summary>Makes a folder its owner's, which others may walk through.</summary>
    internal static async Task GiveAsync(string folder)
    {
        await Machine.RunAsync("chmod", "0711", folder);
        if (Machine.IsRoot)
            await Machine.RunAsync("chown", Owner, folder);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
