using System.Text.RegularExpressions;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>What links say: nothing, nothing of where they lead, or another address than theirs.</summary>
internal static partial class LinkWordRules
{
    private static readonly HashSet<string> Empty = new(StringComparer.OrdinalIgnoreCase)
    {
        "here", "this", "link", "this link", "the link", "click here", "click", "right here", "over here", "this page", "page", "read more", "more", "learn more", "read", "see here", "see this",
        "article", "this article", "this post", "this blog post", "this paper", "this one", "this video", "this thread", "post", "website", "source", "hier", "klick hier", "mehr", "weiterlesen", "ici", "lire la suite", "aquí", "qui", "there", "it", "url",
    };

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        Link? last = null;
        foreach (var link in manuscript.Links)
        {
            if (!link.IsBare)
                foreach (var problem in OfWords(manuscript, link))
                    yield return problem;
            if (last is not null && last.In == link.In && last.Target == link.Target && link.Target.Length > 0 && HasWords(link) && HasWords(last) && link.Start >= last.End
                && link.In.Text.AsSpan(last.End, link.Start - last.End).Trim().IsEmpty)
                yield return manuscript.At(link.Offset, "link-split", $"`{Words.Short(last.Words)}` and `{Words.Short(link.Words)}` are two links to one target, side by side");
            last = link;
        }
    }

    // Two images side by side are two, wherever they lead.
    private static bool HasWords(Link link) => link.Words.AsSpan().ContainsAnyExcept(Passage.Thing, ' ');

    private static IEnumerable<IssueProblem> OfWords(Manuscript manuscript, Link link)
    {
        var words = link.Words;
        if (words.Length == 0 && IssueLinks.IsOne(link.Target))
            yield break; // the renderer says the issue's title there
        if (words.Length == 0)
            yield return manuscript.At(link.Offset, "link-text-empty", $"the link to `{Words.Short(link.Target)}` has no words: nobody sees it");
        else if (Empty.Contains(words.Trim([.. " .,;!?:…>»()[]\"“”'‘’"])))
            yield return manuscript.At(link.Offset, "link-here", $"the link says only `{Words.Short(words)}`");
        else if (Disguised(link, words))
            yield return manuscript.At(link.Offset, "link-disguised", $"the link shows `{Words.Short(words)}` and leads to `{Words.Short(link.Web?.Host ?? link.Target)}`");
    }

    // Filters take it for phishing, readers for a lie; as a rule it is a target copied from the line above.
    private static bool Disguised(Link link, string words)
    {
        if (link.IsPersonal || words.Contains(' ', StringComparison.Ordinal) || words.Any(Masked.IsTag))
            return false;
        if (link.Target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            return words.Contains('@', StringComparison.Ordinal) && Mailbox().IsMatch(words)
                && !Uri.UnescapeDataString(link.Target["mailto:".Length..].Split('?')[0]).Equals(words.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

        var shown = Uri.TryCreate(words, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https" ? whole : Bare().IsMatch(words) && Uri.TryCreate("https://" + words, UriKind.Absolute, out var bare) ? bare : null;
        // An archive's copy, or a page about it, has the address within its own: web.archive.org/web/2020/https://…
        return shown is not null && link.Web is { } web && !Uri.UnescapeDataString(web.AbsoluteUri).Contains(words.TrimEnd('/'), StringComparison.OrdinalIgnoreCase) && !IsSameSite(OwnPages.Host(shown), OwnPages.Host(web));
    }

    private static bool IsSameSite(string a, string b) =>
        a == b || a.EndsWith("." + b, StringComparison.Ordinal) || b.EndsWith("." + a, StringComparison.Ordinal)
        || a.Split('.') is [.., var secondA, var topA] && b.Split('.') is [.., var secondB, var topB] && secondA == secondB && topA == topB && secondA.Length > 3;

    [GeneratedRegex(@"^[^\s@]+@[^\s@]+\.[A-Za-z]{2,}\.?\z")]
    private static partial Regex Mailbox();

    // A host that says so itself: www.…, or one with a path. `Node.js` and `std.io` are words, `10.5281/zenodo.17` is a DOI.
    [GeneratedRegex(@"^(?:www\.[A-Za-z0-9.-]+\.[A-Za-z]{2,}|(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*)\z")]
    private static partial Regex Bare();
}
