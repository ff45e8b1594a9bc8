using System.Globalization;
using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>
/// Says by a class whether a table of data fits without breaking its words: <c>narrow</c> on any phone, <c>broad</c> on a desk only. One without either has to
/// break words anywhere; its short numbers are of the class <c>number</c>, since 1,024 broken in two reads as another number. A browser that may break words does so in tables that have room enough, since it gives each column its share and not its longest word.
/// </summary>
internal static class TableFit
{
    private const int Phone = 280;     // of 320, less the margins
    private const double Letter = 9.5; // pixels of a wide letter of 16 to 18 pixels
    private const int Gap = 18;        // between two columns
    private const int Numbers = 24;    // signs of numbers beside each other that leave room for words on any phone

    /// <param name="table">With its rows.</param>
    /// <param name="column">Pixels across the text.</param>
    public static void Mark(IElement table, int column)
    {
        if (table.HasAttribute("role") || table.QuerySelector("table") is not null)
            return;

        var widths = new List<double>();
        foreach (var row in table.QuerySelectorAll("tr"))
            for (var (i, cells) = (0, row.Children); i < cells.Length; i++)
            {
                if (widths.Count == i)
                    widths.Add(0);
                widths[i] = Math.Max(widths[i], Least(cells[i]));
            }
        var width = widths.Sum() + Gap * Math.Max(0, widths.Count - 1);
        if (width <= column)
            table.ClassList.Add(width <= Phone ? "narrow" : "broad");
        if (width > Phone)
            MarkNumbers(table);
    }

    private static void MarkNumbers(IElement table)
    {
        var numbers = table.QuerySelectorAll("tr").SelectMany(row => row.Children.Select((cell, i) => (Cell: cell, Column: i, Text: cell.TextContent.Trim()))).Where(found => IsNumber(found.Text)).ToList();
        if (numbers.GroupBy(found => found.Column, found => found.Text.Length).Sum(lengths => lengths.Max()) > Numbers)
            return;
        foreach (var (cell, _, _) in numbers)
            cell.ClassList.Add("number");
    }

    private static bool IsNumber(string text) => text.Length is > 1 and <= 10 && text.Any(char.IsAsciiDigit) && !text.Any(char.IsLetter);

    // Chinese and Japanese break between any two signs; counting them as one word errs on the safe side.
    private static double Least(IElement cell)
    {
        var image = cell.QuerySelectorAll("img").Select(img => int.TryParse(img.GetAttribute("width"), NumberStyles.None, CultureInfo.InvariantCulture, out var width) ? width : 600).DefaultIfEmpty().Max();
        var word = cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(text => text.Length).DefaultIfEmpty().Max();
        return Math.Max(image, word * Letter);
    }
}
