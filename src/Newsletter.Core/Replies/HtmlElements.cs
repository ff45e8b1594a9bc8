using System.Collections.Frozen;

namespace Newsletter.Replies;

/// <summary>How an element of a mail's HTML is treated. What is not named here goes, and what it holds stays.</summary>
internal static class HtmlElements
{
    private static readonly FrozenSet<string> Same =
    [
        "p", "div", "blockquote", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption",
        "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "code", "tt", "kbd", "samp", "q", "small", "dl", "dt", "dd",
    ];

    private static readonly FrozenSet<string> Divisions = ["section", "article", "header", "footer", "main", "aside", "nav", "address", "figure", "figcaption", "center", "form", "fieldset", "details", "summary"];

    private static readonly FrozenSet<string> Breaking =
    [
        "p", "div", "blockquote", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "dl", "dt", "dd", "body", "option", "h1", "h2", "h3", "h4", "h5", "h6",
        "section", "article", "header", "footer", "main", "aside", "nav", "address", "figure", "figcaption", "center", "form", "fieldset", "details", "summary",
    ];

    /// <summary>Elements that have no end tag (WHATWG HTML §13.1.2).</summary>
    private static readonly FrozenSet<string> Void = ["area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param", "source", "track", "wbr", "image"];

    /// <summary>Elements of which nothing is shown.</summary>
    private static readonly FrozenSet<string> Hidden = ["svg", "math", "template", "script", "style", "title", "iframe", "noembed", "noframes", "xmp", "plaintext", "textarea", "select", "datalist", "object", "applet", "audio", "video", "canvas", "frameset"];

    public static bool IsVoid(string name) => Void.Contains(name);

    public static bool IsHidden(string name) => Hidden.Contains(name);

    public static bool Breaks(string name) => Breaking.Contains(name);

    public static bool IsHeading(string name) => name is ['h', >= '1' and <= '6'];

    /// <summary>The element that is written for it; null for none.</summary>
    public static string? Written(string name) => Same.Contains(name) ? name : IsHeading(name) ? "p" : Divisions.Contains(name) ? "div" : null;

    /// <summary>Whether a start tag of <paramref name="name"/> ends an open element of <paramref name="open"/> that lacks its end tag.</summary>
    public static bool Ends(string name, string open) => open switch
    {
        "p" => Breaks(name),
        "li" => name is "li",
        "dt" or "dd" => name is "dt" or "dd",
        "td" or "th" => name is "td" or "th" or "tr" or "tbody" or "thead" or "tfoot",
        "tr" => name is "tr" or "tbody" or "thead" or "tfoot",
        "a" => name is "a",
        _ => false,
    };
}
