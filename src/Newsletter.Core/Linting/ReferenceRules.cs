using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>References to issues by number whose number and target disagree: <c>#[123](…/0124)</c>, <c>[issue 123](…/124)</c>.</summary>
internal static partial class ReferenceRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        foreach (var link in manuscript.Links.Where(link => !link.IsPersonal && !link.IsBare))
            if (Said(link) is { } said && Target(manuscript, link) is { } target && said != target)
                yield return manuscript.At(link.Offset, "reference-number", $"the link says {said} and leads to {target}");
    }

    /// <summary>The number that a reader sees; null where the link is no reference by number.</summary>
    private static int? Said(Link link)
    {
        var match = Number().Match(link.Words);
        if (!match.Success)
            return null;
        var isMarked = match.Groups["mark"].Length > 0 || link.Start > 0 && link.In.Text[link.Start - 1] == '#';
        return isMarked && int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int? Target(Manuscript manuscript, Link link) =>
        OwnPages.IssueOf(manuscript, link)?.Number
        ?? (link.Web is { } web && (OwnPages.IsOwn(manuscript, link) || web.AbsolutePath.Contains("newsletter", StringComparison.OrdinalIgnoreCase)) && InPath().Match(web.AbsolutePath) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null);

    [GeneratedRegex(@"^(?<mark>#|(?:[Ii]ssue|[Nn]ewsletter|[Nn]umber|[Nn]o\.) ?#?)?(?<number>\d{1,5})\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"/0*(\d{1,5})(?:-[^/]*)?(?:\.html?)?/?\z")]
    private static partial Regex InPath();
}
