using System.Data.Common;
using System.Diagnostics;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>The disk of database and journal is full in the middle of an edition: a small file system of its own, which root alone can mount.</summary>
public sealed class DiskFaultTests
{
    private const int Readers = 60;

    private readonly TemporaryFolder folder = new();
    private bool isMounted;

    [SetUp]
    public void Mount_a_small_disk()
    {
        if (Run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder.Path) is var (code, words) && code != 0)
            Assert.Ignore($"no small disk can be mounted here: {words}");
        isMounted = true;
    }

    [TearDown]
    public void Unmount_it()
    {
        if (isMounted)
            Run("umount", "--lazy", folder.Path);
        folder.Dispose();
    }

    [Test]
    public async Task A_full_disk_ends_the_run_with_that_fault_and_with_room_again_the_next_run_completes_it()
    {
        await using var database = new Database(DatabaseProvider.Sqlite, $"Data Source={folder.File("newsletter.db")}");
        await database.MigrateAsync(CancellationToken.None);
        var house = new FaultHouse(database, folder.File("journals"));
        await using var server = new LoopbackSmtp { Script = moment => Fill(moment is { Stage: LoopbackStage.Sender, Kept: >= 7 }) };
        await house.StartAsync(readers: Readers);

        await using var dispatcher = house.Dispatcher(SendingHome.Relay(server, connections: 2));
        var fault = (await Assert.CatchAsync<DbException>(() => house.SendAsync(dispatcher, () => { }, CancellationToken.None)))!;
        server.Script = _ => null;
        File.Delete(folder.File("ballast"));
        await house.SendAsync(dispatcher, () => { }, CancellationToken.None);

        Assert.That(DatabaseTrouble.Explain(fault, "newsletter.db"), Does.Contain("disk").And.Contains("what was committed is safe"));
        await house.AssertItAddsUpAsync(server.Letters);
    }

    private LoopbackAnswer? Fill(bool now)
    {
        if (now)
            try
            {
                using var ballast = File.OpenWrite(folder.File("ballast"));
                while (true)
                    ballast.Write(new byte[4096]);
            }
            catch (IOException)
            {
                // Full.
            }
        return null;
    }

    private static (int Code, string Words) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var words = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, words);
    }
}
