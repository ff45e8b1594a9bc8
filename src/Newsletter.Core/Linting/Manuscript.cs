using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Markdig.Helpers;
using Markdig.Syntax;
using Newsletter.Composing;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>An issue as the rules see it: what its author wrote, with places, and what became of it.</summary>
internal sealed partial class Manuscript
{
    /// <summary>In <see cref="LetterHtml"/>, where the letter has one.</summary>
    public const string SampleUnsubscribeUrl = "https://news.example.org/u/sample-of-a-token-that-is-as-long-as-real-ones";

    private static readonly PersonalValues Sample = new() { Name = "Ada", Email = "ada.sample@example.org", UnsubscribeUrl = SampleUnsubscribeUrl };

    private readonly ManuscriptReader _read;
    private readonly LineMap _lines;
    private readonly Lazy<string> _letterHtml;
    private readonly Lazy<string> _letterText;
    private readonly Lazy<IHtmlDocument> _letter;
    private readonly Lazy<HashSet<string>> _anchors;
    private readonly Lazy<Dictionary<string, IssueEntry>> _bySlug;

    public Manuscript(Issue issue, RenderedIssue rendered, Publication publication, Theme theme, Surroundings surroundings)
    {
        (Issue, Rendered, Publication, Theme, Surroundings) = (issue, rendered, publication, theme, surroundings);
        Body = Masked.Of(issue.Body);
        _lines = new(Body, issue.BodyLine);
        _read = new(Body);
        Tree = IssueBody.AsWritten(Body, issue.Markdown ?? theme.Markdown);
        _read.Read(Tree);
        _letterHtml = new(() => rendered.Html.Write(Sample));
        _letterText = new(() => rendered.Text.Write(Sample));
        _letter = new(() => new HtmlParser().ParseDocument(LetterHtml));
        Parts = [];
        // Those of attribute lists stand only in what was made of the Markdown; those for the web alone only in the Markdown.
        _anchors = new(() => [.. AnchorsOf(_read), .. Parts.SelectMany(part => AnchorsOf(part.Text._read)), .. Letter.QuerySelectorAll("[id]").Select(element => element.Id!)]);
        _bySlug = new(() => surroundings.Issues.Values.DistinctBy(entry => entry.Slug).ToDictionary(entry => entry.Slug, StringComparer.Ordinal));
    }

    /// <summary>A text that an issue uses: it has its own lines, and the places of the whole issue.</summary>
    private Manuscript(Manuscript whole, string text)
        : this(whole.Issue with { Body = text, BodyLine = 1, FrontMatter = FrontMatter.None, FrontMatterText = "", Markdown = (whole.Issue.Markdown ?? whole.Theme.Markdown) with { Footnotes = false } },
            whole.Rendered, whole.Publication, whole.Theme, whole.Surroundings) =>
        (_anchors, _bySlug) = (whole._anchors, whole._bySlug);

    /// <summary>An issue, with the texts of other files that it uses as parts.</summary>
    public static Manuscript WithParts(Issue issue, RenderedIssue rendered, Publication publication, Theme theme, Surroundings surroundings)
    {
        var whole = new Manuscript(issue, rendered, publication, theme, surroundings);
        whole.Parts = [.. UsedTexts.Of(issue, whole.Tree, issue.Markdown ?? theme.Markdown, surroundings).Select(used => (used, new Manuscript(whole, used.Text)))];
        return whole;
    }

    public Issue Issue { get; }
    public RenderedIssue Rendered { get; }
    public Publication Publication { get; }
    public Theme Theme { get; }
    public Surroundings Surroundings { get; }

    /// <summary>The Markdown, with signs of <see cref="Masked"/> for tags.</summary>
    public string Body { get; }

    public IReadOnlyList<Passage> Passages => _read.Passages;
    public IReadOnlyList<Link> Links => _read.Links;
    public IReadOnlyList<Picture> Pictures => _read.Pictures;
    public IReadOnlyList<Heading> Headings => _read.Headings;
    public IReadOnlyList<TagUse> Tags => _read.Tags;

    /// <summary>The texts of other files that the issue uses.</summary>
    public IReadOnlyList<(UsedText Used, Manuscript Text)> Parts { get; private set; }

    /// <summary>The Markdown's tree as it was written: parts for all media, HTML as it stands.</summary>
    public MarkdownDocument Tree { get; }

    /// <summary>Another issue of the publication; null where there is none.</summary>
    public IssueEntry? IssueBySlug(string slug) => _bySlug.Value.GetValueOrDefault(slug);

    /// <summary>Whether the issue is one of those around it; a file looked at elsewhere has no issue before it.</summary>
    public bool IsAmongOthers => Issue.Number is { } number && Surroundings.Issues.TryGetValue(number, out var own) && own.Slug == Issue.Slug;

    /// <summary>What a link within the issue may lead to.</summary>
    public IReadOnlySet<string> Anchors => _anchors.Value;

    /// <summary>The letter as a sample reader gets it.</summary>
    public string LetterHtml => _letterHtml.Value;

    /// <summary>Its plain text.</summary>
    public string LetterText => _letterText.Value;

    /// <summary><see cref="LetterHtml"/> as a browser reads it.</summary>
    public IHtmlDocument Letter => _letter.Value;

    /// <summary>BCP 47 without region, in lower case.</summary>
    public string Language => Rendered.Lang.Split('-')[0].ToLowerInvariant();

    /// <summary>The publication's own address, with a slash at its end.</summary>
    public Uri Site => new(Publication.BaseUrl.TrimEnd('/') + "/");

    /// <summary>A finding at a place of the body.</summary>
    public IssueProblem At(int offset, string code, string message, string? remedy = null)
    {
        var (line, column) = _lines.Of(offset);
        return Problem(line, column, code, message, remedy);
    }

    /// <summary>A finding in a text of another file, said where the issue uses it.</summary>
    public IssueProblem At(UsedText used, IssueProblem problem)
    {
        var (line, column) = _lines.Of(used.Offset);
        return problem with { Line = line, Column = column, Message = used.Within(problem.Line) + problem.Message };
    }

    /// <summary>A finding at a key of the front matter; at the file's beginning where the key is not there.</summary>
    public IssueProblem AtKey(string key, string code, string message, string? remedy = null) =>
        Issue.FrontMatter[key] is { } value ? Problem(value.Line, value.Column, code, $"{key}: {message}", remedy) : Problem(1, 1, code, message, remedy);

    /// <summary>A finding of the file as a whole.</summary>
    public static IssueProblem Whole(string code, string message, string? remedy = null) => Problem(0, 0, code, message, remedy);

    /// <summary>Ids in an issue's Markdown: of its headings, and those that its author gave; null where a snippet, a list, HTML or an option of Markdown, which are not known here, may give others.</summary>
    public static HashSet<string>? AnchorsOf(string markdown)
    {
        if (markdown.Contains("[[snippet:", StringComparison.OrdinalIgnoreCase) || markdown.Contains("[[list:", StringComparison.Ordinal) || markdown.Contains("[[count:", StringComparison.Ordinal) || markdown.Contains("{#", StringComparison.Ordinal) || markdown.Contains("{:", StringComparison.Ordinal))
            return null;
        var body = Masked.Of(markdown);
        var reader = new ManuscriptReader(body);
        reader.Read(IssueBody.AsWritten(body, MarkdownOptions.None));
        var isKnown = !reader.Tags.Exists(tag => tag.Tag.Name is ['h', >= '1' and <= '6']) && !reader.Headings.Exists(heading => DependsOnOptions().IsMatch(heading.Words));
        return isKnown ? AnchorsOf(reader) : null;
    }

    private static HashSet<string> AnchorsOf(ManuscriptReader read)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal) { "issue-title" };
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var tag in read.Tags)
            foreach (var name in new[] { tag.Tag["id"], tag.Tag.Name == "a" ? tag.Tag["name"] : null })
                if (name is not null)
                    anchors.Add(name.TrimStart('#'));
        foreach (var heading in read.Headings)
        {
            var id = LinkHelper.UrilizeAsGfm(heading.Words);
            if (!anchors.Add(id))
                anchors.Add(string.Create(CultureInfo.InvariantCulture, $"{id}-{counts[id] = counts.GetValueOrDefault(id) + 1}"));
        }
        return anchors;
    }

    private static IssueProblem Problem(int line, int column, string code, string message, string? remedy)
    {
        var known = LintCodes.Of(code);
        return new(line, Math.Max(0, column), known.Severity, code, message, remedy ?? known.Remedy);
    }

    // A note, an emoji, dashes, attributes.
    [GeneratedRegex(@"\^|:[a-z0-9_+-]+:|--|\{")]
    private static partial Regex DependsOnOptions();
}
