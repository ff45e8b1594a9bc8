using System.Text;

namespace Newsletter.Acceptance.Tests.BadInput;

/// <summary>Issues that are none: the file, the place and the remedy in one line, exit code 1, and nothing made of them.</summary>
public sealed class BadIssueTests : IDisposable
{
    private readonly APublication publication = new();

    [Test]
    public async Task Each_verb_names_file_place_and_remedy_and_begins_nothing(
        [Values("render", "schedule", "send")] string verb, [Values("open", "broken", "empty", "latin1", "large")] string fault)
    {
        var (bytes, place, remedy) = Fault(fault);
        await File.WriteAllBytesAsync(publication.File("issues", "0009-bad.md"), bytes);
        string[] command = verb switch
        {
            "render" => ["render", "issues/0009-bad.md", "--out", "out"],
            "schedule" => ["schedule", "9", "--at", "+2h"],
            _ => ["send", "9", "--now"],
        };

        var run = await publication.Newsletter.RunAsync(command);

        APublication.Says(run, 1, $"issues/0009-bad.md:{place} error ", remedy);
        Assert.That(Directory.Exists(publication.File("outbox")), Is.False);
        Assert.That(verb == "render" ? Directory.EnumerateFileSystemEntries(publication.File("out")).Count() : publication.Count("editions"), Is.Zero);
    }

    [Test]
    public async Task Render_makes_all_the_good_ones_and_no_half_of_a_bad_one()
    {
        foreach (var fault in new[] { "open", "broken", "empty", "latin1", "large" })
            await File.WriteAllBytesAsync(publication.File("issues", $"0009-{fault}.md"), Fault(fault).Bytes);

        var run = await publication.Newsletter.RunAsync("render", "issues", "--out", "out");

        Assert.That((run.Code, run.ErrorLines.Count(line => line.Contains(" error ", StringComparison.Ordinal)), run.ErrorLines.Length), Is.EqualTo((1, 5, 6)), run.Errors);
        Assert.That(run.ErrorLines[0], Does.EndWith("0005-good.html .txt .eml .web.html"));
        Assert.That(Directory.EnumerateFileSystemEntries(publication.File("out")).Select(Path.GetFileName).Order(),
            Is.EqualTo(new[] { "0005-good.eml", "0005-good.html", "0005-good.txt", "0005-good.web.html" }));
    }

    [TestCase("render", "none.md", "--out", "out")]
    [TestCase("send", "none.md", "--now")]
    [TestCase("schedule", "none.md", "--at", "+2h")]
    public async Task An_issue_that_is_not_there_is_said(params string[] command)
    {
        var run = await publication.Newsletter.RunAsync(command);

        APublication.Says(run, 1, "there is no", "none.md");
    }

    [TestCase("render", "5", "--out", "out"), TestCase("lint", "good"), TestCase("lint", "issues/0005-good.md")]
    public async Task Render_and_lint_find_an_issue_as_the_other_verbs_do(params string[] command)
    {
        var elsewhere = Directory.CreateDirectory(publication.File("elsewhere")).FullName;

        var run = await publication.Newsletter.RunAsync("sh", ["-c", $"cd '{elsewhere}' && {publication.Newsletter.Command} {string.Join(' ', command)}"], "");

        Assert.That(run.Code, Is.Zero, run.Errors);
        Assert.That(command[0] == "lint" || File.Exists(publication.File("elsewhere", "out", "0005-good.html")), Is.True, run.Errors);
    }

    [Test]
    public async Task A_file_without_end_among_the_issues_keeps_none_of_the_others()
    {
        File.CreateSymbolicLink(publication.File("issues", "0004.md"), "/dev/zero");
        await File.WriteAllTextAsync(publication.File("issues", "0006.md"), "---\ntitle: Six\n---\n\nAs said in [[#5]], not in [[#4]].\n");

        var run = await publication.Newsletter.RunAsync("lint", "6");

        Assert.That((run.Code, run.Output), Is.EqualTo((1, run.Output)).And.Matches<(int, string Output)>(ran => ran.Output.Contains("issue-unknown", StringComparison.Ordinal)), run.Errors);
    }

    [Test]
    public async Task A_theme_s_files_are_its_own_whatever_a_link_says()
    {
        Directory.CreateDirectory(publication.File("themes", "mine"));
        await File.WriteAllTextAsync(publication.File("secret.txt"), "the secret");
        File.CreateSymbolicLink(publication.File("themes", "mine", "letter.txt"), publication.File("secret.txt"));
        await File.WriteAllTextAsync(publication.File("issues", "0006.md"), "---\ntitle: Six\ntheme: mine\n---\n\nWords.\n");

        var run = await publication.Newsletter.RunAsync("render", "6", "--out", "out");

        Assert.That(run.Code, Is.Zero, run.Errors);
        Assert.That(await File.ReadAllTextAsync(publication.File("out", "0006.txt")), Does.Contain("Words.").And.Not.Contains("secret"));
    }

    [Test]
    public async Task An_issue_that_nobody_would_get_is_not_spent()
    {
        var empty = await publication.Newsletter.RunAsync("send", "5", "--now");
        await publication.AddReadersAsync(1);
        var full = await publication.Newsletter.RunAsync("send", "5", "--now");

        APublication.Says(empty, 1, "nobody", "subscribers import");
        Assert.That((full.Code, full.Output), Is.EqualTo((0, full.Output)), full.Errors);
        Assert.That(full.Output, Does.Contain("1 of 1 sent"));
    }

    [Test]
    public async Task Render_says_that_its_folder_cannot_be_made()
    {
        await File.WriteAllTextAsync(publication.File("taken"), "in the way");

        var run = await publication.Newsletter.RunAsync("render", "issues", "--out", "taken");

        APublication.Says(run, 3, publication.File("taken"), "--out");
    }

    public void Dispose() => publication.Dispose();

    private static (byte[] Bytes, string Place, string Remedy) Fault(string name) => name switch
    {
        "open" => ("---\ntitle: Never closed\n\nText\n"u8.ToArray(), "1:1:", "write a line `---`"),
        "broken" => ("---\ntitle: \"Open\n---\nText\n"u8.ToArray(), "2:8:", "double quotes"),
        "empty" => ([], "1:1:", "write front matter and text"),
        "latin1" => (Encoding.Latin1.GetBytes("---\ntitle: Café\n---\nText\n"), "2:11:", "save it as UTF-8"),
        _ => (Enumerable.Repeat((byte)'a', 20_000_000).ToArray(), "0:0:", "is it the right file?"),
    };
}
