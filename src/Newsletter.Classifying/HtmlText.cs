using System.Net;
using System.Text;

namespace Newsletter.Classifying;

/// <summary>The words of an HTML part, good enough to search in: no browser, one pass.</summary>
internal static class HtmlText
{
    private const int MaxLength = 300_000;
    private static readonly string[] Breaking = ["p", "br", "div", "tr", "td", "th", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "pre", "hr"];

    public static string Of(string html)
    {
        html = html[..Math.Min(html.Length, MaxLength)];
        var text = new StringBuilder(html.Length / 2);
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('<', at);
            if (open < 0)
                open = html.Length;
            text.Append(html, at, open - at);
            at = open < html.Length ? SkipTag(html, open, text) : open;
        }
        return WebUtility.HtmlDecode(text.ToString()).Replace('\u00A0', ' ');
    }

    private static int SkipTag(string html, int open, StringBuilder text)
    {
        var close = html.IndexOf('>', open);
        if (close < 0)
            return html.Length;
        var inner = html.AsSpan(open + 1, close - open - 1).TrimStart('/');
        var length = inner.IndexOfAnyExcept(System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456"));
        var name = (length < 0 ? inner : inner[..length]).ToString().ToLowerInvariant();
        if (name is "style" or "script" && html[open + 1] != '/')
        {
            var end = html.IndexOf($"</{name}", close, StringComparison.OrdinalIgnoreCase);
            return end < 0 ? html.Length : end;
        }
        if (Breaking.Contains(name))
            text.Append('\n');
        return close + 1;
    }
}
