using System.Collections.Frozen;
using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>Whether a table holds data or only sets things beside each other: sponsor boxes, columns and what letters of other programs are built of.</summary>
/// <remarks>Who means it says so: <c>class="data"</c> or a <c>th</c>, <c>role="presentation"</c>. The rest is judged as a screen reader does (HTML Standard §4.9.1, its hints).</remarks>
internal static class TableKind
{
    private const int LongestCell = 120; // letters; more is prose
    private static readonly string[] OfLayout = ["bgcolor", "cellpadding", "cellspacing", "width", "height", "align"];
    private static readonly FrozenSet<string> Large = "h1 h2 h3 h4 h5 h6 ul ol dl img hr blockquote pre table div".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <param name="table">With its rows, as its author wrote it.</param>
    public static bool IsData(IElement table)
    {
        if (table.GetAttribute("role") is { Length: > 0 } role)
            return role.Equals("table", StringComparison.OrdinalIgnoreCase);
        if (table.ClassList.Contains("data"))
            return true;
        if (table.QuerySelector("table") is not null)
            return false;
        var rows = table.QuerySelectorAll("tr").Select(row => row.ChildNodes.OfType<IElement>().ToList()).Where(row => row.Count > 0).ToList();
        return table.QuerySelector("thead, caption") is not null || rows.Count > 1 && (table.QuerySelector("th") is not null || LooksLikeData(table, rows));
    }

    private static bool LooksLikeData(IElement table, List<List<IElement>> rows) =>
        table.ParentElement?.Closest("table") is null
        && !Array.Exists(OfLayout, table.HasAttribute) && table.GetAttribute("border")?.Trim() is not "0" && !HasGround(table)
        && rows.TrueForAll(row => row.Count > 1 && row.TrueForAll(IsOfData));

    private static bool IsOfData(IElement cell) =>
        !HasGround(cell) && cell.TextContent.Trim().Length <= LongestCell && !cell.Descendants<IElement>().Any(inner => Large.Contains(inner.LocalName));

    private static bool HasGround(IElement element) => element.HasAttribute("bgcolor") || element.GetAttribute("style")?.Contains("background", StringComparison.OrdinalIgnoreCase) == true;
}
