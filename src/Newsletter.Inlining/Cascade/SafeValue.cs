using System.Buffers;
using System.Collections.Frozen;

namespace Newsletter.Inlining;

/// <summary>
/// Knows values that every mail program and browser takes. Where it says yes, what they override need not be written; where
/// it does not know, both are written and the reader's program chooses, as the author meant a fallback to be chosen.
/// </summary>
internal static class SafeValue
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly FrozenSet<string> Units = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "px", "em", "pt", "ex", "in", "cm", "mm", "pc");

    private static readonly FrozenSet<string> Lines =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "none", "hidden", "dotted", "dashed", "solid", "double", "groove", "ridge", "inset", "outset");

    private static readonly FrozenDictionary<string, FrozenSet<string>> Words = new Dictionary<string, string>
    {
        ["display"] = "none inline block inline-block list-item table table-row table-cell",
        ["text-align"] = "left right center justify",
        ["vertical-align"] = "baseline sub super top text-top middle bottom text-bottom",
        ["font-style"] = "normal italic oblique",
        ["font-weight"] = "normal bold bolder lighter 100 200 300 400 500 600 700 800 900",
        ["text-decoration"] = "none underline overline line-through",
        ["text-transform"] = "none capitalize uppercase lowercase",
        ["white-space"] = "normal pre nowrap pre-wrap pre-line",
        ["border-collapse"] = "collapse separate",
        ["table-layout"] = "auto fixed",
        ["float"] = "left right none",
        ["clear"] = "none left right both",
        ["overflow"] = "visible hidden scroll auto",
        ["visibility"] = "visible hidden collapse",
        ["position"] = "static relative absolute fixed",
        ["direction"] = "ltr rtl",
        ["list-style-type"] = "none disc circle square decimal",
        ["word-break"] = "normal break-all",
        ["font-variant"] = "normal small-caps",
        ["box-sizing"] = "border-box content-box",
        ["background-repeat"] = "repeat repeat-x repeat-y no-repeat",
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>True if the value is certainly valid for the property.</summary>
    public static bool IsKnown(string property, string value)
    {
        if (value.Equals("inherit", StringComparison.OrdinalIgnoreCase))
            return true;
        if (Words.TryGetValue(property, out var words))
            return words.Contains(value);
        return property switch
        {
            "color" or "background-color" or "border-top-color" or "border-right-color" or "border-bottom-color" or "border-left-color" => IsColor(value),
            "margin" => IsBox(value, 4, auto: true, negative: true),
            "margin-top" or "margin-right" or "margin-bottom" or "margin-left" => IsBox(value, 1, auto: true, negative: true),
            "padding" or "border-radius" => IsBox(value, 4),
            "padding-top" or "padding-right" or "padding-bottom" or "padding-left" or "font-size" => IsBox(value, 1),
            "width" or "height" or "min-width" or "min-height" => IsBox(value, 1, auto: true),
            "max-width" or "max-height" => value.Equals("none", StringComparison.OrdinalIgnoreCase) || IsBox(value, 1),
            "line-height" => IsNumber(value) || value.Equals("normal", StringComparison.OrdinalIgnoreCase) || IsBox(value, 1),
            "letter-spacing" or "word-spacing" => value.Equals("normal", StringComparison.OrdinalIgnoreCase) || (IsBox(value, 1, negative: true) && !value.Contains('%')),
            "border-spacing" => IsBox(value, 2) && !value.Contains('%'),
            "text-indent" => IsBox(value, 1, negative: true),
            "border" or "border-top" or "border-right" or "border-bottom" or "border-left" or "outline" => IsLine(value),
            "border-style" or "border-top-style" or "border-right-style" or "border-bottom-style" or "border-left-style" => Lines.Contains(value),
            "border-width" or "border-top-width" or "border-right-width" or "border-bottom-width" or "border-left-width" => IsBox(value, 1) && !value.Contains('%'),
            "font-family" => IsFamily(value),
            "background" => value.Equals("none", StringComparison.OrdinalIgnoreCase) || IsColor(value),
            "opacity" => IsNumber(value),
            _ => false,
        };
    }

    public static bool IsColor(ReadOnlySpan<char> value)
    {
        if (value.StartsWith('#'))
            return value.Length is 4 or 7 && !value[1..].ContainsAnyExcept(Hex);
        if (value.StartsWith("rgb(", StringComparison.OrdinalIgnoreCase) && value.EndsWith(')'))
            return IsTriple(value[4..^1]);
        return ColorNames.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value);
    }

    private static bool IsTriple(ReadOnlySpan<char> value)
    {
        var count = 0;
        foreach (var range in value.Split(','))
        {
            var number = value[range].Trim();
            if (++count > 3 || number.Length is 0 or > 3 || number.ContainsAnyExceptInRange('0', '9'))
                return false;
        }
        return count == 3;
    }

    private static bool IsLine(ReadOnlySpan<char> value)
    {
        var (style, width, color) = (0, 0, 0);
        foreach (var range in value.Split(' '))
        {
            var part = value[range];
            if (Lines.GetAlternateLookup<ReadOnlySpan<char>>().Contains(part))
                style++;
            else if (!part.Contains('%') && IsLength(part, auto: false, negative: false))
                width++;
            else if (IsColor(part))
                color++;
            else
                return false;
        }
        return style <= 1 && width <= 1 && color <= 1;
    }

    private static bool IsBox(ReadOnlySpan<char> value, int most, bool auto = false, bool negative = false)
    {
        var count = 0;
        foreach (var range in value.Split(' '))
            if (++count > most || !IsLength(value[range], auto, negative))
                return false;
        return true;
    }

    private static bool IsLength(ReadOnlySpan<char> part, bool auto, bool negative)
    {
        if (auto && part.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return true;
        var text = part.StartsWith('-') && negative ? part[1..] : part;
        var unit = text.IndexOfAnyExcept(Digits);
        if (!IsNumber(unit < 0 ? text : text[..unit]))
            return false;
        return unit < 0 ? !text.ContainsAnyExcept('0', '.') : text[unit..] is "%" || Units.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[unit..]);
    }

    private static bool IsNumber(ReadOnlySpan<char> text) =>
        text.Length > 0 && char.IsAsciiDigit(text[^1]) && !text.ContainsAnyExcept(Digits) && text.Count('.') <= 1;

    private static bool IsFamily(string value)
    {
        foreach (var family in SelectorParser.Split(value))
        {
            var tokens = new CssTokenizer(family);
            var (strings, idents) = (0, 0);
            for (var token = tokens.NextSolid(); token.Kind != CssTokenKind.End; token = tokens.NextSolid())
            {
                if (token.Kind == CssTokenKind.String)
                    strings++;
                else if (token.Kind == CssTokenKind.Ident)
                    idents++;
                else
                    return false;
            }
            if (strings + idents == 0 || strings > 1 || (strings == 1 && idents > 0))
                return false;
        }
        return true;
    }

    private static readonly FrozenSet<string> ColorNames = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "transparent", "aqua", "black", "blue", "fuchsia", "gray", "green", "lime", "maroon", "navy", "olive", "orange", "purple", "red", "silver",
        "teal", "white", "yellow", "grey", "pink", "brown", "gold", "lightgray", "lightgrey", "darkgray", "darkgrey", "whitesmoke", "gainsboro",
        "dimgray", "dimgrey", "crimson", "tomato", "coral", "salmon", "indigo", "violet", "magenta", "cyan", "beige", "ivory", "khaki", "tan");
}
