using System.Collections.Frozen;
using AngleSharp.Common;
using AngleSharp.Dom;

namespace Newsletter.Inlining;

/// <summary>
/// The name of an element in one piece, and what the tree builder must know of it. AngleSharp's own elements say that in
/// their constructors; it is written down here, since to make one of each takes a tenth of a second. A test compares.
/// </summary>
internal readonly record struct ElementKind(string Name, NodeFlags Flags)
{
    private const NodeFlags Block = NodeFlags.HtmlMember | NodeFlags.Special;
    private const NodeFlags Closed = Block | NodeFlags.ImplicitlyClosed;
    private const NodeFlags Implied = NodeFlags.HtmlMember | NodeFlags.ImplicitlyClosed | NodeFlags.ImpliedEnd;
    private const NodeFlags Table = Block | NodeFlags.Scoped | NodeFlags.HtmlTableSectionScoped | NodeFlags.HtmlTableScoped;

    private static readonly FrozenDictionary<string, NodeFlags> Html = Read(
        (Table | NodeFlags.ImplicitlyClosed, "html"),
        (Table, "template table"),
        (Closed, "body tr"),
        (Block, """
            head title noscript menu colgroup fieldset details form isindex dl select frameset h1 h2 h3 h4 h5 h6 div blockquote button main summary dir
            center listing nav address article aside figcaption figure section footer header hgroup plaintext time output
            """),
        (Block | NodeFlags.SelfClosing, "meta bgsound menuitem embed param col input keygen link frame source track base basefont area br wbr hr img"),
        (Block | NodeFlags.LiteralText, "script style noembed noframes iframe xmp"),
        (Unknown, """
            var ruby sub sup canvas ins del slot span dialog legend label data datalist selectedcontent audio video quote q cite image progress meter map
            picture mark dfn kbd samp abbr bdi bdo search
            """),
        (Implied, "rp rt rb rtc"),
        (Block | NodeFlags.Scoped, "applet marquee object caption"),
        (Unknown | NodeFlags.HtmlFormatting, "font b big strike code em i s small strong u tt nobr a"),
        (Closed | NodeFlags.HtmlTableSectionScoped, "thead tbody tfoot"),
        (Closed | NodeFlags.Scoped, "th td"),
        (Block | NodeFlags.LineTolerance, "textarea pre"),
        (Implied | NodeFlags.Special, "p li dd dt"),
        (Block | NodeFlags.HtmlListScoped, "ol ul"),
        (Implied | NodeFlags.HtmlSelectScoped, "option optgroup"));

    private static readonly FrozenDictionary<string, NodeFlags> Svg = Read(
        (NodeFlags.SvgMember | NodeFlags.Special | NodeFlags.Scoped | NodeFlags.HtmlTip, "desc foreignObject title"),
        (NodeFlags.SvgMember | NodeFlags.Special, "style"));

    private static readonly FrozenDictionary<string, NodeFlags> Math = Read(
        (NodeFlags.MathMember | NodeFlags.Special | NodeFlags.Scoped | NodeFlags.MathTip, "mn mo mi ms mtext"),
        (NodeFlags.MathMember | NodeFlags.Special | NodeFlags.Scoped, "annotation-xml"));

    /// <summary>An element of a name that HTML does not know.</summary>
    public const NodeFlags Unknown = NodeFlags.HtmlMember;

    /// <summary>The names that HTML knows.</summary>
    public static IReadOnlyList<string> HtmlNames => Html.Keys;

    public static ElementKind OfHtml(StringOrMemory name) => Of(Html, name, Unknown);

    public static ElementKind OfSvg(StringOrMemory name) => Of(Svg, name, NodeFlags.SvgMember);

    public static ElementKind OfMath(StringOrMemory name) => Of(Math, name, NodeFlags.MathMember);

    private static ElementKind Of(FrozenDictionary<string, NodeFlags> known, StringOrMemory name, NodeFlags otherwise)
    {
        var text = name.ToString();
        return new ElementKind(text, known.TryGetValue(text, out var flags) ? flags : otherwise);
    }

    private static FrozenDictionary<string, NodeFlags> Read(params ReadOnlySpan<(NodeFlags Flags, string Names)> groups)
    {
        var made = new Dictionary<string, NodeFlags>(StringComparer.Ordinal);
        foreach (var (flags, names) in groups)
            foreach (var name in names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                made.Add(name, flags);
        return made.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
