using System.Data.Common;
using Dapper;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>The database is held by somebody else in the middle of an edition.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DatabaseFaultTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private const int Readers = 40;

    private FaultHouse House => field ??= new(Database);

    [Test]
    public async Task A_lock_that_is_given_up_in_time_is_waited_for()
    {
        await using var server = new LoopbackSmtp();
        await House.StartAsync(readers: Readers);
        var holding = new Lazy<Task>(() => HoldAsync(Task.Delay(TimeSpan.FromMilliseconds(300))));
        server.Script = moment => FromTheFifthOn(moment, holding);

        await House.SendAsync(SendingHome.Relay(server, connections: 2));
        await holding.Value;

        await House.AssertItAddsUpAsync(server.Letters);
    }

    /// <summary>Who waits for PostgreSQL waits a minute for a server that is away or overloaded; SQLite's patience is that of its lock.</summary>
    [Test]
    public async Task A_lock_past_the_patience_loses_no_result_and_the_edition_completes_once_it_is_given_up()
    {
        await using var hasty = new Database(Home.Provider, Home.ConnectionString + (Home.Provider is DatabaseProvider.Sqlite ? ";Default Timeout=1" : ";Command Timeout=1"));
        await using var server = new LoopbackSmtp();
        await House.StartAsync(readers: Readers);
        var over = new TaskCompletionSource();
        var holding = new Lazy<Task>(() => HoldAsync(Home.Provider is DatabaseProvider.Sqlite ? over.Task : Task.Delay(TimeSpan.FromMilliseconds(1500))));
        server.Script = moment => FromTheFifthOn(moment, holding);
        await using var dispatcher = new SendingHome(hasty, House.Clock).Dispatcher(SendingHome.Quick(batch: 3), SendingHome.Relay(server, connections: 2));

        if (Home.Provider is DatabaseProvider.Sqlite)
            Assert.That(async () => await House.SendAsync(dispatcher, () => { }, CancellationToken.None), Throws.InstanceOf<DbException>());
        over.SetResult();
        await House.SendAsync(dispatcher, () => { }, CancellationToken.None);
        await holding.Value;

        await House.AssertItAddsUpAsync(server.Letters);
    }

    private static LoopbackAnswer? FromTheFifthOn(LoopbackMoment moment, Lazy<Task> holding)
    {
        if (moment is { Stage: LoopbackStage.Sender, Kept: >= 5 })
            _ = holding.Value;
        return null;
    }

    /// <summary>Has the lock when it returns.</summary>
    private Task HoldAsync(Task over)
    {
        var connection = Database.OpenAsync(CancellationToken.None).GetAwaiter().GetResult();
        connection.Execute(Home.Provider is DatabaseProvider.Sqlite ? "begin immediate" : "begin; lock table deliveries in exclusive mode");
        return ReleaseAsync(connection, over);
    }

    private static async Task ReleaseAsync(DbConnection connection, Task over)
    {
        await over;
        await connection.ExecuteAsync("rollback");
        await connection.DisposeAsync();
    }
}
