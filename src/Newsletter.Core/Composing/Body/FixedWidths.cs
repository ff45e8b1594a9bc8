using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>
/// Widths in pixels that an author wrote for a desk must not push a letter out of a phone: tables and boxes take all of the width and the pixels bound them
/// (the other way round they would still widen the letter's own table), cells get the same shares in per cent.
/// </summary>
internal static partial class FixedWidths
{
    private const int Phone = 280; // of 320, less the margins

    /// <param name="element">Any but an image, which <see cref="ImageBox"/> sizes.</param>
    /// <param name="column">Pixels across the text.</param>
    public static void Loosen(IElement element, int column)
    {
        if (element.LocalName == "tr")
            Share(element, column);
        else if (element.LocalName is not ("td" or "th" or "col" or "img"))
            Bound(element, column);
    }

    private static void Share(IElement row, int column)
    {
        var cells = row.ChildNodes.OfType<IElement>().Select(cell => (Cell: cell, Pixels: Asked(cell))).ToList();
        var sum = cells.Sum(found => found.Pixels);
        if (sum <= Phone)
            return;
        var whole = cells.TrueForAll(found => found.Pixels > 0) ? sum : Math.Max(sum, column);
        foreach (var (cell, pixels) in cells.Where(found => found.Pixels > 0))
        {
            cell.SetAttribute("width", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, 100 * pixels / whole)}%"));
            Style(cell, Widths().Replace(cell.GetAttribute("style") ?? "", ""));
        }
    }

    private static void Bound(IElement element, int column)
    {
        var style = element.GetAttribute("style") ?? "";
        var width = Math.Min(column, Math.Max(Asked(element), Widest(style)));
        if (width <= Phone)
            return;
        if (element.HasAttribute("width"))
            element.SetAttribute("width", width.ToString(CultureInfo.InvariantCulture));
        var rest = Widths().Replace(style, "").TrimEnd(' ', ';');
        Style(element, string.Create(CultureInfo.InvariantCulture, $"{rest}{(rest.Length > 0 ? "; " : "")}width: 100%; max-width: {width}px"));
    }

    private static int Asked(IElement element) =>
        Pixels().Match(element.GetAttribute("width") ?? "") is { Success: true } match ? Number(match) : Widest(element.GetAttribute("style") ?? "");

    private static int Widest(string style) => Widths().Matches(style).Select(Number).DefaultIfEmpty().Max();

    private static int Number(Match match) => int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    private static void Style(IElement element, string style)
    {
        if (style.Length > 0)
            element.SetAttribute("style", style);
        else
            element.RemoveAttribute("style");
    }

    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,5})(\.[0-9]{1,6})?\s*(px)?\s*\z", RegexOptions.IgnoreCase)]
    private static partial Regex Pixels();

    [GeneratedRegex(@"(?<=^|;)\s*(min-)?width\s*:\s*(?<number>[0-9]{1,5})(\.[0-9]{1,6})?px\s*(!\s*important\s*)?(;|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex Widths();
}
