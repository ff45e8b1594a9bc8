using Newsletter.Composing;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Looks over an issue as a careful colleague would before it goes out. docs/lint.md lists every code.</summary>
public static class Linter
{
    // Nobody mends more of one kind at a time, and a hostile file could hold one a word.
    private const int MostOfAKind = 100;

    /// <summary>In the order of the work: what the file says of itself, its text, what became of it.</summary>
    private static readonly Func<Manuscript, IEnumerable<IssueProblem>>[] Rules =
    [
        KeyRules.Check, TitleRules.Check, SubjectRules.Check, HeroRules.Check,
        HeadingRules.Check, BlockRules.Check, TagRules.Check, AnchorRules.Check,
        LinkTargetRules.Check, LinkWordRules.Check, LinkPairRules.Check, OwnAddressRules.Check, ReferenceRules.Check,
        PictureRules.Check, MarkRules.Check, WordRules.Check, QuoteRules.Check, PlaceholderRules.Check, JobsRules.Check,
        SizeRules.Check, ContrastRules.Check, ClientRules.Check, TextPartRules.Check,
    ];

    /// <summary>Everything there is to say of an issue, in the order of lines: what reading and rendering found, and the linter's own findings, less those that its author allows. Never throws.</summary>
    /// <param name="issue">As it was read.</param>
    /// <param name="rendered">With the problems of reading and rendering in it.</param>
    /// <param name="publication">Whose issue it is.</param>
    /// <param name="theme">How it looks.</param>
    /// <param name="surroundings">Other issues, and what is known of images.</param>
    public static IReadOnlyList<IssueProblem> Check(Issue issue, RenderedIssue rendered, Publication publication, Theme theme, Surroundings surroundings)
    {
        var manuscript = new Manuscript(issue, rendered, publication, theme, surroundings);
        var found = Rules.SelectMany(rule => rule(manuscript)).Concat(rendered.Problems).Distinct();
        return [.. Allowances.Of(issue).Apply(found)
            .GroupBy(problem => problem.Code).SelectMany(kind => kind.Take(MostOfAKind))
            .OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ThenBy(problem => problem.Code, StringComparer.Ordinal)];
    }

    /// <summary>The addresses of the web that an issue leads to or shows, in the order of its text; those with one of a reader's values in them are left out.</summary>
    public static IReadOnlyList<WebAddress> WebAddresses(Issue issue)
    {
        var body = Masked.Of(issue.Body);
        var (read, lines) = (new ManuscriptReader(body), new LineMap(body, issue.BodyLine));
        read.Read(IssueBody.AsWritten(body, issue.Markdown ?? MarkdownOptions.None));
        return [.. read.Links.Select(link => (link.Target, link.TargetOffset, IsImage: false)).Concat(read.Pictures.Select(picture => (picture.Source, picture.Offset, IsImage: true)))
            .OrderBy(use => use.Item2).Select(use => Address(use.Item1, use.IsImage, lines.Of(use.Item2))).OfType<WebAddress>()];
    }

    /// <summary>What was seen on the web of an issue's addresses, less what its author allows.</summary>
    /// <param name="issue">As it was read.</param>
    /// <param name="visitOf">What was seen at an address; null: it was not asked.</param>
    public static IReadOnlyList<IssueProblem> CheckOnline(Issue issue, Func<WebAddress, Visit?> visitOf) =>
        Allowances.Of(issue).Left([.. WebAddresses(issue).Select(address => visitOf(address)?.Finding(address)).OfType<IssueProblem>()]);

    private static WebAddress? Address(string text, bool isImage, (int Line, int Column) at) =>
        !text.Any(Masked.IsTag) && Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new(uri, isImage, at.Line, at.Column) : null;
}
