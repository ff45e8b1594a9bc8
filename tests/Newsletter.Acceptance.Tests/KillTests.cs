using System.Diagnostics;
using System.Text.Json;

namespace Newsletter.Acceptance.Tests;

/// <summary>The sending process is killed, again and again: nobody is missed, and only letters in flight go twice.</summary>
public sealed class KillTests
{
    private const int Readers = 5000;
    private const int Kills = 20;
    private const int Connections = 4;
    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    /// <summary>With Hold, what had begun waits for a person: nobody gets two, and who is in doubt is asked for once more by hand.</summary>
    [Test]
    public async Task Killed_again_and_again_with_letters_in_doubt_held_nobody_gets_two()
    {
        await using var server = new LoopbackSmtp();
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await SetUpAsync(server.Port, new { InDoubt = "Hold" });
        Assert.That((await new TheProgram(folder.Path).RunAsync("subscribers", "import", folder.File("readers.csv"))).Code, Is.Zero);

        foreach (var (kept, stage) in Moments(new Random(seed)).Chunk(5).Select(some => some[0]))
            await RunUntilAsync(server, kept, stage);
        server.Script = _ => null;
        var last = await new TheProgram(folder.Path).RunAsync("send", "1", "--now", "--json");

        var tally = JsonDocument.Parse(last.Output).RootElement;
        var (sent, inDoubt) = (tally.GetProperty("sent").GetInt32(), tally.GetProperty("inDoubt").GetInt32());
        var readers = server.Letters.Select(letter => letter.To.Single()).ToList();
        await TestContext.Out.WriteLineAsync($"{readers.Count} letters, {inDoubt} in doubt after {Kills / 5} kills over {Connections} connections");
        Assert.That(readers, Is.Unique);
        Assert.That((sent + inDoubt, readers.Count), Is.EqualTo((Readers, readers.Count)));
        Assert.That(readers, Has.Count.InRange(sent, Readers), "some of those in doubt had arrived");
        Assert.That(inDoubt, Is.InRange(1, Kills / 5 * Connections));
    }

    [Test]
    public async Task Killed_at_twenty_random_moments_nobody_is_missed_and_no_more_go_twice_than_were_in_flight()
    {
        await using var server = new LoopbackSmtp();
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await SetUpAsync(server.Port);
        Assert.That((await new TheProgram(folder.Path).RunAsync("subscribers", "import", folder.File("readers.csv"))).Code, Is.Zero);

        foreach (var (kept, stage) in Moments(new Random(seed)))
            await RunUntilAsync(server, kept, stage);
        server.Script = _ => null;
        var last = await new TheProgram(folder.Path).RunAsync("send", "1", "--now", "--json");

        var tally = JsonDocument.Parse(last.Output).RootElement;
        var byReader = server.Letters.GroupBy(letter => letter.To.Single()).ToDictionary(group => group.Key, group => group.ToList());
        var doubles = server.Letters.Count - byReader.Count;
        await TestContext.Out.WriteLineAsync($"{server.Letters.Count} letters, {doubles} doubles after {Kills} kills over {Connections} connections");
        Assert.That(last.Code, Is.Zero, last.Errors);
        Assert.That((tally.GetProperty("sent").GetInt32(), tally.GetProperty("waiting").GetInt32()), Is.EqualTo((Readers, 0)));
        Assert.That(byReader.Keys, Is.EquivalentTo(Enumerable.Range(0, Readers).Select(Reader)));
        Assert.That(doubles, Is.LessThanOrEqualTo(Kills * Connections));
        Assert.That(byReader.Values.Select(copies => copies.Select(copy => copy.MessageId).Distinct().Count()), Has.All.EqualTo(1));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(Readers));
    }

    /// <summary>Random letters of the edition, and for each a random stage of a conversation, the worst of them (after the final dot, before the answer) among them.</summary>
    private static IEnumerable<(int Kept, LoopbackStage Stage)> Moments(Random random)
    {
        LoopbackStage[] stages = [LoopbackStage.Greeting, LoopbackStage.Sender, LoopbackStage.Recipient, LoopbackStage.Data, LoopbackStage.Letter];
        return Enumerable.Range(0, Kills).Select(_ => random.Next(Readers - 100)).Order().ToList().Select(kept => (kept, stages[random.Next(stages.Length)]));
    }

    /// <summary>Starts the sender and kills it with SIGKILL when the server has kept so many letters and next sees that stage.</summary>
    private async Task RunUntilAsync(LoopbackSmtp server, int kept, LoopbackStage stage)
    {
        using var sender = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path, "send", "1", "--now"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var output = Task.WhenAll(sender.StandardError.ReadToEndAsync(), sender.StandardOutput.ReadToEndAsync());
        var killed = 0;
        server.Script = moment =>
        {
            // The greeting comes when the connections open, which is at the beginning of a run: any stage will do once the count is reached there.
            if (moment.Kept >= kept && (moment.Stage == stage || stage is LoopbackStage.Greeting) && Interlocked.Exchange(ref killed, 1) == 0)
                sender.Kill();
            return null;
        };
        await sender.WaitForExitAsync();
        var words = await output;
        Assert.That(killed, Is.EqualTo(1), $"it ended by itself at {server.Letters.Count}: {string.Concat(words)}");
    }

    private async Task SetUpAsync(int port, object? sending = null)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: \"#1 - 1 May 2026\"\ndate: 2026-05-01\n---\n\nHello {{ subscriber.name | default: \"you\" }}.\n");
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, Readers).Select(i => $"{Reader(i)},Reader {i}")]);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Weekly", FromAddress = "news@weekly.test", PostalAddress = "1 Mill Lane", BaseUrl = "https://weekly.test" },
            Relays = new[] { new { Host = "127.0.0.1", Port = port, Security = "None", Connections } },
            Sending = sending ?? new { },
        }));
    }

    private static string Reader(int i) => $"reader{i}@readers.test";
}
