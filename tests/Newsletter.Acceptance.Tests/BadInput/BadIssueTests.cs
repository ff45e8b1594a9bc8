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

        Assert.That((run.Code, run.ErrorLines.Length), Is.EqualTo((1, 5)), run.Errors);
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
