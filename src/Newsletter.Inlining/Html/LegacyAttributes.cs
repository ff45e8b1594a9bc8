using System.Globalization;

namespace Newsletter.Inlining;

/// <summary>
/// The attributes that old programs read where a style is not enough: Outlook's Word engine sizes images and cells by them.
/// A style wins over its attribute wherever both are read, so only what the style says as well is written.
/// </summary>
internal static class LegacyAttributes
{
    /// <summary>Name and value of each attribute that the element's styles call for and that it lacks.</summary>
    public static List<(string Name, string Value)> Of(Styled element)
    {
        var made = new List<(string Name, string Value)>();
        var node = element.Node;
        if (!node.IsHtml || node.Name is not ("img" or "table" or "td" or "th" or "tr" or "body"))
            return made;
        if (node.Name is not ("tr" or "body"))
            Add("width", Length(Winner(element, "width"), percent: true));
        if (node.Name is not ("tr" or "body" or "table"))
            Add("height", Length(Winner(element, "height"), percent: node.Name != "img"));
        if (node.Name != "img")
            Add("bgcolor", Color(Winner(element, "background-color")));
        if (node.Name is "td" or "th" or "tr")
        {
            Add("align", Word(Winner(element, "text-align"), "left", "center", "right", "justify"));
            Add("valign", Word(Winner(element, "vertical-align"), "top", "middle", "bottom", "baseline"));
        }
        if (node.Name == "table" && CellPadding(element) is { } padding)
            Add("cellpadding", padding);
        return made;

        void Add(string name, string? value)
        {
            if (value is not null && !node.HasAttribute(name))
                made.Add((name, value));
        }
    }

    /// <summary>-premailer-cellpadding and its like (what templates written for Premailer say) are no CSS but mean the attribute.</summary>
    private static string? CellPadding(Styled element) =>
        Winner(element, "-premailer-cellpadding") is { } value && value.All(char.IsAsciiDigit) && EveryCellHasPadding(element.Node) ? value : null;

    /// <summary>cellpadding must not change cells whose padding no style gives.</summary>
    private static bool EveryCellHasPadding(Node table)
    {
        for (var cell = table.FirstChild; cell is not null; cell = cell.After(table))
            if (cell.Name is "td" or "th" && cell.Style?.Contains("padding", StringComparison.OrdinalIgnoreCase) != true)
                return false;
        return true;
    }

    /// <summary>The value in force of a longhand; null if it is not said as such by one declaration that everybody takes.</summary>
    private static string? Winner(Styled element, string name)
    {
        for (var i = element.Fixed.Count - 1; i >= 0; i--)
        {
            var one = element.Fixed[i];
            if (one.Property.Name == name || (name == "background-color" && one.Property.Name == "background"))
                return name[0] == '-' || SafeValue.IsKnown(one.Property.Name, one.Value) ? one.Value.ToLowerInvariant() : null;
            if (one.Property.IsAll)
                return null;
        }
        return null;
    }

    private static string? Length(string? value, bool percent)
    {
        if (value is null)
            return null;
        var number = value.EndsWith("px", StringComparison.Ordinal) ? value[..^2] : value.EndsWith('%') && percent ? value[..^1] : "";
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size) || size != Math.Floor(size) || size is < 1 or > 10_000)
            return null;
        return size.ToString("0", CultureInfo.InvariantCulture) + (value.EndsWith('%') ? "%" : "");
    }

    /// <summary>Word knows the names of HTML 4 and six digits, not three.</summary>
    private static string? Color(string? value)
    {
        if (value is null || !SafeValue.IsColor(value) || value is "transparent" || value.StartsWith("rgb", StringComparison.Ordinal))
            return null;
        return value.Length == 4 && value[0] == '#' ? $"#{value[1]}{value[1]}{value[2]}{value[2]}{value[3]}{value[3]}" : value;
    }

    private static string? Word(string? value, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (word == value)
                return word;
        return null;
    }
}
