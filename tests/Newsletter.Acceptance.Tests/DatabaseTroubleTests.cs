using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Newsletter.Acceptance.Tests;

/// <summary>The world's faults at the front door: one line that says what and what to do, exit code 3, nothing half-written.</summary>
public sealed class DatabaseTroubleTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    private string Database => folder.File("subscribers", "newsletter.db");

    [Test]
    public async Task A_locked_database_is_said_and_nothing_of_the_list_is_in()
    {
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org");
        await using var other = new SqliteConnection($"Data Source={Database};Pooling=false");
        await other.OpenAsync();
        await using var hold = other.BeginTransaction(deferred: false);

        var run = await Newsletter.FeedAsync("email\nbob@example.org\n", "subscribers", "import", "-", "--set", $"Database:ConnectionString=Data Source={Database};Default Timeout=1");

        await hold.RollbackAsync();
        Says(run, "the database is locked by another program");
        Assert.That(Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_database_that_cannot_be_written_is_said()
    {
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org");

        var run = await Newsletter.RunAsync("subscribers", "add", "bob@example.org", "--set", $"Database:ConnectionString=Data Source={Database};Mode=ReadOnly");

        Says(run, "the database cannot be written");
        Assert.That(Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_database_whose_file_this_user_may_not_write_is_said()
    {
        if (Machine.IsRoot)
            Assert.Ignore("root may write every file");
        await Newsletter.RunAsync("subscribers", "add", "ada@example.org");
        await Machine.RunAsync("chmod", "0400", Database);

        var run = await Newsletter.RunAsync("subscribers", "add", "bob@example.org");

        Says(run, "the database cannot be written");
    }

    [Test]
    public async Task What_is_no_database_is_said_and_left_as_it_is()
    {
        Directory.CreateDirectory(folder.File("subscribers"));
        var text = string.Concat(Enumerable.Repeat("This was a list once. ", 400));
        await File.WriteAllTextAsync(Database, text);

        var run = await Newsletter.RunAsync("subscribers", "list");

        Says(run, "damaged or no SQLite database");
        Assert.That(await File.ReadAllTextAsync(Database), Is.EqualTo(text));
    }

    [Test]
    public async Task A_folder_that_is_a_file_is_said()
    {
        await File.WriteAllTextAsync(folder.File("subscribers"), "in the way");

        var run = await Newsletter.RunAsync("subscribers", "list");

        Assert.That((run.Code, run.ErrorLines.Length), Is.EqualTo((3, 1)));
        Assert.That(run.Errors, Does.Contain(folder.File("subscribers")));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_said_without_the_password()
    {
        var run = await Newsletter.RunAsync("subscribers", "list", "--set", "Database:Provider=Postgres",
            "--set", $"Database:ConnectionString=Host=127.0.0.1;Port={Machine.FreePort().ToString(CultureInfo.InvariantCulture)};Database=news;Username=me;Password=open sesame");

        Says(run, "the server cannot be reached");
        Assert.That(run.Errors, Does.Contain("127.0.0.1").And.Not.Contain("sesame"));
    }

    /// <summary>A disk of two megabytes in a namespace of the test's own, gone with the shell that made it.</summary>
    [Test]
    public async Task A_full_disk_is_said_whole_batches_are_in_and_the_list_again_does_the_rest()
    {
        string[] own = ["unshare", "--map-root-user", "--mount"];
        if (Machine.Find("unshare") is null || (await Newsletter.RunAsync(own[0], [.. own[1..], "mount", "-t", "tmpfs", "tmpfs", folder.Path], "")).Code != 0)
            Assert.Ignore("this machine lets nobody mount a small disk (unshare --map-root-user --mount)");
        Directory.CreateDirectory(folder.File("subscribers"));
        await File.WriteAllTextAsync(folder.File("list.csv"), "email,name\n" + string.Concat(Enumerable.Range(0, 30_000).Select(i => $"reader{i}@example.org,Reader {i}\n")));
        const string Count = "subscribers list 2>/dev/null | wc -l";

        var run = await Newsletter.RunAsync(own[0], [.. own[1..], "sh", "-c", $"""
            mount -t tmpfs -o size=2m tmpfs subscribers || exit 99
            {Newsletter.Command} subscribers import list.csv; echo "exit $?"
            mount -o remount,size=64m subscribers
            {Newsletter.Command} {Count}
            {Newsletter.Command} subscribers import list.csv >/dev/null; echo "exit $?"
            {Newsletter.Command} {Count}
            """], "");

        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(run.ErrorLines, Has.One.Items.And.One.Matches("disk").And.One.Matches("what was committed is safe"), run.Output);
        Assert.That(lines, Has.Length.EqualTo(4), run.Output);
        Assert.That((lines[0], lines[2], lines[3]), Is.EqualTo(("exit 3", "exit 0", "30000")));
        Assert.That(int.Parse(lines[1], CultureInfo.InvariantCulture), Is.LessThan(30_000).And.Matches<int>(count => count % 2000 == 0));
    }

    public void Dispose() => folder.Dispose();

    private static void Says(Ran run, string words)
    {
        Assert.That((run.Code, run.Output, run.ErrorLines.Length), Is.EqualTo((3, "", 1)), run.Errors);
        Assert.That(run.Errors, Does.StartWith("newsletter: ").And.Contain(words));
    }

    private long Count()
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from subscribers";
        return (long)command.ExecuteScalar()!;
    }
}
