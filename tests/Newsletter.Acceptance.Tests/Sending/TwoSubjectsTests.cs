using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>An issue with <c>subject-b</c>, from the file to the letters.</summary>
public sealed class TwoSubjectsTests
{
    private readonly APublication publication = new();

    [TearDown]
    public void Remove_the_folder() => publication.Dispose();

    [Test]
    public async Task The_sample_gets_both_and_the_others_what_the_editor_chooses()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0001.md"), "---\ntitle: A title\nsubject: Hedges\nsubject-b: Thickets for {{ subscriber.name }}\n---\n\nHello, here are words enough for one letter.\n");
        await publication.AddReadersAsync(20);
        string[] wait = ["--set", "Sending:SampleWait=01:00:00"];

        var lint = await publication.Newsletter.RunAsync("lint", "1");
        var scheduled = await publication.Newsletter.RunAsync(["schedule", "1", "--at", "+1h", .. wait]);
        var early = await publication.Newsletter.RunAsync("winner", "1", "b");
        await publication.Newsletter.RunAsync("cancel", "1");
        using var sending = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"exec {publication.Newsletter.Command} send 1 --now --set Sending:SampleWait=01:00:00"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var waits = "";
        while (!waits.Contains("others wait for the winner", StringComparison.Ordinal) && await sending.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(3)) is { } line)
            waits = line;
        var sample = Subjects();
        var winner = await publication.Newsletter.RunAsync("winner", "2", "b");
        await sending.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        var status = await publication.Newsletter.RunAsync("status", "2");

        Assert.That((scheduled.Code, early.Code, winner.Code, sending.ExitCode), Is.EqualTo((0, 0, 0, 0)), waits + winner.Errors);
        Assert.That(lint.Output, Does.Not.Contain("subject-b"));
        Assert.That((sample.Count(subject => subject == "Hedges"), sample.Count), Is.EqualTo((2, 4)));
        Assert.That((Subjects().Count(subject => subject.StartsWith("Thickets for Reader ", StringComparison.Ordinal)), Subjects().Count), Is.EqualTo((18, 20)));
        Assert.That(status.Output, Does.Contain("subject a: 2 sent, 0 replied, 0 left, 0 complained; subject b: 2 sent, 0 replied, 0 left, 0 complained; the others get b"));
    }

    [Test]
    public async Task Where_there_is_one_subject_there_is_nothing_to_choose()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello, here are words enough for one letter.\n");
        await publication.AddReadersAsync(1);
        await publication.Newsletter.RunAsync("schedule", "1", "--at", "+1h");

        APublication.Says(await publication.Newsletter.RunAsync("winner", "1", "a"), 1, "edition 1 has one subject alone");
    }

    private List<string> Subjects() => [.. Directory.EnumerateFiles(publication.File("outbox", "2"), "*.eml").Select(file => MimeKit.MimeMessage.Load(file).Subject!)];
}
