namespace Newsletter.Acceptance.Tests.Sending;

/// <summary><c>schedule</c> and <c>send</c> as an editor meets them: what may not go out does not, and is told why.</summary>
public sealed class ScheduleTests : IDisposable
{
    private static readonly string[] Publication =
    [
        "--set", "Publication:Name=Field Notes", "--set", "Publication:FromAddress=editor@example.org",
        "--set", "Publication:PostalAddress=1 Mill Lane", "--set", "Publication:BaseUrl=https://news.example.org",
    ];

    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [TestCase("status: draft", "issues/0001.md:3:", "is a draft")]
    [TestCase("segment: press", "issues/0001.md:3:", "no segment `press`")]
    public async Task An_issue_that_is_a_draft_or_for_a_segment_that_is_not_there_goes_to_nobody(string key, string place, string words)
    {
        await WriteIssueAsync(key);

        var send = await Newsletter.RunAsync(["send", "1", "--now", .. Publication]);
        var schedule = await Newsletter.RunAsync(["schedule", "1", "--at", "+2h", .. Publication]);
        var status = await Newsletter.RunAsync(["status", .. Publication]);

        Assert.That((send.Code, schedule.Code), Is.EqualTo((1, 1)));
        Assert.That(send.Errors, Does.StartWith(place).And.Contain(words));
        Assert.That(schedule.Errors, Is.EqualTo(send.Errors));
        Assert.That(status.Output, Is.Empty);
    }

    [Test]
    public async Task An_issue_is_scheduled_once_and_what_was_sent_can_make_way_for_nothing()
    {
        await WriteIssueAsync("status: ready");
        await Newsletter.RunAsync(["subscribers", "add", "ada@example.org", .. Publication]);

        var first = await Newsletter.RunAsync(["schedule", "1", "--at", "+2h", .. Publication]);
        var again = await Newsletter.RunAsync(["schedule", "1", "--at", "+3h", .. Publication]);
        var send = await Newsletter.RunAsync(["send", "1", "--now", .. Publication]);
        var afterwards = await Newsletter.RunAsync(["schedule", "1", "--at", "+2h", .. Publication]);

        Assert.That((first.Code, again.Code, send.Code, afterwards.Code), Is.EqualTo((0, 1, 0, 1)), send.Errors);
        Assert.That(first.Output, Does.StartWith("Edition 1, A title: scheduled for "));
        Assert.That(again.Errors, Does.Contain("newsletter cancel 1 makes way"));
        Assert.That(afterwards.Errors, Does.Contain("it was sent on ").And.Contain("an issue goes out once").And.Not.Contain("cancel"));
    }

    public void Dispose() => folder.Dispose();

    private async Task WriteIssueAsync(string key)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues/0001.md"), $"---\ntitle: A title\n{key}\n---\n\nWords.\n");
    }
}
