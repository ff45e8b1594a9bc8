using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Acceptance.Tests;

/// <summary>An import that is killed again and again: started anew it goes on, and at the end everybody is in once, as if nothing had been.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ImportKillTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private const int Rows = 300_000;
    private const int Bad = 1000;
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("NEWSLETTER_TEST_IMPORT_KILLS") ?? "5", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder folder = new();

    [Test]
    public async Task No_row_is_lost_or_doubled()
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}, {Kills} kills");
        var random = new Random(seed);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new { Database = new { Provider = Home.Provider.ToString(), Home.ConnectionString } }));
        // Every third row of the list's last part is an address of its first.
        await File.WriteAllLinesAsync(folder.File("list.csv"), ["email,name,city", .. Enumerable.Range(0, Rows).Select(i => i % (Rows / Bad) == 0 ? "nobody,," : $"r{(i > 290_000 && i % 3 == 0 ? i - 290_000 : i)}@example.org,Reader {i},Bonn")]);
        var program = new TheProgram(folder.Path);
        var whole = Stopwatch.StartNew();

        var (killed, seen) = (0, new HashSet<long>());
        for (var limit = 3000; killed < Kills; seen.Add(await CountAsync()))
            if (await RunUntilAsync(killed % 2 == 0 && await CountAsync() is < Rows * 9 / 10 and var before ? MoreAreInAsync(before) : Task.Delay(random.Next(300, limit))))
                killed++;
            else // it came to its end: a new import of the same list begins, over people who are known
                limit = Math.Max(limit * 3 / 4, 400);
        var last = await program.RunAsync("subscribers", "import", "list.csv", "--json");

        await TestContext.Out.WriteLineAsync($"{killed} kills, {string.Join(", ", seen)} in after them, {whole.Elapsed}");
        var tally = JsonDocument.Parse(last.Output).RootElement;
        Assert.That(seen.Any(count => count is > 0 and < Rows * 9 / 10), "killed half-way at least once");
        Assert.That(await CountAsync(), Is.EqualTo(Expected()));
        Assert.That((tally.GetProperty("rows").GetInt64(), tally.GetProperty("bad").GetInt64()), Is.EqualTo((Rows, Bad)));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    private static long Expected() =>
        Enumerable.Range(0, Rows).Where(i => i % (Rows / Bad) != 0).Select(i => i > 290_000 && i % 3 == 0 ? i - 290_000 : i).Distinct().Count();

    private async Task<long> CountAsync() =>
        (await new SubscriberStore(Database, new(new KeyRing(0, new Dictionary<byte, byte[]> { [0] = new byte[32] }))).CountAsync(CancellationToken.None)).Values.Sum();

    private async Task MoreAreInAsync(long than)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(20) && await CountAsync() <= than;)
            await Task.Delay(20);
    }

    /// <summary>False where it ended before.</summary>
    private async Task<bool> RunUntilAsync(Task moment)
    {
        using var import = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path, "subscribers", "import", folder.File("list.csv")])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var output = Task.WhenAll(import.StandardError.ReadToEndAsync(), import.StandardOutput.ReadToEndAsync());
        await Task.WhenAny(import.WaitForExitAsync(), moment);
        var ended = import.HasExited;
        import.Kill();
        await import.WaitForExitAsync();
        await output;
        return !ended;
    }
}
