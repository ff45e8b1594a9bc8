using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Links to a place within this issue, or within another one.</summary>
internal static class AnchorRules
{
    // Looking for what was meant takes a step for each anchor: for the first few only.
    private const int MostSuggestions = 20;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var suggestions = 0;
        var others = new Dictionary<int, HashSet<string>?>();
        foreach (var link in manuscript.Links.Where(link => !link.IsPersonal))
        {
            var hash = link.Target.IndexOf('#', StringComparison.Ordinal);
            if (hash < 0 || link.Target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
                continue;
            var place = Uri.UnescapeDataString(link.Target[(hash + 1)..]);
            if (hash == 0 && place.Length == 0)
                yield return manuscript.At(link.TargetOffset, "anchor-empty", $"the link `{Words.Short(link.Words)}` leads to `#`, which is nowhere");
            else if (hash == 0 && !manuscript.Anchors.Contains(place) && place is not "top")
                yield return manuscript.At(link.TargetOffset, "anchor-missing", $"there is no `#{Words.Short(place)}` in this issue{(suggestions++ < MostSuggestions ? DidYouMean(place, manuscript.Anchors) : "")}");
            else if (hash > 0 && place.Length > 0 && OwnPages.IssueOf(manuscript, link) is { } entry && Anchors(entry, others) is { } anchors && !anchors.Contains(place))
                yield return manuscript.At(link.TargetOffset, "anchor-missing", $"there is no `#{Words.Short(place)}` in issue {entry.Number}{(suggestions++ < MostSuggestions ? DidYouMean(place, anchors) : "")}");
        }
    }

    private static HashSet<string>? Anchors(IssueEntry entry, Dictionary<int, HashSet<string>?> known)
    {
        if (!known.TryGetValue(entry.Number, out var anchors))
            known[entry.Number] = anchors = entry.Body() is { } body ? Manuscript.AnchorsOf(body) : null;
        return anchors;
    }

    private static string DidYouMean(string place, IEnumerable<string> anchors) => Spelling.Nearest(place, anchors.Take(500)) is { } near ? $"; did you mean `#{near}`?" : "";
}
