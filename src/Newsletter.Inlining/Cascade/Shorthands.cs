using System.Collections.Frozen;

namespace Newsletter.Inlining;

/// <summary>Which longhands a shorthand sets (the property definitions of the CSS modules, as Chromium and Safari have them).</summary>
internal static class Shorthands
{
    private static readonly string[] Four = ["top", "right", "bottom", "left"];
    private static readonly string[] Image = ["border-image-source", "border-image-slice", "border-image-width", "border-image-outset", "border-image-repeat"];

    // After what Make uses: static fields are set in the order of the text.
    private static readonly FrozenDictionary<string, string[]> Table = Make().ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Table.Keys;

    /// <summary>The longhands that a property certainly sets, and those with the ones that it may set, <see cref="Sides"/>.</summary>
    public static (string[] Covers, string[] Touches) Find(string name)
    {
        var covers = Of(name);
        return (covers, [.. covers.Union(covers.SelectMany(Sides))]);
    }

    /// <summary>The longhands of a property; a longhand or an unknown name is its own only one.</summary>
    private static string[] Of(string name) => Table.TryGetValue(Canonical(name), out var longhands) ? longhands : [Canonical(name)];

    /// <summary>The physical longhands that a logical one may stand for, whichever way the text runs.</summary>
    private static IEnumerable<string> Sides(string longhand)
    {
        if (longhand is "inline-size" or "block-size" or "min-inline-size" or "min-block-size" or "max-inline-size" or "max-block-size")
            return [longhand.Replace("inline-size", "width").Replace("block-size", "width"), longhand.Replace("inline-size", "height").Replace("block-size", "height")];
        var part = longhand.Contains("-inline-", StringComparison.Ordinal) ? "-inline-" : "-block-";
        var at = longhand.IndexOf(part, StringComparison.Ordinal);
        if (at < 0 || !(longhand.StartsWith("margin", StringComparison.Ordinal) || longhand.StartsWith("padding", StringComparison.Ordinal)
            || longhand.StartsWith("border", StringComparison.Ordinal) || longhand.StartsWith("inset", StringComparison.Ordinal)))
            return [];
        var tail = longhand[(at + part.Length)..];
        var rest = tail.StartsWith("start", StringComparison.Ordinal) ? tail[5..] : tail.StartsWith("end", StringComparison.Ordinal) ? tail[3..] : tail;
        return Four.Select(side => longhand.StartsWith("inset", StringComparison.Ordinal) ? side : longhand[..at] + "-" + side + rest);
    }

    /// <summary>Old names that browsers take for another property.</summary>
    private static string Canonical(string name) => name switch
    {
        "word-wrap" => "overflow-wrap",
        "grid-gap" => "gap",
        "grid-row-gap" => "row-gap",
        "grid-column-gap" => "column-gap",
        "-webkit-box-sizing" or "-webkit-border-radius" or "-webkit-box-shadow" or "-webkit-transform" or "-webkit-transition"
            or "-webkit-animation" or "-webkit-opacity" or "-webkit-flex" or "-webkit-text-size-adjust" or "-webkit-background-size"
            or "-webkit-align-items" or "-webkit-justify-content" or "-webkit-flex-direction" or "-webkit-flex-wrap" or "-webkit-order"
            or "-webkit-filter" or "-webkit-hyphens" or "-webkit-columns" or "-webkit-column-count" or "-webkit-column-gap"
            or "-webkit-user-select" or "-webkit-appearance" or "-webkit-transform-origin" or "-webkit-flex-flow" or "-webkit-align-self"
            => name["-webkit-".Length..],
        _ => name,
    };

    private static IEnumerable<KeyValuePair<string, string[]>> Make()
    {
        foreach (var line in Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (line.Split(": ") is [var name, var longhands])
                yield return new(name, longhands.Split(' '));
        foreach (var (name, longhands) in Boxes())
            yield return new(name, longhands);
    }

    private static IEnumerable<(string Name, string[] Longhands)> Boxes()
    {
        foreach (var box in new[] { "margin", "padding", "scroll-margin", "scroll-padding" })
        {
            yield return (box, [.. Four.Select(side => $"{box}-{side}")]);
            yield return ($"{box}-inline", [$"{box}-inline-start", $"{box}-inline-end"]);
            yield return ($"{box}-block", [$"{box}-block-start", $"{box}-block-end"]);
        }
        string[] parts = ["width", "style", "color"];
        foreach (var side in Four.Concat(["inline-start", "inline-end", "block-start", "block-end"]))
            yield return ($"border-{side}", [.. parts.Select(part => $"border-{side}-{part}")]);
        foreach (var part in parts)
            yield return ($"border-{part}", [.. Four.Select(side => $"border-{side}-{part}")]);
        foreach (var axis in new[] { "inline", "block" })
        {
            yield return ($"border-{axis}", [.. parts.SelectMany(part => new[] { $"border-{axis}-start-{part}", $"border-{axis}-end-{part}" })]);
            foreach (var part in parts)
                yield return ($"border-{axis}-{part}", [$"border-{axis}-start-{part}", $"border-{axis}-end-{part}"]);
        }
        yield return ("border", [.. Four.SelectMany(side => parts.Select(part => $"border-{side}-{part}")), .. Image]);
    }

    private const string Lines = """
        border-image: border-image-source border-image-slice border-image-width border-image-outset border-image-repeat
        border-radius: border-top-left-radius border-top-right-radius border-bottom-right-radius border-bottom-left-radius
        background: background-color background-image background-position-x background-position-y background-size background-repeat background-attachment background-origin background-clip
        background-position: background-position-x background-position-y
        font: font-style font-variant-ligatures font-variant-caps font-variant-alternates font-variant-numeric font-variant-east-asian font-variant-position font-variant-emoji font-weight font-stretch font-size line-height font-family font-size-adjust font-kerning font-feature-settings font-language-override font-optical-sizing font-variation-settings
        font-variant: font-variant-ligatures font-variant-caps font-variant-alternates font-variant-numeric font-variant-east-asian font-variant-position font-variant-emoji
        font-synthesis: font-synthesis-weight font-synthesis-style font-synthesis-small-caps
        list-style: list-style-type list-style-position list-style-image
        text-decoration: text-decoration-line text-decoration-style text-decoration-color text-decoration-thickness
        text-emphasis: text-emphasis-style text-emphasis-color
        text-wrap: text-wrap-mode text-wrap-style
        white-space: white-space-collapse text-wrap-mode
        outline: outline-width outline-style outline-color
        overflow: overflow-x overflow-y
        overscroll-behavior: overscroll-behavior-x overscroll-behavior-y
        inset: top right bottom left
        inset-inline: inset-inline-start inset-inline-end
        inset-block: inset-block-start inset-block-end
        flex: flex-grow flex-shrink flex-basis
        flex-flow: flex-direction flex-wrap
        gap: row-gap column-gap
        place-items: align-items justify-items
        place-content: align-content justify-content
        place-self: align-self justify-self
        grid-row: grid-row-start grid-row-end
        grid-column: grid-column-start grid-column-end
        grid-area: grid-row-start grid-column-start grid-row-end grid-column-end
        grid-template: grid-template-rows grid-template-columns grid-template-areas
        grid: grid-template-rows grid-template-columns grid-template-areas grid-auto-rows grid-auto-columns grid-auto-flow
        columns: column-width column-count
        column-rule: column-rule-width column-rule-style column-rule-color
        transition: transition-property transition-duration transition-timing-function transition-delay transition-behavior
        animation: animation-name animation-duration animation-timing-function animation-delay animation-iteration-count animation-direction animation-fill-mode animation-play-state animation-timeline animation-range-start animation-range-end
        mask: mask-image mask-position-x mask-position-y mask-size mask-repeat mask-origin mask-clip mask-composite mask-mode
        container: container-name container-type
        """;
}
