using System.Net;
using System.Text.RegularExpressions;

namespace Newsletter.Web;

/// <summary>The letter's HTML for one view: changed only where a browser in a frame is no mail program. All else stays as it is sent.</summary>
internal static partial class PreviewCopy
{
    private const string AlwaysHolds = "(min-width: 0)", NeverHolds = "(max-width: 0)";
    private const int Milliseconds = 2000;

    /// <summary>A hostile theme can make the search long: the copy is then the letter itself.</summary>
    /// <param name="html">The letter or the page.</param>
    /// <param name="view">How it is looked at.</param>
    /// <param name="local">Our address for an image of the publication's folder; null for any other address.</param>
    public static string Of(string html, View view, Func<string, string?> local)
    {
        try
        {
            html = Tag().Replace(html, tag => Changed(tag, local));
            return view == View.Page ? html : InColours(html, view);
        }
        catch (RegexMatchTimeoutException)
        {
            return html;
        }
    }

    private static string Changed(Match tag, Func<string, string?> local)
    {
        if (tag.Groups["name"].Value is "a" or "A" or "area" or "AREA")
            return WithinPage().IsMatch(tag.Value) ? tag.Value : $"<{tag.Groups["name"].Value} target=\"_blank\" rel=\"noopener noreferrer\"{tag.Groups["rest"].Value}";
        return ImageAddress().Replace(tag.Value, address =>
            local(WebUtility.HtmlDecode(address.Groups["address"].Value)) is { } ours ? $"{address.Groups["before"].Value}\"{WebUtility.HtmlEncode(ours)}\"" : address.Value);
    }

    /// <summary>A style sheet's question for dark colours is answered by the view, not by the system that the editor sits at.</summary>
    private static string InColours(string html, View view)
    {
        var isDark = view == View.Dark && html.Contains("color-scheme", StringComparison.OrdinalIgnoreCase);
        string Decided(Match match) => Scheme().Replace(match.Value, scheme => scheme.Groups[1].Value.Equals("dark", StringComparison.OrdinalIgnoreCase) == isDark ? AlwaysHolds : NeverHolds);
        html = MediaAttribute().Replace(Style().Replace(html, Decided), Decided);

        var end = html.IndexOf("</head>", StringComparison.OrdinalIgnoreCase);
        // The frame itself turns all colours around; pictures are turned back, as mail programs leave them alone.
        var pictures = view == View.Forced ? "img, video, svg { filter: invert(1) hue-rotate(180deg) !important; }" : "";
        return end < 0 ? html : html.Insert(end, $"<style>:root {{ color-scheme: {(isDark ? "dark" : "light")} !important; }} {pictures}</style>");
    }

    [GeneratedRegex("""<(?<name>a|area|img|table|td|th|tr|body|input|source)(?=[\s/>])(?<rest>(?:[^>"']|"[^"]*"|'[^']*')*>)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Tag();

    [GeneratedRegex("""\shref\s*=\s*["']?\s*#""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex WithinPage();

    [GeneratedRegex("""(?<before>[\s"'](?:src|background)\s*=\s*)(?<quote>["'])(?<address>[^"']*)\k<quote>""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex ImageAddress();

    [GeneratedRegex(@"<style(?=[\s/>]).*?</style", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Style();

    [GeneratedRegex("""\smedia\s*=\s*("[^"]*"|'[^']*')""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex MediaAttribute();

    [GeneratedRegex(@"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Milliseconds)]
    private static partial Regex Scheme();
}
