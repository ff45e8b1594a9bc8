using System.Collections.Frozen;

namespace Newsletter.Composing.Body;

/// <summary>What an author's HTML may hold. Anything else is left out: mail programs drop it, or it is dangerous.</summary>
internal static class HtmlRules
{
    /// <summary>Elements that stay (HTML Standard §4, those that mail programs show).</summary>
    public static readonly FrozenSet<string> Elements = Set("""
        a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer
        h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time
        tr tt u ul var wbr
        """);

    /// <summary>Without end tag (HTML Standard §13.1.2).</summary>
    public static readonly FrozenSet<string> Void = Set("br col hr img wbr");

    /// <summary>Left out with all that is in them.</summary>
    public static readonly FrozenSet<string> Dropped = Set("""
        applet audio canvas frameset head iframe math noembed noframes noscript object plaintext script select style svg template textarea title video xmp
        """);

    /// <summary>Elements that stand on lines of their own.</summary>
    public static readonly FrozenSet<string> Blocks = Set("""
        address article aside blockquote caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section
        summary table tbody td tfoot th thead tr ul
        """);

    /// <summary>Attributes of any element.</summary>
    public static readonly FrozenSet<string> Attributes = Set("""
        align alt aria-hidden aria-label bgcolor border cellpadding cellspacing cite class color colspan datetime dir face height href id lang name open reversed role
        rowspan scope size span src start style title type valign value width
        """);

    /// <summary>Elements whose end tag may be missing, with those that stop the search for them.</summary>
    public static readonly FrozenDictionary<string, (FrozenSet<string> Ends, FrozenSet<string> StopsAt)> EndedBy =
        new Dictionary<string, (FrozenSet<string>, FrozenSet<string>)>
        {
            ["li"] = (Set("li p"), Set("ul ol")),
            ["p"] = (Set("p"), Set("td th li blockquote div")),
            ["dt"] = (Set("dt dd p"), Set("dl")),
            ["dd"] = (Set("dt dd p"), Set("dl")),
            ["td"] = (Set("td th p"), Set("tr table")),
            ["th"] = (Set("td th p"), Set("tr table")),
            ["tr"] = (Set("tr td th p"), Set("table")),
            ["tbody"] = (Set("thead tbody tfoot tr td th p"), Set("table")),
            ["tfoot"] = (Set("thead tbody tfoot tr td th p"), Set("table")),
            ["thead"] = (Set("thead tbody tfoot tr td th p"), Set("table")),
        }.ToFrozenDictionary();

    /// <summary>Whether a link or image may lead there: no script, no data, no file.</summary>
    public static bool IsSafeAddress(string address)
    {
        // Browsers skip blanks and controls in a scheme: `java\tscript:`.
        var text = new string([.. address.Where(c => c > ' ' && !char.IsControl(c))]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.AsSpan(0, colon).ContainsAny('/', '?', '#'))
            return true;
        return text[..colon].ToLowerInvariant() is "http" or "https" or "mailto" or "tel" or "sms" or "ftp" or "xmpp";
    }

    /// <summary>Whether a style attribute does nothing but style: no address, nothing that leaves the flow, no escapes to hide them.</summary>
    public static bool IsSafeStyle(string style) =>
        !Array.Exists(["url(", "expression", "behavior", "behaviour", "@import", "position", "javascript", "\\", "<", "/*", "{", "}", "display:none"],
            word => style.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static FrozenSet<string> Set(string words) => words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
