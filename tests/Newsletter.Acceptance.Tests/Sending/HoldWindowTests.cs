using System.Diagnostics;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>Undo send: between <c>send --now</c> and the first letter there is time for a second thought, where one is set.</summary>
public sealed class HoldWindowTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly APublication publication = new();

    [TearDown]
    public void Remove_the_folder() => publication.Dispose();

    [Test]
    public async Task Send_now_starts_by_itself_at_the_end_of_the_window()
    {
        await SetUpAsync();

        var send = await publication.Newsletter.RunAsync("send", "1", "--now", "--set", "Sending:HoldWindow=00:00:02", "--json");

        Assert.That((send.Code, APublication.Tally(send).GetProperty("sent").GetInt32()), Is.EqualTo((0, 3)), send.Errors);
        Assert.That(send.Errors, Does.Contain("Edition 1 is held: starts by itself in ").And.Contain("newsletter cancel 1 undoes it"));
    }

    [TestCase("the command cancel")]
    [TestCase("Ctrl+C")]
    public async Task What_is_undone_in_the_window_sends_nothing_and_leaves_the_issue_free(string how)
    {
        if (how is "Ctrl+C")
            Machine.NeedCtrlC();
        await SetUpAsync();
        using var sending = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec {publication.Newsletter.Command} send 1 --now --set Sending:HoldWindow=00:10:00"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var announced = await sending.StandardError.ReadLineAsync().WaitAsync(Patience);
        var status = await publication.Newsletter.RunAsync("status");

        if (how is "Ctrl+C")
            await Machine.RunAsync("kill", "-INT", $"{sending.Id}");
        else
            Assert.That((await publication.Newsletter.RunAsync("cancel", "--why", "wrong link")).Code, Is.Zero);
        await sending.WaitForExitAsync().WaitAsync(Patience);
        var anew = await publication.Newsletter.RunAsync("send", "1", "--now", "--json");

        Assert.That(announced, Does.Contain("is held: starts by itself in ").And.Contain("undoes it"));
        Assert.That(status.Output, Does.Match(@"1  held +A title: due .* Etc/UTC \(starts by itself in (9 min \d+|10 min 0) s\)"));
        Assert.That(sending.ExitCode, Is.EqualTo(4), await sending.StandardError.ReadToEndAsync());
        Assert.That(Directory.Exists(publication.File("outbox", "1")), Is.False);
        Assert.That((anew.Code, APublication.Tally(anew).GetProperty("edition").GetInt32(), APublication.Tally(anew).GetProperty("sent").GetInt32()), Is.EqualTo((0, 2, 3)), anew.Errors);
    }

    [Test]
    public async Task A_window_that_is_no_time_span_is_told_by_its_key()
    {
        await SetUpAsync();

        APublication.Says(await publication.Newsletter.RunAsync("send", "1", "--now", "--set", "Sending:HoldWindow=soon"), 1, "Sending:HoldWindow is not a time span such as 00:05:00");
        APublication.Says(await publication.Newsletter.RunAsync("send", "1", "--now", "--set", "Sending:HoldWindow=2.00:00:00"), 1, "Sending:HoldWindow");
    }

    private async Task SetUpAsync()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello {{ subscriber.name | default: \"you\" }}.\n");
        await publication.AddReadersAsync(3);
    }
}
