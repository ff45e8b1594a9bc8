using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Newsletter.Acceptance.Tests.BadInput;

/// <summary>The world fails while letters are in flight: one line and exit code 3, and once it is mended the same command reaches everybody.</summary>
public sealed class TroubleWhileSendingTests : IDisposable
{
    private const int Readers = 2000;
    private const int Connections = 4;
    private readonly APublication publication = new();

    /// <summary>The disk has room for the frozen audience and some of the ledger's log: it is full when a few hundred letters have gone.</summary>
    [Test]
    public async Task A_disk_that_fills_up_under_the_database_costs_nobody_a_letter_and_no_more_go_twice_than_were_in_flight()
    {
        await using var server = new LoopbackSmtp();
        var send = $"{publication.Newsletter.Command} send 5 --now --json --set Relays:0:Host=127.0.0.1 --set Relays:0:Port={server.Port} --set Relays:0:Security=None --set Relays:0:Connections={Connections}";

        var run = await OnASmallDiskAsync("subscribers", $"""
            mount -o remount,size=$(( $(df -k subscribers | awk 'END {"{ print $3 }"}') + 1200 ))k subscribers
            {send} 2>&3; echo "exit $?"
            mount -o remount,size=64m subscribers
            {send}; echo "exit $?"
            """);

        Assert.That(run.Lines, Has.Length.EqualTo(3), run.Said);
        Assert.That((run.Lines[0], run.Lines[2]), Is.EqualTo(("exit 3", "exit 0")), run.Said);
        SaysOnce(run, publication.Database, "disk", "try again: what was committed is safe");
        AddsUp(run.Lines[1]);
        await TestContext.Out.WriteLineAsync($"{server.Letters.Count - Readers} doubles over {Connections} connections");
        Assert.That(server.Letters.GroupBy(letter => letter.To.Single()).Select(copies => copies.Select(copy => copy.MessageId).Distinct().Count()), Has.Exactly(Readers).Items.And.All.EqualTo(1));
        Assert.That(server.Letters.Count - Readers, Is.InRange(0, Connections));
        Assert.That(server.Letters.Select(letter => letter.Connection).Distinct().Count(), Is.GreaterThan(Connections), "both runs sent");
    }

    /// <summary>The folder pauses the edition, since no waiting makes room.</summary>
    [Test]
    public async Task A_disk_that_fills_up_under_the_pickup_folder_pauses_and_leaves_no_half_letter()
    {
        var run = await OnASmallDiskAsync("outbox", $"""
            mount -o remount,size=1m outbox
            {publication.Newsletter.Command} send 5 --now --json 2>&3; echo "exit $?"
            find outbox -type f ! -name '*.eml'; find outbox -type f -size 0
            mount -o remount,size=64m outbox
            {publication.Newsletter.Command} resume 1 >&2
            {publication.Newsletter.Command} send 5 --now --json; echo "exit $?"
            find outbox -name '*.eml' | wc -l
            """);

        Assert.That(run.Lines, Has.Length.EqualTo(5), run.Said);
        Assert.That((run.Lines[1], run.Lines[3], run.Lines[4]), Is.EqualTo(("exit 3", "exit 0", Readers.ToString(CultureInfo.InvariantCulture))), run.Said);
        SaysOnce(run, "outbox", "No space left on device", "make room on that disk", "newsletter resume 1");
        var tally = JsonDocument.Parse(run.Lines[0]).RootElement;
        Assert.That((tally.GetProperty("state").GetString(), tally.GetProperty("failed").GetInt32(), tally.GetProperty("sent").GetInt32() + tally.GetProperty("waiting").GetInt32()), Is.EqualTo(("paused", 0, Readers)));
        AddsUp(run.Lines[2]);
    }

    /// <summary>Another program takes the lock between two letters and keeps it for longer than the sender waits.</summary>
    [Test]
    public async Task A_database_that_another_program_locks_meanwhile_is_said_and_nobody_is_missed()
    {
        await publication.AddReadersAsync(40);
        await using var server = new LoopbackSmtp();
        await using var other = new SqliteConnection($"Data Source={publication.Database};Pooling=false");
        SqliteTransaction? hold = null;
        server.Script = moment =>
        {
            lock (other)
                if (moment is { Stage: LoopbackStage.Letter, Kept: >= 10 } && hold is null)
                {
                    other.Open();
                    hold = other.BeginTransaction(deferred: false);
                }
            return null;
        };
        string[] relay = ["--set", "Relays:0:Host=127.0.0.1", "--set", $"Relays:0:Port={server.Port}", "--set", "Relays:0:Security=None", "--set", $"Relays:0:Connections={Connections}"];

        var run = await publication.Newsletter.RunAsync(["send", "5", "--now", .. relay, "--set", $"Database:ConnectionString=Data Source={publication.Database};Default Timeout=1"]);
        await hold!.RollbackAsync();
        var again = await publication.Newsletter.RunAsync(["send", "5", "--now", "--json", .. relay]);

        Assert.That((run.Code, again.Code), Is.EqualTo((3, 0)), run.Errors + again.Errors);
        Assert.That(run.ErrorLines[^1], Does.StartWith("newsletter: ").And.Contain("the database is locked by another program; close it"));
        Assert.That(run.Errors, Does.Not.Contain("   at "));
        Assert.That(server.Letters.GroupBy(letter => letter.To.Single()).Select(copies => copies.Select(copy => copy.MessageId).Distinct().Count()), Has.Exactly(40).Items.And.All.EqualTo(1));
        Assert.That(server.Letters.Count - 40, Is.InRange(0, Connections));
    }

    [TestCase("send", "5", "--now")]
    [TestCase("schedule", "5", "--at", "+2h")]
    public async Task A_database_that_is_locked_is_said_before_anything_is_begun(params string[] command)
    {
        await publication.AddReadersAsync(1);
        await using var other = new SqliteConnection($"Data Source={publication.Database};Pooling=false");
        await other.OpenAsync();
        await using var hold = other.BeginTransaction(deferred: false);

        var run = await publication.Newsletter.RunAsync([.. command, "--set", $"Database:ConnectionString=Data Source={publication.Database};Default Timeout=1"]);

        await hold.RollbackAsync();
        APublication.Says(run, 3, publication.Database, "the database is locked by another program; close it");
        Assert.That((publication.Count("editions"), publication.Everything.Count(path => path.EndsWith(".eml", StringComparison.Ordinal))), Is.EqualTo((0, 0)));
    }

    [TestCase("send", "5", "--now")]
    [TestCase("schedule", "5", "--at", "+2h")]
    public async Task A_database_that_may_only_be_read_is_said_before_anything_is_begun(params string[] command)
    {
        await publication.AddReadersAsync(1);

        var run = await publication.Newsletter.RunAsync([.. command, "--set", $"Database:ConnectionString=Data Source={publication.Database};Mode=ReadOnly"]);

        APublication.Says(run, 3, publication.Database, "the database cannot be written; give this user the right");
        Assert.That((publication.Count("editions"), publication.Everything.Count(path => path.EndsWith(".eml", StringComparison.Ordinal))), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_disk_without_any_room_is_said_by_render_and_the_file_that_was_there_stays()
    {
        await SkipWithoutSmallDisksAsync();
        Directory.CreateDirectory(publication.File("out"));

        var run = await ShellAsync($"""
            mount -t tmpfs -o size=64k tmpfs out || exit 99
            {publication.Newsletter.Command} render issues --out out >&2 || exit 98
            cat out/* | sha256sum
            head -c 100000 /dev/zero >out/filler 2>/dev/null
            {publication.Newsletter.Command} render issues --out out 2>&3; echo "exit $?"
            rm out/filler
            cat out/* | sha256sum
            ls out | wc -l
            """);

        Assert.That(run.Lines, Has.Length.EqualTo(4), run.Said);
        Assert.That((run.Lines[1], run.Lines[2], run.Lines[3]), Is.EqualTo(("exit 3", run.Lines[0], "4")), run.Said);
        SaysOnce(run, publication.File("out"), "No space left on device", "make room on that disk");
    }

    public void Dispose() => publication.Dispose();

    /// <summary>What a shell came to: its lines, what was said where (3 is the descriptor of the command that is looked at).</summary>
    private sealed record Shell(string[] Lines, string[] Errors, string Said);

    /// <summary>Runs the shell's words where a folder of the publication is a disk of its own, with readers and the issue on the schedule.</summary>
    private async Task<Shell> OnASmallDiskAsync(string name, string words)
    {
        await SkipWithoutSmallDisksAsync();
        Directory.CreateDirectory(publication.File(name));
        await File.WriteAllLinesAsync(publication.File("readers.csv"), ["email,name", .. Enumerable.Range(0, Readers).Select(i => $"reader{i}@example.com,Reader {i}")]);
        return await ShellAsync($"""
            mount -t tmpfs -o size=64m tmpfs {name} || exit 99
            {publication.Newsletter.Command} subscribers import readers.csv >&2 || exit 98
            {publication.Newsletter.Command} schedule 5 --at +0s >&2 || exit 97
            {words}
            """);
    }

    /// <summary>In a mount namespace of the test's own: its disks go with the shell.</summary>
    private async Task<Shell> ShellAsync(string words)
    {
        var run = await publication.Newsletter.RunAsync("unshare", ["--map-root-user", "--mount", "sh", "-c", $"exec 3>errors\n{words}"], "");
        var errors = File.Exists(publication.File("errors")) ? await File.ReadAllLinesAsync(publication.File("errors")) : [];
        return new(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), errors, $"{run.Output}\n{run.Errors}\n{string.Join('\n', errors)}");
    }

    private async Task SkipWithoutSmallDisksAsync()
    {
        if (Machine.Find("unshare") is null || (await publication.Newsletter.RunAsync("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", publication.Path], "")).Code != 0)
            Assert.Ignore("this machine lets nobody mount a small disk (unshare --map-root-user --mount)");
    }

    /// <summary>One line of ours, beside those of the progress, and no trace.</summary>
    private static void SaysOnce(Shell run, params string[] words)
    {
        var said = run.Errors.Where(line => line.StartsWith("newsletter: ", StringComparison.Ordinal)).ToList();
        Assert.That(said, Has.One.Items, run.Said);
        foreach (var word in words)
            Assert.That(said[0], Does.Contain(word));
        Assert.That(run.Errors, Has.None.Contains("   at ").And.None.Contains("Exception"));
    }

    private static void AddsUp(string json)
    {
        var tally = JsonDocument.Parse(json).RootElement;
        Assert.That((tally.GetProperty("state").GetString(), tally.GetProperty("candidates").GetInt32(), tally.GetProperty("sent").GetInt32()), Is.EqualTo(("complete", Readers, Readers)));
        Assert.That(new[] { "excluded", "deferred", "failed", "skipped", "inDoubt", "waiting" }.Select(name => tally.GetProperty(name).GetInt32()), Has.All.Zero);
    }
}
