using System.Data.Common;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>The disk of database and journal is full in the middle of an edition: a small file system of its own, which root alone can mount.</summary>
public sealed class DiskFaultTests
{
    private const int Readers = 60;

    private SmallDisk disk = null!;

    [SetUp]
    public void Mount_a_small_disk() => disk = new("3m");

    [TearDown]
    public void Unmount_it() => disk?.Dispose();

    [Test]
    public async Task A_full_disk_ends_the_run_with_that_fault_and_with_room_again_the_next_run_completes_it()
    {
        await using var database = new Database(DatabaseProvider.Sqlite, $"Data Source={disk.File("newsletter.db")}");
        await database.MigrateAsync(CancellationToken.None);
        var house = new FaultHouse(database, disk.File("journals"));
        await using var server = new LoopbackSmtp { Script = moment => Fill(moment is { Stage: LoopbackStage.Sender, Kept: >= 7 }) };
        await house.StartAsync(readers: Readers);

        await using var dispatcher = house.Dispatcher(SendingHome.Relay(server, connections: 2));
        var fault = (await Assert.CatchAsync<DbException>(() => house.SendAsync(dispatcher, () => { }, CancellationToken.None)))!;
        server.Script = _ => null;
        disk.MakeRoom();
        await house.SendAsync(dispatcher, () => { }, CancellationToken.None);

        Assert.That(DatabaseTrouble.Explain(fault, "newsletter.db"), Does.Contain("disk").And.Contains("what was committed is safe"));
        await house.AssertItAddsUpAsync(server.Letters);
    }

    private LoopbackAnswer? Fill(bool now)
    {
        if (now)
            disk.Fill();
        return null;
    }
}
