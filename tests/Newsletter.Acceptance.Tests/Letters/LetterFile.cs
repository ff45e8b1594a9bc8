using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Mailroom;

namespace Newsletter.Acceptance.Tests.Letters;

/// <summary>An issue of ours in one theme, as a letter to somebody.</summary>
internal static class LetterFile
{
    /// <summary>Beside the tests: three issues that are hard to set.</summary>
    public static string Folder { get; } = Path.Combine(Source.Root, "tests", "Newsletter.Acceptance.Tests", "Letters");

    /// <summary>The project's own issue, and the hard ones.</summary>
    public static IEnumerable<string> Issues { get; } =
        [Source.SampleIssue, .. Directory.GetFiles(Path.Combine(Folder, "issues"), "*.md").Order(StringComparer.Ordinal)];

    public static string Html(string path, Theme theme)
    {
        var reading = IssueFile.Read(path, File.ReadAllBytes(path));
        var rendered = Renderer.Render(reading.Issue!, Publication, theme, new IssueFolder(new(Path.GetDirectoryName(Path.GetDirectoryName(path))!), Publication).SurroundingsOf(path));
        Assert.That(reading.Problems.Concat(rendered.Problems).Where(problem => problem.Severity == Severity.Error), Is.Empty);
        return rendered.Html.Write(new() { Name = "Ada Sample", Email = "ada.sample@example.org", UnsubscribeUrl = "https://news.example.org/u/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" });
    }

    private static Publication Publication { get; } = new()
    {
        Name = "Field Notes",
        FromAddress = "editor@news.example.org",
        PostalAddress = "12 Mill Lane\n12345 Exampletown",
        BaseUrl = "https://news.example.org",
    };
}
