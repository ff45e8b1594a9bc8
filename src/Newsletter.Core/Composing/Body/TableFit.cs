using System.Globalization;
using AngleSharp.Dom;

namespace Newsletter.Composing.Body;

/// <summary>
/// Says by a class where the columns of a table of data (<c>data</c>) fit side by side without breaking a word: <c>narrow</c> on any phone, <c>tight</c> there in
/// small type, <c>broad</c> on a desk only, <c>broad dense</c> there in small type, <c>dense</c> nowhere. Themes set the rows of the last three as lines on a
/// phone: Android's mail programs cannot scroll a table sideways (caniemail, css-overflow), and columns of four letters cannot be read. Where no <c>style</c> is
/// read, those break words anywhere; their short numbers are of the class <c>number</c>, since 1,024 broken in two reads as another number.
/// A table of layout says that it is one, and stays as it is.
/// </summary>
internal static class TableFit
{
    private const int Phone = 280;   // of 320, less the margins
    private const int LongWord = 16; // letters: a longer word, an address as a rule, may be broken (class long), or it alone would decide
    private const int Numbers = 24;  // signs of numbers beside each other that leave room for words on any phone

    // The width of a letter is that of a wide one; in dense tables, where most columns hold several words, that of a usual one.
    private static readonly Setting Usual = new(9.5, 18, LongWord);
    private static readonly Setting Small = new(8.3, 18, LongWord);
    private static readonly Setting Dense = new(7.4, 10, LongWord / 2);

    /// <param name="table">With its rows.</param>
    /// <param name="column">Pixels across the text.</param>
    public static void Mark(IElement table, int column)
    {
        if (!TableKind.IsData(table))
        {
            if (!table.HasAttribute("role"))
                table.SetAttribute("role", "presentation");
            return;
        }
        table.ClassList.Add("data");
        if (table.QuerySelector("table") is not null)
            return;

        table.ClassList.Add(
            Width(table, Usual) <= Phone ? ["narrow"]
            : Width(table, Small) <= Phone ? ["tight"]
            : Width(table, Usual) <= column ? ["broad"]
            : Width(table, Dense) <= column ? ["broad", "dense"]
            : ["dense"]);
        if (table.ClassList.Contains("broad") || table.ClassList.Contains("dense"))
            MarkNumbers(table);
        foreach (var cell in table.QuerySelectorAll("th, td").Where(cell => LongestWord(cell) > LongWord))
            cell.ClassList.Add("long");
    }

    /// <summary>Says by the class <c>box</c> which tables of layout stand between the paragraphs and keep their distance: the parts of a letter pasted whole stay flush.</summary>
    /// <param name="body">With its tables marked.</param>
    public static void MarkBoxes(IElement body)
    {
        IElement? before = null;
        foreach (var element in (IEnumerable<IElement?>)[.. body.ChildNodes.OfType<IElement>(), null])
        {
            if (before?.LocalName == "table" && element?.LocalName != "table" && !before.ClassList.Contains("data") && !before.ClassList.Contains("button"))
                before.ClassList.Add("box");
            before = element;
        }
    }

    private static void MarkNumbers(IElement table)
    {
        var numbers = table.QuerySelectorAll("tr").SelectMany(row => Cells(row).Select((cell, i) => (Cell: cell, Column: i, Text: cell.TextContent.Trim()))).Where(found => IsNumber(found.Text)).ToList();
        if (numbers.GroupBy(found => found.Column, found => found.Text.Length).Sum(lengths => lengths.Max()) > Numbers)
            return;
        foreach (var (cell, _, _) in numbers)
            cell.ClassList.Add("number");
    }

    private static IEnumerable<IElement> Cells(IElement row) => row.ChildNodes.OfType<IElement>();

    private static bool IsNumber(string text) => text.Length is > 1 and <= 10 && text.Any(char.IsAsciiDigit) && !text.Any(char.IsLetter);

    private static double Width(IElement table, Setting setting)
    {
        var widths = new List<double>();
        foreach (var row in table.QuerySelectorAll("tr"))
            for (var (i, cells) = (0, Cells(row).ToList()); i < cells.Count; i++)
            {
                if (widths.Count == i)
                    widths.Add(0);
                widths[i] = Math.Max(widths[i], Math.Max(WidestImage(cells[i]), WordOf(cells[i], setting) * setting.Letter));
            }
        return widths.Sum() + setting.Gap * Math.Max(0, widths.Count - 1);
    }

    private static int WordOf(IElement cell, Setting setting) => LongestWord(cell) is var letters && letters > LongWord ? setting.LongWord : letters;

    private static int WidestImage(IElement cell) =>
        cell.QuerySelectorAll("img").Select(img => int.TryParse(img.GetAttribute("width"), NumberStyles.None, CultureInfo.InvariantCulture, out var width) ? width : 600).DefaultIfEmpty().Max();

    // Chinese and Japanese break between any two signs; counting them as one word errs on the safe side.
    private static int LongestWord(IElement cell) =>
        cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(text => text.Length).DefaultIfEmpty().Max();

    /// <param name="Letter">Pixels of a letter.</param>
    /// <param name="Gap">Pixels between two columns.</param>
    /// <param name="LongWord">Letters that a word too long counts for.</param>
    private sealed record Setting(double Letter, int Gap, int LongWord);
}
