using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>References to issues whose number and target disagree, <c>#[123](…/0124)</c>, <c>[issue 123](…/124)</c>, or whose page is not there yet when the letter arrives.</summary>
internal static partial class ReferenceRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var references = manuscript.Links.Where(link => !link.IsPersonal && !link.IsBare).Select(link => (Link: link, Said: Said(link))).Where(one => one.Said is not null).ToList();
        // An archive that has moved: where another reference's number agrees with its target, the numbers are ours.
        var archives = references.Where(one => Number(one.Link) == one.Said).Select(one => OwnPages.Host(one.Link.Web!)).ToHashSet(StringComparer.Ordinal);
        foreach (var (link, said) in references)
            if (Target(manuscript, link, archives) is { } target && said != target)
                yield return manuscript.At(link.Offset, "reference-number", $"the link says {said} and leads to {target}");
        foreach (var link in manuscript.Links.Where(link => !link.IsPersonal))
            if (OwnPages.IssueOf(manuscript, link) is { } entry && Unsent(manuscript.Issue, entry) is { } why)
                yield return manuscript.At(link.TargetOffset, "reference-unsent", $"issue {entry.Number} {why}: its page is not there when this letter arrives");
    }

    /// <summary>Why another issue goes out later than this one; null where it does not, or nobody can say.</summary>
    private static string? Unsent(Issue issue, IssueEntry other)
    {
        if (other.Slug == issue.Slug || other.Number == issue.Number)
            return null;
        if (other.Status == IssueStatus.Draft)
            return "is a draft";
        if (issue.Date is { } own && other.Date is { } date)
            return date > own ? string.Create(CultureInfo.InvariantCulture, $"is of {date:yyyy-MM-dd}") : null;
        return other.Number > issue.Number ? "comes later" : null;
    }

    /// <summary>The number that a reader sees; null where the link is no reference by number.</summary>
    private static int? Said(Link link)
    {
        var match = Label().Match(link.Words);
        if (!match.Success)
            return null;
        var isMarked = match.Groups["mark"].Length > 0 || link.Start > 0 && link.In.Text[link.Start - 1] == '#';
        return isMarked && int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int? Target(Manuscript manuscript, Link link, HashSet<string> archives) =>
        OwnPages.IssueOf(manuscript, link)?.Number
        ?? (link.Web is { } web && (OwnPages.IsOwn(manuscript, link) || archives.Contains(OwnPages.Host(web)) && web.AbsolutePath.Contains("newsletter", StringComparison.OrdinalIgnoreCase)) ? Number(link) : null);

    /// <summary>The number at the end of a target's path.</summary>
    private static int? Number(Link link) =>
        link.Web is { } web && InPath().Match(web.AbsolutePath) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?<mark>#|(?:[Ii]ssue|[Nn]ewsletter|[Nn]umber|[Nn]o\.) ?#?)?(?<number>\d{1,5})\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"/0*(\d{1,5})(?:-[^/]*)?(?:\.html?)?/?\z")]
    private static partial Regex InPath();
}
