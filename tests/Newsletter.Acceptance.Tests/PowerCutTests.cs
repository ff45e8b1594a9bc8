using System.Diagnostics;
using System.Text.Json;
using Newsletter.Acceptance.Tests.Servers;

namespace Newsletter.Acceptance.Tests;

/// <summary>
/// A machine loses its power, as far as a test can: sender and database are killed together, and what nobody asked the disk to keep is gone, the
/// journal before all. Nobody is missed, and only what the ledger was behind goes twice: at most two groups of results.
/// </summary>
/// <remarks>The databases ask for each commit, so that what they have written stands; a commit under way at that moment is found by the kill and would be lost by a cut.</remarks>
public sealed class PowerCutTests
{
    private const int Readers = 4000;
    private const int Cuts = 4;
    private const int Connections = 4;
    private const int Window = 2000; // docs/architecture.md

    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public Task Over_SQLite_nobody_is_missed_and_only_what_the_ledger_was_behind_goes_twice() => GoThroughAsync("", () => Task.CompletedTask, () => Task.CompletedTask);

    [Test]
    public async Task Over_PostgreSQL_nobody_is_missed_and_only_what_the_ledger_was_behind_goes_twice()
    {
        await using var postgres = await MortalPostgres.StartAsync();
        await GoThroughAsync(postgres.ConnectionString, postgres.KillAsync, postgres.RiseAsync);
    }

    private async Task GoThroughAsync(string postgres, Func<Task> kill, Func<Task> rise)
    {
        await using var server = new LoopbackSmtp();
        var (seed, program) = (Random.Shared.Next(), new TheProgram(folder.Path));
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await SetUpAsync(server.Port, postgres);
        Assert.That((await program.RunAsync("subscribers", "import", folder.File("readers.csv"))).Code, Is.Zero);

        var random = new Random(seed);
        var (behind, sent) = (0, 0);
        foreach (var kept in Enumerable.Range(0, Cuts).Select(_ => random.Next(Readers / 10, Readers * 9 / 10)).Order().ToList())
        {
            var before = server.Letters.Count;
            await SendUntilAsync(server, kept);
            await kill();
            Directory.Delete(folder.File("subscribers", "journal"), recursive: true);
            await rise();
            var known = await SentAsync(program);
            var lost = server.Letters.Count - before - (known - sent);
            await TestContext.Out.WriteLineAsync($"cut at {server.Letters.Count}: of {server.Letters.Count - before} letters the ledger has {known - sent}");
            Assert.That(lost, Is.InRange(0, Window + Connections));
            (behind, sent) = (behind + lost, known);
        }
        server.Script = static _ => null;
        var last = await program.RunAsync("send", "1", "--now", "--json");

        var byReader = server.Letters.GroupBy(letter => letter.To.Single()).ToDictionary(group => group.Key, group => group.Select(letter => letter.MessageId).ToList());
        var doubles = server.Letters.Count - byReader.Count;
        await TestContext.Out.WriteLineAsync($"{doubles} doubles after {Cuts} cuts, the ledger having been {behind} behind in all");
        Assert.That(last.Code, Is.Zero, last.Errors);
        Assert.That(await SentAsync(program), Is.EqualTo(Readers));
        Assert.That(byReader.Keys, Is.EquivalentTo(Enumerable.Range(0, Readers).Select(Reader)));
        Assert.That(behind, Is.Positive, "a cut that loses nothing shows nothing");
        Assert.That(doubles, Is.LessThanOrEqualTo(behind));
        Assert.That(byReader.Values.Select(ids => ids.Distinct().Count()), Has.All.EqualTo(1));
    }

    private static async Task<int> SentAsync(TheProgram program) =>
        JsonDocument.Parse((await program.RunAsync("status", "1", "--json")).Output).RootElement.GetProperty("sent").GetInt32();

    /// <summary>Kills the sender as the server has kept so many letters and one more is on its way.</summary>
    private async Task SendUntilAsync(LoopbackSmtp server, int kept)
    {
        using var sender = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path, "send", "1", "--now"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var output = Task.WhenAll(sender.StandardError.ReadToEndAsync(), sender.StandardOutput.ReadToEndAsync());
        var killed = 0;
        server.Script = moment =>
        {
            if (moment.Kept >= kept && Interlocked.Exchange(ref killed, 1) == 0)
                sender.Kill();
            return null;
        };
        await sender.WaitForExitAsync();
        Assert.That(killed, Is.EqualTo(1), string.Concat(await output));
    }

    private async Task SetUpAsync(int port, string postgres)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: \"#1 - 1 May 2026\"\ndate: 2026-05-01\n---\n\nHello {{ subscriber.name | default: \"you\" }}.\n");
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, Readers).Select(i => $"{Reader(i)},Reader {i}")]);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Weekly", FromAddress = "news@weekly.test", PostalAddress = "1 Mill Lane", BaseUrl = "https://weekly.test" },
            Database = postgres.Length > 0 ? (object)new { Provider = "Postgres", ConnectionString = postgres } : new { Provider = "Sqlite" },
            Relays = new[] { new { Host = "127.0.0.1", Port = port, Security = "None", Connections } },
            Sending = new { ClaimFor = "00:00:05" },
        }));
    }

    private static string Reader(int i) => $"reader{i}@readers.test";
}
