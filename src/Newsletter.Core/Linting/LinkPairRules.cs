using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Links beside each other: two headlines that lead to one page, one text that leads to two.</summary>
internal static class LinkPairRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var byTarget = new Dictionary<string, Link>(StringComparer.Ordinal);
        var byWords = new Dictionary<string, Link>(StringComparer.OrdinalIgnoreCase);
        foreach (var link in manuscript.Links.Where(link => link is { IsBare: false, IsPersonal: false, Web: not null } && link.Words.Trim(Passage.Thing).Length > 1))
        {
            if (IsHeadline(link) && !OwnPages.IsOwn(manuscript, link))
            {
                if (!byTarget.TryAdd(link.Web!.AbsoluteUri, link) && byTarget[link.Web.AbsoluteUri] is var first && first.In != link.In && !IsSameText(first, link))
                    yield return manuscript.At(link.Offset, "link-same-target", $"`{Words.Short(link.Words)}` leads where `{Words.Short(first.Words)}` leads, in line {manuscript.At(first.Offset, "link-same-target", "").Line}");
            }
            var key = Key(link);
            if (link.Words.Length >= 6 && !byWords.TryAdd(key, link) && byWords[key] is var other && !IsSamePage(other.Web!, link.Web!))
                yield return manuscript.At(link.Offset, "link-same-text", $"`{Words.Short(link.Words)}` leads elsewhere than in line {manuscript.At(other.Offset, "link-same-text", "").Line}");
        }
    }

    /// <summary>A link that begins its paragraph or item, as the titles of a list of links do.</summary>
    private static bool IsHeadline(Link link) => Begins(link) && link.Words.Length >= 12;

    private static bool Begins(Link link) => link.In.Text.AsSpan(0, Math.Min(link.Start, link.In.Length)).Trim(" *_“\"'\n").IsEmpty;

    // Jobs of one title at two places are two jobs: what stands behind a headline belongs to its name.
    private static string Key(Link link) => Begins(link)
        ? string.Concat(link.Words, "\u0001", link.In.Text.AsSpan(Math.Min(link.End, link.In.Length), Math.Min(40, link.In.Length - Math.Min(link.End, link.In.Length))))
        : link.Words;

    private static bool IsSameText(Link a, Link b) =>
        a.Words.Equals(b.Words, StringComparison.OrdinalIgnoreCase) || a.Words.StartsWith(b.Words, StringComparison.OrdinalIgnoreCase) || b.Words.StartsWith(a.Words, StringComparison.OrdinalIgnoreCase);

    private static bool IsSamePage(Uri a, Uri b) => OwnPages.Host(a) == OwnPages.Host(b) && a.PathAndQuery.TrimEnd('/') == b.PathAndQuery.TrimEnd('/');
}
