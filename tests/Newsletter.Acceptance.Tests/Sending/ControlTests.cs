using System.Diagnostics;
using System.Text.Json;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>A person's hand on an edition that goes out: <c>send --now</c> in one process, <c>pause</c> and the like in another.</summary>
public sealed class ControlTests : IDisposable
{
    private const int Readers = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [Test]
    public async Task Send_and_status_end_with_the_tally_as_one_line_of_json()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Recipient, To: "reader7@example.com" } ? new LoopbackAnswer.Reply("550 5.1.1 unknown") : null };
        await SetUpAsync(server);
        await Newsletter.RunAsync("subscribers", "unsubscribe", "reader8@example.com");

        var send = await Newsletter.RunAsync("send", "1", "--now", "--json");
        var again = await Newsletter.RunAsync("send", "1", "--now", "--json");
        var status = await Newsletter.RunAsync("status", "1", "--json");

        Assert.That((send.Code, again.Code, status.Code), Is.EqualTo((0, 0, 0)), send.Errors);
        foreach (var run in new[] { send, again, status })
        {
            var tally = JsonDocument.Parse(run.Output).RootElement;
            Assert.That(new[] { "edition", "candidates", "excluded", "sent", "deferred", "failed", "skipped", "inDoubt", "waiting" }.Select(name => tally.GetProperty(name).GetInt64()),
                Is.EqualTo(new long[] { 1, 60, 1, 58, 0, 1, 0, 0, 0 }));
            Assert.That(tally.GetProperty("seconds").GetDouble(), Is.Not.Negative);
        }
        Assert.That(server.Letters, Has.Count.EqualTo(58));
        Assert.That(again.Errors, Does.Contain("nothing is sent twice"));
    }

    [Test]
    public async Task A_pause_ends_a_send_with_4_and_its_reason_and_after_resume_the_rest_goes_once()
    {
        var said = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Sender, Kept: >= 3 } ? new LoopbackAnswer.WaitFor(said.Task) : null };
        await SetUpAsync(server);

        using var sending = Start("send", "1", "--now", "--set", "Relays:0:Rate=5");
        var errors = sending.StandardError.ReadToEndAsync();
        await server.WaitForLettersAsync(3);
        var pause = await Newsletter.RunAsync("pause", "--why", "wrong link");
        said.SetResult();
        await sending.WaitForExitAsync().WaitAsync(Patience);
        var blocked = await Newsletter.RunAsync("send", "1", "--now");
        var status = JsonDocument.Parse((await Newsletter.RunAsync("status", "--json")).Output).RootElement;
        var kept = server.Letters.Count;
        var resume = await Newsletter.RunAsync("resume");
        var rest = await Newsletter.RunAsync("send", "1", "--now", "--json");

        Assert.That((pause.Code, sending.ExitCode, blocked.Code, resume.Code, rest.Code), Is.EqualTo((0, 4, 4, 0, 0)), await errors);
        Assert.That(await errors, Does.Contain("is paused: wrong link").And.Contain("newsletter resume 1"));
        Assert.That((status.GetProperty("sent").GetInt32(), status.GetProperty("waiting").GetInt32()), Is.EqualTo((kept, Readers - kept)));
        Assert.That(kept, Is.LessThan(Readers));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(server.Letters.Count).And.EqualTo(Readers));
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public async Task A_send_that_is_stopped_ends_with_4_and_the_next_one_finishes_with_nothing_lost_and_nothing_twice(string signal)
    {
        if (signal is "INT")
            Machine.NeedCtrlC();
        var said = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Sender, Kept: >= 3 } ? new LoopbackAnswer.WaitFor(said.Task) : null };
        await SetUpAsync(server);

        using var sending = Start("send", "1", "--now", "--set", "Relays:0:Rate=5");
        var errors = sending.StandardError.ReadToEndAsync();
        await server.WaitForLettersAsync(3);
        await Machine.RunAsync("kill", $"-{signal}", $"{sending.Id}");
        said.SetResult();
        await sending.WaitForExitAsync().WaitAsync(Patience);
        var status = JsonDocument.Parse((await Newsletter.RunAsync("status", "--json")).Output).RootElement;
        var kept = server.Letters.Count;
        var rest = await Newsletter.RunAsync("send", "1", "--now", "--json");

        Assert.That((sending.ExitCode, rest.Code), Is.EqualTo((4, 0)), await errors);
        Assert.That(await errors, Does.Contain("newsletter: stopped").And.Not.Contain("Exception"));
        Assert.That((status.GetProperty("sent").GetInt32(), status.GetProperty("waiting").GetInt32()), Is.EqualTo((kept, Readers - kept)));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(server.Letters.Count).And.EqualTo(Readers));
    }

    [Test]
    public async Task A_cancelled_edition_makes_way_for_another_that_leaves_out_who_has_it_already()
    {
        var said = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Sender, Kept: >= 3 } ? new LoopbackAnswer.WaitFor(said.Task) : null };
        await SetUpAsync(server);

        using var sending = Start("send", "1", "--now", "--set", "Relays:0:Rate=5");
        await server.WaitForLettersAsync(3);
        var cancel = await Newsletter.RunAsync("cancel");
        said.SetResult();
        await sending.WaitForExitAsync().WaitAsync(Patience);
        var kept = server.Letters.Count;
        var anew = await Newsletter.RunAsync("send", "1", "--now", "--json");

        Assert.That((cancel.Code, sending.ExitCode, anew.Code), Is.EqualTo((0, 4, 0)), anew.Errors);
        Assert.That(JsonDocument.Parse(anew.Output).RootElement.GetProperty("excluded").GetInt32(), Is.EqualTo(kept));
        Assert.That(server.Letters.Select(letter => letter.To.Single()).Distinct().Count(), Is.EqualTo(server.Letters.Count).And.EqualTo(Readers));
    }

    [Test]
    public async Task A_second_send_of_a_sent_issue_says_that_nothing_is_sent_twice_and_nothing_of_what_lint_would_say()
    {
        await using var server = new LoopbackSmtp();
        await SetUpAsync(server);
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: A title\n---\n\n![](https://example.org/a.png)\n\n[click here](https://example.org/)\n");

        var first = await Newsletter.RunAsync("send", "1", "--now");
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: A title\nstatus: draft\n---\n\n{{ nonsense }}\n");
        var again = await Newsletter.RunAsync("send", "1", "--now");

        Assert.That(first.Errors, Does.Contain("0001.md:"), "the first one has something for lint to say");
        Assert.That((again.Code, again.ErrorLines.Length), Is.EqualTo((0, 1)), again.Errors);
        Assert.That(again.Errors, Does.StartWith("This issue was sent as edition 1 on ").And.Contain("nothing is sent twice"));
    }

    [TestCase("2099-12-01 08:30", 0)]
    [TestCase("2099-12-01T08:30", 0)]
    [TestCase("2099-12-01T08:30+01:00", 0)]
    [TestCase("2099-12-01T08:30Z", 0)]
    [TestCase("+2h", 0)]
    [TestCase("+1.5d", 0)]
    [TestCase("2020-01-01 08:30", 2)]
    [TestCase("2099-13-01 08:30", 2)]
    [TestCase("tomorrow", 2)]
    [TestCase("+2w", 2)]
    [TestCase("+", 2)]
    [TestCase("", 2)]
    public async Task Schedule_takes_a_time_in_these_forms_and_says_how_to_write_one(string at, int code)
    {
        await using var server = new LoopbackSmtp();
        await WriteAsync(server);

        var schedule = await Newsletter.RunAsync("schedule", "1", "--at", at);

        Assert.That(schedule.Code, Is.EqualTo(code), schedule.Errors);
        Assert.That(code == 0 ? schedule.Output : schedule.Errors, code == 0 ? Does.StartWith("Edition 1, ") : Does.StartWith($"newsletter: --at {at}: write a time to come"));
        Assert.That(schedule.ErrorLines, Has.Length.EqualTo(1));
    }

    public void Dispose() => folder.Dispose();

    private async Task SetUpAsync(LoopbackSmtp server)
    {
        await WriteAsync(server);
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, Readers).Select(i => $"reader{i}@example.com,Reader {i}")]);
        await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"));
    }

    private async Task WriteAsync(LoopbackSmtp server)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello {{ subscriber.name | default: \"you\" }}.\n");
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
            Relays = new[] { new { Host = "127.0.0.1", server.Port, Security = "None" } },
        }));
    }

    private Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "newsletter.dll"), "--root", folder.Path, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path,
        })!;
}
