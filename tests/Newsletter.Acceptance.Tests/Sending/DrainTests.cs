using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>A process that is told to stop while the relay has a letter and has not answered.</summary>
[TestFixture("send")]
[TestFixture("serve")]
public sealed class DrainTests(string verb) : IDisposable
{
    private const int Readers = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();
    private readonly TaskCompletionSource inHand = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim answer = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [Test]
    public async Task The_letter_in_hand_is_finished_the_others_are_given_back_and_nobody_gets_two()
    {
        await using var relay = new LoopbackSmtp { Script = Hold };
        using var process = await StartAsync(relay, "Sending:DrainFor=00:01:00");

        await StopAsync(process);
        await GivenBackAsync();
        answer.Set();
        var end = await EndAsync(process);
        var status = await StatusAsync();
        var kept = relay.Letters.Count;
        relay.Script = static _ => null;
        var rest = await Newsletter.RunAsync("send", "1", "--now");

        Assert.That((end.Code, rest.Code), Is.EqualTo((verb is "send" ? 4 : 0, 0)), end.Errors);
        Assert.That((status.GetProperty("sent").GetInt32(), status.GetProperty("waiting").GetInt32()), Is.EqualTo((kept, Readers - kept)));
        Assert.That(kept, Is.InRange(1, 2));
        Assert.That(relay.Letters.Select(letter => letter.To.Single()).Distinct().Count(), Is.EqualTo(relay.Letters.Count).And.EqualTo(Readers));
    }

    [Test]
    public async Task A_relay_that_does_not_answer_in_time_is_left_with_a_word_and_its_letter_goes_again()
    {
        await using var relay = new LoopbackSmtp { Script = Stall };
        using var process = await StartAsync(relay, "Sending:DrainFor=00:00:00.5");

        await StopAsync(process);
        var end = await EndAsync(process);
        relay.Script = static _ => null;
        var rest = await Newsletter.RunAsync("send", "1", "--now");

        Assert.That((end.Code, rest.Code), Is.EqualTo((4, 0)), end.Errors);
        Assert.That(end.Errors, Does.Contain("newsletter: stopped with letters still on the wire").And.Not.Contain("Exception"));
        Assert.That(relay.Letters.Select(letter => letter.To.Single()).Distinct().Count(), Is.EqualTo(Readers));
    }

    [TestCase("TERM", 143)]
    [TestCase("INT", 130)]
    public async Task A_second_signal_ends_it_at_once(string signal, int code)
    {
        if (signal is "INT")
            Machine.NeedCtrlC();
        await using var relay = new LoopbackSmtp { Script = Stall };
        using var process = await StartAsync(relay, "Sending:DrainFor=00:10:00");

        await StopAsync(process);
        await Machine.RunAsync("kill", "-s", signal, $"{process.Id}");

        Assert.That((await EndAsync(process)).Code, Is.EqualTo(code));
    }

    public void Dispose()
    {
        answer.Set();
        folder.Dispose();
        answer.Dispose();
    }

    private LoopbackAnswer? Hold(LoopbackMoment moment)
    {
        if (moment.Stage is LoopbackStage.Letter)
        {
            inHand.TrySetResult();
            answer.Wait(Patience);
        }
        return null;
    }

    private LoopbackAnswer.Stall? Stall(LoopbackMoment moment)
    {
        if (moment.Stage is not LoopbackStage.Letter)
            return null;
        inHand.TrySetResult();
        return new LoopbackAnswer.Stall();
    }

    /// <summary>Starts the sender and waits until the relay has its first letter.</summary>
    private async Task<Process> StartAsync(LoopbackSmtp relay, string setting)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: \"#1 - 1 May 2026\"\ndate: 2026-05-01\n---\n\nHello.\n");
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email", .. Enumerable.Range(0, Readers).Select(i => $"reader{i}@example.com")]);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Weekly", FromAddress = "news@weekly.test", PostalAddress = "1 Mill Lane", BaseUrl = "https://weekly.test" },
            Relays = new[] { new { Host = "127.0.0.1", relay.Port, Security = "None", Connections = 1 } },
        }));
        Assert.That((await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"))).Code, Is.Zero);
        if (verb is "serve")
            Assert.That((await Newsletter.RunAsync("schedule", "1", "--at", "+0s")).Code, Is.Zero);
        string[] arguments = verb is "serve" ? ["serve", "--urls", "http://127.0.0.1:0"] : ["send", "1", "--now"];
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path, "--set", setting, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        await inHand.Task.WaitAsync(Patience);
        return process;
    }

    /// <summary>The first signal, and that it was heard.</summary>
    private static async Task StopAsync(Process process)
    {
        await Machine.RunAsync("kill", "-s", "TERM", $"{process.Id}");
        while (await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (line.StartsWith("Stopping: letters in hand are finished", StringComparison.Ordinal))
                return;
        Assert.Fail("it ended without a word");
    }

    /// <summary>While the relay has not answered yet, all but the letter in hand wait for whoever comes.</summary>
    private async Task GivenBackAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={folder.File("subscribers", "newsletter.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from deliveries where state = 'claimed'";
        Assert.That(() => (long)command.ExecuteScalar()!, Is.EqualTo(1).After(60).Seconds.PollEvery(20));
    }

    private static async Task<(int Code, string Errors)> EndAsync(Process process)
    {
        var errors = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, errors);
    }

    private async Task<JsonElement> StatusAsync() => JsonDocument.Parse((await Newsletter.RunAsync("status", "1", "--json")).Output).RootElement;
}
