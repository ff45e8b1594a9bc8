using Markdig.Syntax;
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

    /// <summary>Those that look at a place and its neighbours: for texts of other files as well.</summary>
    private static readonly Func<Manuscript, IEnumerable<IssueProblem>>[] RulesOfParts =
    [
        BlockRules.Check, TagRules.Check, AnchorRules.Check, LinkTargetRules.Check, LinkWordRules.Check, OwnAddressRules.Check, ReferenceRules.Check,
        PictureRules.Check, MarkRules.Check, WordRules.Check, QuoteRules.Check, PlaceholderRules.Check, JobsRules.Check,
    ];

    /// <summary>Everything there is to say of an issue, in the order of lines: what reading and rendering found, and the linter's own findings, less those that its author allows. Never throws.</summary>
    /// <param name="issue">As it was read.</param>
    /// <param name="rendered">With the problems of reading and rendering in it.</param>
    /// <param name="publication">Whose issue it is.</param>
    /// <param name="theme">How it looks.</param>
    /// <param name="surroundings">Other issues, and what is known of images.</param>
    public static IReadOnlyList<IssueProblem> Check(Issue issue, RenderedIssue rendered, Publication publication, Theme theme, Surroundings surroundings)
    {
        var manuscript = Manuscript.WithParts(issue, rendered, publication, theme, surroundings);
        var found = Rules.SelectMany(rule => rule(manuscript)).Concat(manuscript.Parts.SelectMany(part => OfPart(manuscript, part.Used, part.Text))).Concat(rendered.Problems).Distinct();
        return [.. Allowances.Of(issue).Apply(found)
            .GroupBy(problem => problem.Code).SelectMany(kind => kind.Take(MostOfAKind))
            .OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ThenBy(problem => problem.Code, StringComparer.Ordinal)];
    }

    /// <summary>The addresses of the web that an issue leads to or shows, its snippets and lists among them, in the order of its text; those with one of a reader's values in them are left out.</summary>
    /// <param name="issue">As it was read.</param>
    /// <param name="surroundings">Its snippets and lists.</param>
    public static IReadOnlyList<WebAddress> WebAddresses(Issue issue, Surroundings surroundings)
    {
        var (body, options) = (Masked.Of(issue.Body), issue.Markdown ?? MarkdownOptions.None);
        var (tree, lines) = (IssueBody.AsWritten(body, options), new LineMap(body, issue.BodyLine));
        var used = UsedTexts.Of(issue, tree, options, surroundings).SelectMany(text =>
        {
            var (part, own, use) = (Masked.Of(text.Text), new LineMap(text.Text, 1), lines.Of(text.Offset));
            return Addresses(part, IssueBody.AsWritten(part, options), _ => use, offset => text.Within(own.Of(offset).Line));
        });
        return [.. Addresses(body, tree, lines.Of, _ => "").Concat(used).OrderBy(address => address.Line)];
    }

    /// <summary>What was seen on the web of an issue's addresses, less what its author allows.</summary>
    /// <param name="issue">As it was read.</param>
    /// <param name="surroundings">Its snippets and lists.</param>
    /// <param name="visitOf">What was seen at an address; null: it was not asked.</param>
    public static IReadOnlyList<IssueProblem> CheckOnline(Issue issue, Surroundings surroundings, Func<WebAddress, Visit?> visitOf) =>
        Allowances.Of(issue).Left([.. WebAddresses(issue, surroundings).Select(address => visitOf(address)?.Finding(address)).OfType<IssueProblem>()]);

    // What the text itself allows is allowed wherever it is used.
    private static IEnumerable<IssueProblem> OfPart(Manuscript whole, UsedText used, Manuscript text) =>
        Allowances.Of(text.Issue).Left(RulesOfParts.SelectMany(rule => rule(text))).Select(problem => whole.At(used, problem));

    private static IEnumerable<WebAddress> Addresses(string text, MarkdownDocument tree, Func<int, (int Line, int Column)> placeOf, Func<int, string> within)
    {
        var read = new ManuscriptReader(text);
        read.Read(tree);
        return read.Links.Select(link => (link.Target, Offset: link.TargetOffset, IsImage: false)).Concat(read.Pictures.Select(picture => (picture.Source, picture.Offset, IsImage: true)))
            .OrderBy(use => use.Offset).Select(use => Address(use.Item1, use.IsImage, placeOf(use.Offset), within(use.Offset))).OfType<WebAddress>();
    }

    private static WebAddress? Address(string text, bool isImage, (int Line, int Column) at, string within) =>
        !text.Any(Masked.IsTag) && Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new(uri, isImage, at.Line, at.Column) { Within = within } : null;
}
