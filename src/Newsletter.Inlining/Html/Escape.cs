using System.Net;
using System.Text;

namespace Newsletter.Inlining;

/// <summary>Text inside a quoted attribute.</summary>
internal static class Escape
{
    public static string Attribute(string value) => value.Replace("&", "&amp;").Replace("\"", "&quot;");

    /// <summary>What a text within SVG says, where a style element is no raw text: comments are dropped, references resolved, CDATA taken as it is.</summary>
    public static string TextOfXml(string source)
    {
        var made = new StringBuilder(source.Length);
        for (var at = 0; at < source.Length;)
        {
            var next = source.IndexOf("<!", at, StringComparison.Ordinal);
            made.Append(WebUtility.HtmlDecode(next < 0 ? source[at..] : source[at..next]));
            if (next < 0)
                break;
            var isData = string.CompareOrdinal(source, next, "<![CDATA[", 0, 9) == 0;
            var end = isData ? "]]>" : string.CompareOrdinal(source, next, "<!--", 0, 4) == 0 ? "-->" : ">";
            var close = source.IndexOf(end, next + 2, StringComparison.Ordinal);
            if (isData)
                made.Append(source, next + 9, (close < 0 ? source.Length : close) - next - 9);
            at = close < 0 ? source.Length : close + end.Length;
        }
        return made.ToString();
    }

    /// <summary>CSS for a place between quotation marks of that kind; strings in it take the other kind where they can.</summary>
    public static string Css(string css, char quote)
    {
        if (css.AsSpan().IndexOfAny('"', '\'', '&') < 0)
            return css;
        var other = quote == '"' ? '\'' : '"';
        if (css.Contains(quote) && !css.Contains(other) && !css.Contains('\\'))
            css = css.Replace(quote, other);
        return css.Replace("&", "&amp;").Replace(quote.ToString(), quote == '"' ? "&quot;" : "&#39;");
    }
}
