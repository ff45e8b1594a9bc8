using System.Globalization;

namespace Newsletter.Inlining;

/// <summary>
/// The attributes that old programs read where a style is not enough: Outlook's Word engine sizes images and cells by them.
/// A style wins over its attribute wherever both are read, so only what the style says as well is written.
/// </summary>
internal static class LegacyAttributes
{
    private static readonly List<(string Name, string Value)> None = [];

    /// <summary>Whether there are such attributes for the element.</summary>
    public static bool Concern(Node node) => node.IsHtml && node.Name is "img" or "table" or "td" or "th" or "tr" or "body";

    /// <summary>Name and value of each attribute that the element's styles call for and that it lacks.</summary>
    /// <param name="all">All that have styles, in document order.</param>
    public static List<(string Name, string Value)> Of(Styled element, List<Styled> all)
    {
        var made = None;
        var node = element.Node;
        if (!Concern(node))
            return made;
        if (node.Name is not ("tr" or "body"))
            Add("width", Length(Winner(element, LegacyProperty.Width), percent: true));
        if (node.Name is not ("tr" or "body" or "table"))
            Add("height", Length(Winner(element, LegacyProperty.Height), percent: node.Name != "img"));
        if (node.Name != "img")
            Add("bgcolor", Color(Winner(element, LegacyProperty.Background)));
        if (node.Name is "td" or "th" or "tr")
        {
            Add("align", Word(Winner(element, LegacyProperty.TextAlign), "left", "center", "right", "justify"));
            Add("valign", Word(Winner(element, LegacyProperty.VerticalAlign), "top", "middle", "bottom", "baseline"));
        }
        if (node.Name == "table")
        {
            Add("cellspacing", Length(Winner(element, LegacyProperty.BorderSpacing), percent: false, least: 0));
            if (!node.HasAttribute("cellpadding"))
                Add("cellpadding", CellPadding(node, all));
        }
        return made;

        void Add(string name, string? value)
        {
            if (value is not null && !node.HasAttribute(name))
                (made = made.Count == 0 ? [] : made).Add((name, value));
        }
    }

    /// <summary>cellpadding is said where each cell of the table has just that padding by its own style.</summary>
    private static string? CellPadding(Node table, List<Styled> all)
    {
        string? common = null;
        for (var cell = table.FirstChild; cell is not null; cell = cell.Name is "td" or "th" ? Past(cell, table) : cell.After(table))
        {
            if (cell.Name is not ("td" or "th"))
                continue;
            var at = all.BinarySearch(new Styled(cell), ByOrder);
            var own = at < 0 ? null : Length(Padding(all[at]), percent: false, least: 0);
            if (own is null || (common is not null && common != own))
                return null;
            common = own;
        }
        return common;
    }

    /// <summary>What follows a cell: what stands in it, other tables too, is not of this table.</summary>
    private static Node? Past(Node cell, Node table)
    {
        for (var node = cell; node is not null && !ReferenceEquals(node, table); node = node.Parent)
            if (node.Next is not null)
                return node.Next;
        return null;
    }

    private static readonly Comparer<Styled> ByOrder = Comparer<Styled>.Create(static (a, b) => a.Node.Order.CompareTo(b.Node.Order));

    private static string? Padding(Styled cell)
    {
        for (var i = cell.Fixed.Count - 1; i >= 0; i--)
            if (cell.Fixed[i].Property.Name.StartsWith("padding", StringComparison.Ordinal) || cell.Fixed[i].Property.IsAll)
                return cell.Fixed[i].Property.Name == "padding" ? cell.Fixed[i].Value : null;
        return null;
    }

    /// <summary>The value in force of a longhand; null if it is not said as such by one declaration that everybody takes.</summary>
    private static string? Winner(Styled element, LegacyProperty property)
    {
        for (var i = element.Fixed.Count - 1; i >= 0; i--)
        {
            var one = element.Fixed[i];
            if (one.Property.Legacy == property)
                return one.IsSafe ? one.Value.ToLowerInvariant() : null;
            if (one.Property.IsAll)
                return null;
        }
        return null;
    }

    private static string? Length(string? value, bool percent, int least = 1)
    {
        if (value is null)
            return null;
        if (value == "0" && least == 0)
            return value;
        var number = value.EndsWith("px", StringComparison.Ordinal) ? value.AsSpan()[..^2] : value.EndsWith('%') && percent ? value.AsSpan()[..^1] : "";
        if (!IsWhole(number, out var size) || size < least || size > 10_000)
            return null;
        return value.EndsWith('%') ? $"{size}%" : size.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A whole number, if one with a point (600.0).</summary>
    private static bool IsWhole(ReadOnlySpan<char> number, out int whole)
    {
        if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out whole))
            return true;
        var isWhole = decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size) && size == Math.Floor(size) && size < int.MaxValue;
        whole = isWhole ? (int)size : 0;
        return isWhole;
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
