using Newsletter.Composing;
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
        KeyRules.Check, TitleRules.Check, TwinRules.Check, SubjectRules.Check, HeroRules.Check,
        HeadingRules.Check, BlockRules.Check, SwallowRules.Nothing, SwallowRules.Check, TagRules.Check, AnchorRules.Check,
        LinkTargetRules.Check, LinkMarkRules.Check, LinkWordRules.Check, LinkPairRules.Check, OwnAddressRules.Check, ReferenceRules.Check,
        PictureRules.Check, MarkRules.Check, WordRules.Check, QuoteRules.Check, PlaceholderRules.Check, JobsRules.Check, OptionRules.Check, ValueRules.Check, FenceRules.Check,
        DutyRules.Check, SizeRules.Check, ContrastRules.Check, ClientRules.Check, TextPartRules.Check,
    ];

    /// <summary>Those that look at a place and its neighbours: for texts of other files as well.</summary>
    private static readonly Func<Manuscript, IEnumerable<IssueProblem>>[] RulesOfParts =
    [
        BlockRules.Check, SwallowRules.Check, TagRules.Check, AnchorRules.Check, LinkTargetRules.Check, LinkMarkRules.Check, LinkWordRules.Check, OwnAddressRules.Check, ReferenceRules.Check,
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

    /// <summary>The addresses of the web that an issue leads to or shows, those of its keys, snippets and lists among them, in the order of its text.</summary>
    /// <remarks>Relative ones are meant against the issue's page. Left out are those with one of a reader's values in them, the issue's own page and images that go along with it: they are not there yet.</remarks>
    /// <param name="issue">As it was read.</param>
    /// <param name="publication">Whose issue it is.</param>
    /// <param name="surroundings">Its snippets, lists and images.</param>
    public static IReadOnlyList<WebAddress> WebAddresses(Issue issue, Publication publication, Surroundings surroundings) => new WebAddresses(issue, publication, surroundings).All();

    /// <summary>What was seen on the web of an issue's addresses, less what its author allows.</summary>
    /// <param name="issue">As it was read.</param>
    /// <param name="publication">Whose issue it is.</param>
    /// <param name="surroundings">Its snippets, lists and images.</param>
    /// <param name="visitOf">What was seen at an address; null: it was not asked.</param>
    public static IReadOnlyList<IssueProblem> CheckOnline(Issue issue, Publication publication, Surroundings surroundings, Func<WebAddress, Visit?> visitOf)
    {
        var seen = (from address in WebAddresses(issue, publication, surroundings) let visit = visitOf(address) where visit is not null select (address, visit)).ToList();
        var found = seen.Select(one => one.visit.Finding(one.address)).OfType<IssueProblem>().Concat(Visit.Unasked(seen));
        return Allowances.Of(issue).Left(found.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column));
    }

    // What the text itself allows is allowed wherever it is used.
    private static IEnumerable<IssueProblem> OfPart(Manuscript whole, UsedText used, Manuscript text) =>
        Allowances.Of(text.Issue).Left(RulesOfParts.SelectMany(rule => rule(text))).Select(problem => whole.At(used, problem));
}
