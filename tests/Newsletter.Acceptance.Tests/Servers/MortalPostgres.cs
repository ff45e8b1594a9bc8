using Npgsql;

namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A PostgreSQL server of one test, to be killed and started again over the same files. It keeps what it committed, since here the program dies and not the machine.</summary>
internal sealed class MortalPostgres : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private ServerProcess? server;

    private string Data => folder.File("data");

    private string Socket => folder.File("s");

    /// <summary>How Npgsql reaches it, whoever runs it.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder { Host = Socket, Username = "postgres", Database = "postgres", MaxPoolSize = 20, Timeout = 5 }.ConnectionString;

    public static async Task<MortalPostgres> StartAsync()
    {
        if (PostgresCluster.Missing is { } reason)
            Assert.Ignore(reason);
        var postgres = new MortalPostgres();
        await PostgresCluster.GiveAsync(postgres.folder.Path);
        string[] initdb = [.. PostgresCluster.AsOwner, PostgresCluster.Program("initdb"), "--pgdata", postgres.Data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"];
        await Machine.RunAsync(initdb[0], initdb[1..]);
        await postgres.RiseAsync();
        return postgres;
    }

    /// <summary>Ends it at once, as <c>pg_ctl stop -m immediate</c>: no connection is closed in order, nothing is written any more.</summary>
    public async Task KillAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = null;
    }

    /// <summary>Starts it again; it recovers from its log first.</summary>
    public async Task RiseAsync()
    {
        Directory.CreateDirectory(Socket); // it goes with the server
        await PostgresCluster.GiveAsync(Socket);
        server = await ServerProcess.StartAsync(Socket, "ready to accept connections", "QUIT",
            [.. PostgresCluster.AsOwner, PostgresCluster.Program("postgres"), "-D", Data, "-k", Socket, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "fsync=off"]);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await KillAsync();
        folder.Dispose();
    }
}
