using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Newsletter.Composing.Body;

/// <summary>What an author's HTML may hold. Anything else is left out: mail programs drop it, or it is dangerous.</summary>
internal static partial class HtmlRules
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

    /// <summary>Properties that take an element from its place, or bring in script where old programs know them.</summary>
    private static readonly FrozenSet<string> Moving = Set("""
        position inset transform translate rotate scale zoom offset offset-path clip clip-path mask behavior behaviour -moz-binding -webkit-transform -ms-transform filter animation
        """);

    private static readonly FrozenSet<string> Functions = Set("""
        rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark calc min max clamp
        linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient repeating-conic-gradient
        """);

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

    /// <summary>
    /// Whether a style attribute does nothing but style. Judged are its properties (none that moves or hides what it is on; <c>float</c> and
    /// <c>background-position</c> do neither), its functions (only those that compute a colour, a length or a gradient: any other may fetch), and that it holds no
    /// comment, escape or brace, which browsers and we could read differently, and no tag, whose value a stranger writes.
    /// </summary>
    public static bool IsSafeStyle(string style) => IsPlainStyle(style) && style.Split(';').All(IsSafeDeclaration); // a mark within quotes cuts too much, never too little

    /// <summary>A style without the declarations that move or hide, and their properties; null where more than those is unsafe.</summary>
    public static (string? Kept, IReadOnlyList<string> Lost) SafePart(string style)
    {
        if (!IsPlainStyle(style))
            return (null, []);
        var declarations = style.Split(';');
        var lost = declarations.Where(declaration => !IsSafeDeclaration(declaration)).Select(declaration => declaration[..declaration.IndexOf(':', StringComparison.Ordinal)].Trim()).Distinct().ToList();
        return (string.Join(';', declarations.Where(IsSafeDeclaration)).Trim(), lost);
    }

    private static bool IsPlainStyle(string style) =>
        !style.AsSpan().ContainsAny("\\<{}@") && !style.Contains("/*", StringComparison.Ordinal) && !Placeholders.MayHold(style)
        && Function().Matches(style).All(match => match.Groups[1].Length == 0 || Functions.Contains(match.Groups[1].Value));

    private static bool IsSafeDeclaration(string declaration)
    {
        var colon = declaration.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return true;

        var (property, value) = (declaration[..colon].Trim().ToLowerInvariant(), declaration[(colon + 1)..]);
        var isPulled = (property.StartsWith("margin", StringComparison.Ordinal) || property == "text-indent") && Negative().IsMatch(value);
        var isHidden = property is "display" && value.Contains("none", StringComparison.OrdinalIgnoreCase) || property is "visibility" && !value.Contains("visible", StringComparison.OrdinalIgnoreCase);
        return !Moving.Contains(property) && !isPulled && !isHidden;
    }

    private static FrozenSet<string> Set(string words) => words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"((?<![\w-])[A-Za-z_-][\w-]*)?\(")]
    private static partial Regex Function();

    // `-9px`, and `0px - 9px` in a calc(); not the hyphen of a word, and not -0.
    [GeneratedRegex(@"(?<![\w%)-])-\s*(?:0*(?:\.0*)?[1-9]|infinity)|(?<=[\w%)])\s+-\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Negative();
}
