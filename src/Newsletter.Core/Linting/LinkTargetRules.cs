using System.Net;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Where links lead: nowhere, to a slip of the pen, without encryption, to a page that only its author may see, with a tracker's mark.</summary>
internal static partial class LinkTargetRules
{
    private static readonly string[] Trackers =
    [
        "fbclid", "gclid", "gbraid", "wbraid", "gad_source", "dclid", "msclkid", "yclid", "ttclid", "twclid", "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok",
        "vero_id", "oly_enc_id", "oly_anon_id", "trk", "trkcampaign", "ck_subscriber_id",
    ];

    private static readonly string[] Files = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".html", ".htm", ".md", ".pdf"];

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        foreach (var link in manuscript.Links)
        {
            var target = link.Target.Trim();
            if (target.Length == 0 && !link.IsBare)
                yield return manuscript.At(link.Offset, "link-empty", $"the link `{Words.Short(link.Words)}` has no target");
            else if (!link.IsPersonal && Slip(target) is { } slip)
                yield return manuscript.At(link.TargetOffset, "link-scheme", slip, Mailbox().IsMatch(target) ? "write mailto: before it" : null);
            else if (!link.IsPersonal && link.Web is null && Whole().IsMatch(target))
                yield return manuscript.At(link.TargetOffset, "link-host", $"`{Words.Short(target)}` has no host that can be read");
            else if (!link.IsPersonal && BesideTheIssue().IsMatch(target) && manuscript.Surroundings.Image(target)?.Content is null)
                yield return manuscript.At(link.TargetOffset, "link-file", $"`{Words.Short(target)}` is a file's place beside the issue; letters and archive take only images along");
            else if (link.Web is { } web)
                foreach (var problem in OfWeb(manuscript, link, web))
                    yield return problem;
        }
        var starts = manuscript.Links.Select(link => (link.In, link.Start, link.IsBare)).ToHashSet();
        foreach (var problem in manuscript.Passages.SelectMany(passage => Visible(manuscript, passage, starts)))
            yield return problem;
    }

    /// <summary>What is wrong with a target that was meant to be an address of the web; null where nothing is.</summary>
    private static string? Slip(string target)
    {
        if (Twice().IsMatch(target))
            return $"`{Words.Short(target)}` has two beginnings";
        if (Mangled().IsMatch(target))
            return $"`{Words.Short(target)}` does not begin with https://";
        if (target.StartsWith("//", StringComparison.Ordinal))
            return $"`{Words.Short(target)}` has no https: before its slashes";
        if (LostMailbox().IsMatch(target.Replace("%40", "@", StringComparison.Ordinal)))
            return $"`{Words.Short(target)}` has no mailbox behind mailto:";
        if (NoScheme().IsMatch(target) || Mailbox().IsMatch(target))
            return $"`{Words.Short(target)}` has no {(Mailbox().IsMatch(target) ? "mailto:" : "https://")} and would be a page of our own";
        return null;
    }

    private static IEnumerable<IssueProblem> OfWeb(Manuscript manuscript, Link link, Uri web)
    {
        var target = link.Target.Trim();
        if (IsPrivate(web) && OwnPages.Host(web) != OwnPages.Host(manuscript.Site) || IsEditorsView(web))
            yield return manuscript.At(link.TargetOffset, "link-private", $"`{Words.Short(target)}` is for its owner only");
        else if (!web.Host.Contains('.', StringComparison.Ordinal) && web.HostNameType == UriHostNameType.Dns)
            yield return manuscript.At(link.TargetOffset, "link-host", $"the host `{web.Host}` has no dot");
        if (web.Scheme == "http" && !link.IsPersonal)
            yield return manuscript.At(link.TargetOffset, "link-http", $"`{Words.Short(target)}` is without encryption");
        if (!link.IsBare && EndsOddly(target, web))
            yield return manuscript.At(link.TargetOffset, "link-end", $"the target ends with `{target[^1]}`");
        if (Words.OddSign(web.HostNameType == UriHostNameType.IPv6 ? web.PathAndQuery + web.Fragment : target) is { } odd)
            yield return manuscript.At(link.TargetOffset, "link-signs", $"the target holds `{odd}`", $"write {Uri.HexEscape(odd)} for it, if it belongs there");
        if (Tracker(web) is { } tracker)
            yield return manuscript.At(link.TargetOffset, "link-tracking", $"`{Words.Short(web.Host)}` is told where the click came from ({tracker})");
    }

    private static bool IsPrivate(Uri web) =>
        web.IsLoopback || web.Host.EndsWith(".local", StringComparison.OrdinalIgnoreCase) || web.Host.EndsWith(".internal", StringComparison.OrdinalIgnoreCase) || web.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(web.Host.Trim('[', ']'), out var address)
            && (address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.GetAddressBytes() is [10, _, _, _] or [192, 168, _, _] or [172, >= 16 and <= 31, _, _] or [169, 254, _, _]);

    private static bool IsEditorsView(Uri web) => EditorsView().IsMatch(OwnPages.Host(web) + web.PathAndQuery + web.Fragment);

    private static bool EndsOddly(string target, Uri web) => target[^1] switch
    {
        '.' => !web.Host.EndsWith("wikipedia.org", StringComparison.OrdinalIgnoreCase) || target.EndsWith("..", StringComparison.Ordinal),
        ',' or ';' or ':' or '\'' or '"' or '”' or '’' or '>' or '!' => true,
        ')' => target.Count(c => c == ')') > target.Count(c => c == '('),
        ']' => target.Count(c => c == ']') > target.Count(c => c == '['),
        _ => false,
    };

    private static string? Tracker(Uri web)
    {
        foreach (var part in web.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Concat(web.Fragment.TrimStart('#').Split('&', StringSplitOptions.RemoveEmptyEntries)))
            if (part.Split('=')[0].ToLowerInvariant() is var name && part.Contains('=', StringComparison.Ordinal) && (name.StartsWith("utm_", StringComparison.Ordinal) || Trackers.Contains(name)))
                return name;
        return null;
    }

    /// <summary>Links that Markdown does not take for any: their marks stay visible, and nobody can follow them.</summary>
    private static IEnumerable<IssueProblem> Visible(Manuscript manuscript, Passage passage, HashSet<(Passage, int, bool)> starts)
    {
        foreach (Match match in Unmade().Matches(passage.Text))
        {
            var behind = match.Index + match.Length;
            var target = passage.Text[behind..Math.Min(passage.Text.Length, behind + 2000)];
            var end = target.IndexOfAny([')', '\n']);
            var inner = end < 0 ? target[..Math.Min(target.Length, 200)] : target[..end];
            var isClose = passage.Text[match.Index + 1] == '(';
            if (starts.Contains((passage, behind, false)) || !starts.Contains((passage, behind, true)) && !LooksLikeAddress(inner, isClose))
                continue;
            var hasBlank = end >= 0 && target[end] == ')' && inner.Trim().Contains(' ', StringComparison.Ordinal) && isClose;
            yield return manuscript.At(passage.Offset(match.Index), hasBlank ? "link-space" : "link-visible",
                hasBlank ? $"a blank in the target `{Words.Short(inner)}`: the link stays visible as Markdown" : $"`{Words.Short(passage.Text.Substring(match.Index, Math.Min(40, passage.Text.Length - match.Index)))}` is no link and stays visible as Markdown");
        }
    }

    // Behind a blank only what is an address for sure: `[skip ci] (#64)`, `m[0] (/etc/hosts)` and `[RFC 1939] (1996)` are texts.
    private static bool LooksLikeAddress(string text, bool isClose)
    {
        var start = text.TrimStart(' ', '<', '(');
        return start.StartsWith("http", StringComparison.OrdinalIgnoreCase) || start.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || start.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
            || isClose && (start is ['#' or '/', ..] || HostAndPath().IsMatch(start) || Array.Exists(Files, ending => start.TrimEnd().EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
    }

    [GeneratedRegex(@"\][ \n]?\(|\)\[(?=http|www|\uFFFC)")]
    private static partial Regex Unmade();

    [GeneratedRegex(@"^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/", RegexOptions.IgnoreCase)]
    private static partial Regex HostAndPath();

    [GeneratedRegex("^https?:/", RegexOptions.IgnoreCase)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\z")]
    private static partial Regex Mailbox();

    // Nothing, no @, or a domain without a dot; `mailto:?subject=…` is for whom the reader chooses.
    [GeneratedRegex(@"^mailto:(?:\z|(?:[^@?]+|[^@?]*@[^.?]*)(?:\?|\z))", RegexOptions.IgnoreCase)]
    private static partial Regex LostMailbox();

    [GeneratedRegex(@"^https?:/*(?:https?:?/|www\.https?|[^/?#]+https?:/)", RegexOptions.IgnoreCase)]
    private static partial Regex Twice();

    [GeneratedRegex(@"^(?:https?:/(?!/)|https?//|https?:(?!/)|https?;/|h?t?tps?://(?<!^https?://)|hhttps?:|htt?tps?:/(?<!^https?:/)|https?\.//|//?https?:)", RegexOptions.IgnoreCase)]
    private static partial Regex Mangled();

    [GeneratedRegex(@"^(?:www\.[a-z0-9-]+\.[a-z]|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|io|dev|ca|uk|de|fr|eu|ai|co|info|app|us|ch|au|nl|se)(?:/|\z))", RegexOptions.IgnoreCase)]
    private static partial Regex NoScheme();

    // A path with a folder or an ending; without, it can be the page of another issue.
    [GeneratedRegex(@"^(?:\.\.?/|(?![/?#])[^:/?#]*[./])[^:]*\z")]
    private static partial Regex BesideTheIssue();

    [GeneratedRegex(@"^(?:mail\.google\.com/mail|outlook\.(?:office|live)\.com/(?:mail|owa)|drive\.google\.com/drive/(?:u/\d/)?my-drive|[^/]+/wp-admin\b|[^/]+\.slack\.com/archives/|buttondown\.(?:email|com)/emails/|app\.(?:asana|todoist)\.com/|web\.whatsapp\.com)")]
    private static partial Regex EditorsView();
}
