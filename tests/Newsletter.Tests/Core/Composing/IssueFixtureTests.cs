using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Core.Composing;

/// <summary>What comes of each construct: NAME.md with the letter's body as NAME.html and its text as NAME.txt beside it. UPDATE_FIXTURES=1 rewrites them; review the diff.</summary>
public sealed partial class IssueFixtureTests
{
    private static readonly string Folder = Path.Combine(Source.Root, "tests", "Newsletter.Tests", "Fixtures", "Issues");
    private static readonly PersonalValues Ada = new() { Name = "Ada", Email = "ada@example.org", UnsubscribeUrl = "https://news.example.org/u/token" };

    /// <summary>A page around nothing: fixtures show the body, without styles.</summary>
    private static readonly Theme Bare = Theme.Of("bare", file => file switch
    {
        "letter.html" => "{{ content }}\n",
        "letter.txt" => "{{ content }}\n",
        "letter.css" => "",
        _ => null,
    });

    private static readonly Surroundings Around = new()
    {
        Issues = new Dictionary<int, IssueEntry> { [11] = new(11, "0011-hedges", "#11 - Hedges & bees", null, ""), [12] = new(12, "0012-this", "This one", null, "") },
        Snippet = name => Some.Snippet(name == "about" ? "About *us*: {{ subscriber.name }}.\n\n> Quoted <b>bold\n" : null),
    };

    [TestCaseSource(nameof(Names))]
    public void It_becomes_what_stands_beside_it(string name)
    {
        var issue = Render(Path.Combine(Folder, name + ".md"), Bare);

        var (html, text) = (issue.Html.Write(Ada), issue.Text.Write(Ada));

        if (Environment.GetEnvironmentVariable("UPDATE_FIXTURES") == "1")
        {
            File.WriteAllText(Path.Combine(Folder, name + ".html"), html);
            File.WriteAllText(Path.Combine(Folder, name + ".txt"), text);
        }
        Assert.That(html, Is.EqualTo(File.ReadAllText(Path.Combine(Folder, name + ".html"))));
        Assert.That(text, Is.EqualTo(File.ReadAllText(Path.Combine(Folder, name + ".txt"))));
    }

    [Test]
    public async Task The_sample_issue_has_nothing_wrong_and_is_ready()
    {
        var folder = new IssueFolder(new(Source.Root), Some.Publication());

        var (_, problems) = await folder.RenderToSendAsync(Source.SampleIssue, CancellationToken.None);

        Assert.That(problems.Where(problem => problem.Severity > Severity.Info), Is.Empty);
        Assert.That((await IssueFolder.ReadAsync(Source.SampleIssue, CancellationToken.None)).Issue!.Status, Is.EqualTo(IssueStatus.Ready));
    }

    [TestCaseSource(nameof(RealIssues))]
    public void A_real_issue_loses_no_word_no_link_and_no_image(string? path)
    {
        if (path is null)
            Assert.Ignore("no real issues beside this checkout (../shared/issues)");

        var issue = Render(path!, Theme.Default);

        var html = new HtmlParser().ParseDocument(issue.Html.Write(Ada));
        var text = issue.Text.Write(Ada);
        var source = LinkTargets().Replace(File.ReadAllText(path!), "$1");
        var shown = Words(html.Body!.TextContent).Concat(html.Images.SelectMany(image => Words(image.AlternativeText ?? ""))).ToHashSet();
        Assert.That(issue.HasErrors, Is.False);
        Assert.That(Words(FrontMatterAndTags().Replace(source, " ")).Except(shown).Except(Words(html.Body.InnerHtml)), Is.Empty);
        Assert.That(Words(html.Body.TextContent).Except(Words(text)), Is.Empty);
        foreach (var target in html.QuerySelectorAll("td.body a[href^=http]").Select(link => link.GetAttribute("href")!))
            Assert.That(text.Contains(target, StringComparison.Ordinal) || text.Contains(Uri.UnescapeDataString(target), StringComparison.Ordinal), target);
        foreach (var alt in html.Images.Select(image => image.AlternativeText!).Where(alt => alt.Length > 0))
            Assert.That(Words(text), Is.SupersetOf(Words(alt)));
        Assert.That(Encoding.UTF8.GetByteCount(issue.Html.Write(Ada)), Is.LessThan(102 * 1024));
    }

    private static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder, "*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    private static IEnumerable<string?> RealIssues()
    {
        var folder = Path.Combine(Source.Root, "..", "shared", "issues");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "0*.md").Order(StringComparer.Ordinal) : [null];
    }

    private static RenderedIssue Render(string path, Theme theme) => Renderer.Render(IssueFile.Read(path, File.ReadAllBytes(path)).Issue!, Some.Publication(), theme, Around);

    private static HashSet<string> Words(string text) => [.. Word().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(\])\([^)\s]*\)")]
    private static partial Regex LinkTargets();

    [GeneratedRegex(@"\A---\n.*?\n---\n|<!--.*?-->|<[^>]*>|&\w+;|(?m:^[ >]*\d+\. )", RegexOptions.Singleline)]
    private static partial Regex FrontMatterAndTags();
}
