using System.Diagnostics;
using System.Text.Json;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>Limits, hours and a configuration file that is changed while an edition runs, through the front door.</summary>
public sealed class PacingTests : IDisposable
{
    private const int Readers = 80;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [Test]
    public async Task A_changed_file_holds_while_the_edition_runs_and_a_wrong_one_is_said_and_left()
    {
        var seen = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Sender, Kept: >= 3 } ? new LoopbackAnswer.WaitFor(seen.Task) : null };
        await SetUpAsync(new { Host = "127.0.0.1", server.Port, Security = "None", Limits = "5/s, 1000/1h" });

        using var sending = Start("send", "1", "--now");
        await server.WaitForLettersAsync(3);
        await WriteAsync(new { Host = "127.0.0.1", server.Port, Security = "None", Limits = "many" });
        var said = await LineAsync(sending, "not taken");
        seen.SetResult();
        await server.WaitForLettersAsync(server.Letters.Count + 3);
        var slow = server.Letters.Count;
        await WriteAsync(new { Host = "127.0.0.1", server.Port, Security = "None", Limits = "" });
        var rest = sending.StandardError.ReadToEndAsync();
        await sending.WaitForExitAsync().WaitAsync(Patience);

        Assert.That((sending.ExitCode, server.Letters.Count), Is.EqualTo((0, Readers)), await rest);
        Assert.That(said, Does.Contain("Relays:0:Limits").And.Contain("appsettings.json"));
        Assert.That(slow, Is.LessThan(Readers / 2));
    }

    [Test]
    public async Task A_file_that_is_moved_away_while_the_edition_runs_sends_nothing_into_the_folder()
    {
        var seen = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Sender, Kept: >= 3 } ? new LoopbackAnswer.WaitFor(seen.Task) : null };
        await SetUpAsync(new { Host = "127.0.0.1", server.Port, Security = "None", Limits = "5/s" });

        using var sending = Start("send", "1", "--now");
        await server.WaitForLettersAsync(3);
        File.Delete(folder.File("appsettings.json"));
        var said = await LineAsync(sending, "not taken");
        seen.SetResult();
        await server.WaitForLettersAsync(server.Letters.Count + 3);
        await WriteAsync(new { Host = "127.0.0.1", server.Port, Security = "None", Limits = "" });
        var rest = sending.StandardError.ReadToEndAsync();
        await sending.WaitForExitAsync().WaitAsync(Patience);

        Assert.That((sending.ExitCode, server.Letters.Count, Directory.Exists(folder.File("outbox"))), Is.EqualTo((0, Readers, false)), await rest);
        Assert.That(said, Does.Contain("the file is gone"));
    }

    [Test]
    public async Task Outside_the_sending_hours_an_edition_waits_and_status_says_until_when()
    {
        await using var server = new LoopbackSmtp();
        var day = DateTime.UtcNow.AddDays(3).DayOfWeek;
        await SetUpAsync(new { Host = "127.0.0.1", server.Port, Security = "None" }, new { Hours = $"{day} 08:00-20:00", TimeZone = "Europe/Berlin" });

        using var sending = Start("send", "1", "--now");
        var said = await LineAsync(sending, "outside the sending hours");
        var status = await Newsletter.RunAsync("status");
        await Machine.RunAsync("kill", "-TERM", $"{sending.Id}");
        await sending.WaitForExitAsync().WaitAsync(Patience);

        Assert.That(said, Does.Contain($"until {day} 08:00 (Europe/Berlin)"));
        Assert.That(status.Output, Does.Contain("held  hours").And.Contain("outside the sending hours"));
        Assert.That((server.Letters.Count, sending.ExitCode), Is.EqualTo((0, 4)));
    }

    [TestCase("Relays:0:Limits=lots", "Relays:0:Limits")]
    [TestCase("Relays:0:WarmUp:Start=soon", "Relays:0:WarmUp")]
    [TestCase("Domains:0:Match=a@b.example", "Domains:0:Match")]
    [TestCase("Domains:0:Limits=5/s", "Domains:0:Match")]
    [TestCase("Pacing:Hours=daytime", "Pacing:Hours")]
    [TestCase("Pacing:TimeZone=Mars/Olympus", "Pacing:TimeZone")]
    [TestCase("Relays:0:SenderDomains=elsewhere.example", "none takes letters from example.org")]
    public async Task A_setting_that_is_wrong_is_named_before_anything_is_begun(string setting, string named)
    {
        await using var server = new LoopbackSmtp();
        await SetUpAsync(new { Host = "127.0.0.1", server.Port, Security = "None" });

        var send = await Newsletter.RunAsync("send", "1", "--now", "--set", setting);

        Assert.That((send.Code, server.Letters.Count), Is.EqualTo((1, 0)), send.Errors);
        Assert.That(send.Errors, Does.Contain(named));
    }

    public void Dispose() => folder.Dispose();

    private async Task SetUpAsync(object relay, object? pacing = null)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello {{ subscriber.name | default: \"you\" }}.\n");
        await WriteAsync(relay, pacing);
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, Readers).Select(i => $"reader{i}@example.com,Reader {i}")]);
        await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"));
    }

    private Task WriteAsync(object relay, object? pacing = null) => File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
    {
        Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
        Relays = new[] { relay }, Pacing = pacing ?? new { },
    }));

    private static async Task<string> LineAsync(Process process, string part)
    {
        while (await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        throw new InvalidOperationException($"the program ended without a word of {part}");
    }

    private Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path,
        })!;
}
