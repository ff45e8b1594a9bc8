using System.Collections.Frozen;
using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>
/// Colours that an author's HTML brings along, made to hold in the dark. Black on white, as word processors write it into every tag, says nothing and goes:
/// on dark paper it would be black. Where an element has a ground of its own, ground and words stay together, whatever a theme says of links and quotations.
/// </summary>
/// <param name="light">The theme's colours by day.</param>
/// <param name="link">That of its links.</param>
internal sealed class OwnColours(ThemeColours light, string link)
{
    private const double Readable = 4.5;
    private const double Grey = 0x78;  // what is darker says no more than "text"; 4.5 to 1 on white
    private const double Tint = 0x20;  // between the channels of a colour that is still a grey
    private const double White = 0xF0;

    private static readonly FrozenSet<string> OfWords = Set("a abbr b bdi big cite code del em font h1 h2 h3 h4 h5 h6 i ins li p q s small span strike strong sub sup u");
    private static readonly FrozenSet<string> OfBoxes = Set("address article aside center dd div dl dt figcaption figure footer header main ol section table tbody td tfoot th thead tr ul");
    private static readonly FrozenSet<string> OfSystem = Set("windowtext canvastext");
    private static readonly FrozenSet<string> Nothing = Set("none transparent initial inherit unset revert");

    /// <summary>The first colour that was taken out, as its author wrote it; null where there was none.</summary>
    public string? Dropped { get; private set; }

    public void Settle(IElement body) => Inside(body, null, null);

    private void Inside(IElement parent, Ground? around, string? lost)
    {
        foreach (var child in parent.ChildNodes.OfType<IElement>())
            if (!child.ClassList.Contains("button"))
                One(child, around, lost);
    }

    private void One(IElement element, Ground? around, string? lost)
    {
        var style = InlineStyle.Of(element);
        if (around is null && OfWords.Contains(element.LocalName))
            lost = DropPlain(element, style) ?? lost;
        var (own, isOwn) = GroundOf(element, style);
        if (around is null && !isOwn && OfBoxes.Contains(element.LocalName) && Plain(element, style) is { } plain)
            lost = Drop(plain, element, style);
        if (isOwn)
            around = new(own, TextOn(own, element, style, lost));
        if (around is not null && IsPainted(element))
            Keep(element, style, around);
        Inside(element, around, lost);
    }

    // A link in black is a choice: themes give links another colour in the dark anyway. One with padding or border is a button.
    private string? DropPlain(IElement element, InlineStyle style)
    {
        var plain = Plain(element, style);
        var (ground, isOwn) = GroundOf(element, style);
        var isBare = !isOwn || plain == TextOf(element, style) && ground is { R: >= White, G: >= White, B: >= White } && !style.Has("padding") && !style.Has("border");
        if (!isBare)
            return null;
        style.Drop("background-color", "background");
        element.RemoveAttribute("bgcolor");
        return plain is not null && element.LocalName != "a" ? Drop(plain, element, style) : null;
    }

    private string Drop(string plain, IElement element, InlineStyle style)
    {
        Dropped ??= plain;
        style.Drop("color");
        if (element.LocalName == "font")
            element.RemoveAttribute("color");
        return plain;
    }

    private static string? TextOf(IElement element, InlineStyle style) => style.Find("color") ?? (element.LocalName == "font" ? element.GetAttribute("color") : null);

    private static string? Plain(IElement element, InlineStyle style) =>
        TextOf(element, style) is { } text && (OfSystem.Contains(text) || Colour.Read(text) is { } colour && IsPlain(colour)) ? text : null;

    private static bool IsPlain(Colour colour)
    {
        var shown = colour.Over(Colour.White);
        var (most, least) = (Math.Max(shown.R, Math.Max(shown.G, shown.B)), Math.Min(shown.R, Math.Min(shown.G, shown.B)));
        return most <= Grey && most - least <= Tint;
    }

    /// <summary>Null with true: a ground that cannot be computed.</summary>
    private static (Colour? Ground, bool IsOwn) GroundOf(IElement element, InlineStyle style)
    {
        var words = style.Find("background-color") ?? style.Find("background") ?? element.GetAttribute("bgcolor");
        if (string.IsNullOrWhiteSpace(words) || Nothing.Contains(words))
            return (null, false);
        var colour = Colour.Read(words) ?? words.Split(' ').Select(Colour.Read).FirstOrDefault(found => found is not null);
        return colour is { A: 0 } ? (null, false) : (colour?.Over(Colour.White), true);
    }

    // By day words on a light ground have the theme's colour anyway; said here they have it in the dark as well.
    private string? TextOn(Colour? ground, IElement element, InlineStyle style, string? lost)
    {
        if (style.Find("color") is { } own)
            return own.Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim();
        if (element.LocalName == "font" && element.GetAttribute("color") is { Length: > 0 } attribute)
            return attribute;
        if (Inherited(element) is { } given)
            return given;
        if ((IsReadable(light.Text, ground) ? light.Text : lost) is { } text && !IsPainted(element))
            style.Add("color", text);
        return IsReadable(light.Text, ground) ? light.Text : lost;
    }

    private static string? Inherited(IElement element)
    {
        for (var at = element.ParentElement; at is not null; at = at.ParentElement)
            if (InlineStyle.Of(at).Find("color") is { } given)
                return given.Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim();
        return null;
    }

    // What themes paint by its name, in the dark with !important.
    private static bool IsPainted(IElement element) => element.LocalName is "a" or "blockquote" or "th" || element.ClassList.Contains("caption");

    // Twice: Word drops a declaration with !important, and takes the one before it.
    private void Keep(IElement element, InlineStyle style, Ground around)
    {
        if (style.Find("color") is null)
        {
            var wanted = element.LocalName == "a" ? link : light.Quiet;
            if ((IsReadable(wanted, around.Shown) ? wanted : around.Text) is not { } chosen)
                return;
            style.Add("color", chosen);
        }
        var colour = style.Find("color")!;
        if (!colour.Contains('!', StringComparison.Ordinal))
            style.Add("color", colour + " !important");
    }

    private static bool IsReadable(string text, Colour? ground) => ground is { } known && Colour.Read(text) is { } colour && colour.Contrast(known) >= Readable;

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="Shown">Null where it cannot be computed.</param>
    /// <param name="Text">What words on it have; null where that is not known.</param>
    private sealed record Ground(Colour? Shown, string? Text);
}
