using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>All that the desk's page says of an issue.</summary>
/// <param name="Setup">What is shown.</param>
/// <param name="Issue">The issue as it is now.</param>
/// <param name="Issues">All of them, the newest first.</param>
/// <param name="Reader">Whose letter it is.</param>
public sealed partial record DeskModel(PreviewSetup Setup, Shown Issue, IReadOnlyList<Listed> Issues, PreviewReader Reader)
{
    /// <summary>Gmail shows no more of a letter's HTML and offers the rest behind a link.</summary>
    public const int GmailLimit = 102 * 1024;

    private const int OpeningLength = 180;
    private const int MostFields = 30;
    private const string FieldPrefix = "subscriber.fields.";

    public required View View { get; init; }

    /// <summary>Whether the source view shows the letter's HTML instead of the file.</summary>
    public bool ShowsHtml { get; init; }

    /// <summary>The state of the files that the page was made of (<see cref="Mailroom.FolderLook"/>).</summary>
    public required string State { get; init; }

    /// <summary>Readers to choose from.</summary>
    public IReadOnlyList<Profile> Known { get; init; } = [];

    public RenderedIssue? Letter => Issue.Letter;

    public string Title => Letter is { Title.Length: > 0 } letter ? letter.Title : Path.GetFileName(Issue.Path);

    public string Sender => Setup.Publication.FromName.Length > 0 ? Setup.Publication.FromName : Setup.Publication.Name;

    public string Subject => Letter?.Subject.Write(Reader.Values) is { Length: > 0 } subject ? subject : Title;

    /// <summary>The letter as this reader gets it.</summary>
    public string Html => field ??= Letter?.Html.Write(Reader.Values) ?? "";

    public int Bytes => Encoding.UTF8.GetByteCount(Html);

    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1024.0:0.0} KB");

    /// <summary>What a mail program shows behind the subject: the first words of the letter, which are the preheader where there is one.</summary>
    public string Opening
    {
        get
        {
            var body = Html.IndexOf("<body", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? Html[at..Math.Min(Html.Length, at + 20_000)] : "";
            var text = Blanks().Replace(WebUtility.HtmlDecode(Markup().Replace(body, " ")), " ").Trim();
            return text.Length <= OpeningLength ? text : text[..OpeningLength].TrimEnd() + "\u2026";
        }
    }

    public int Errors => Issue.Problems.Count(problem => problem.Severity == Severity.Error);

    public int Warnings => Issue.Problems.Count(problem => problem.Severity == Severity.Warning);

    /// <summary>The issue before or behind this one in the list; null at its ends.</summary>
    public Listed? Beside(int step) =>
        Issues.Select((issue, index) => (issue, index)).FirstOrDefault(pair => pair.issue.Name == Issue.Name) is { issue: not null } here ? Issues.ElementAtOrDefault(here.index + step) : null;

    /// <summary>Columns of the list that this letter asks for.</summary>
    public IReadOnlyList<string> Fields =>
        Letter is null ? [] : [.. new[] { Letter.Subject, Letter.Html, Letter.Text }.SelectMany(template => Names(template.Segments)).Where(name => name.StartsWith(FieldPrefix, StringComparison.Ordinal))
            .Select(name => name[FieldPrefix.Length..]).Distinct().Order(StringComparer.Ordinal).Take(MostFields)];

    public string Href(View view) => $"{At(Issue.Name)}?view={view.Word}{ReaderQuery}";

    public string Href(Listed issue) => $"{At(issue.Name)}?view={View.Word}{ReaderQuery}";

    public string LineHref(int line) => string.Create(CultureInfo.InvariantCulture, $"{Href(View.Source)}#L{line}");

    public string HtmlHref => $"{Href(View.Source)}&of=html";

    public string FrameHref => $"{At(Issue.Name)}/letter?view={View.Word}{ReaderQuery}";

    public static string At(string name) => $"/issues/{Uri.EscapeDataString(name)}";

    private string ReaderQuery => Reader.Asked.Query(Setup.Subscriber);

    private static IEnumerable<string> Names(IEnumerable<Segment> segments) => segments.SelectMany(segment => segment switch
    {
        Segment.Slot slot => [slot.Name],
        Segment.Choice choice => choice.Branches.SelectMany(branch => Names(branch.Segments).Prepend(branch.When.Name)),
        _ => [],
    });

    [GeneratedRegex(@"<!--.*?-->|<style.*?</style>|<[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Markup();

    // What themes put behind a preheader, so that nothing else follows it: joiners, soft hyphens, no-break blanks.
    [GeneratedRegex(@"[\s\u00A0\u00AD\u034F\u200B-\u200D\u2007\u2060\uFEFF]+")]
    private static partial Regex Blanks();
}
