using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Newsletter.Composing.Body;

/// <summary>A table as plain text: in columns where it fits, else row by row with the names of its columns.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    public static IEnumerable<string> Lines(Table table, int room, Func<ContainerInline?, string> inlines)
    {
        var rows = table.OfType<TableRow>().Select(row => row.OfType<TableCell>().Select(cell => Text(cell, inlines)).ToList()).Where(row => row.Count > 0).ToList();
        if (rows.Count == 0)
            return [];

        var widths = Enumerable.Range(0, rows.Max(row => row.Count)).Select(i => rows.Max(row => i < row.Count ? TextWrap.Columns(row[i]) : 0)).ToList();
        return widths.Sum() + Gap.Length * (widths.Count - 1) <= room ? InColumns(table, rows, widths) : RowByRow(rows, room);
    }

    private static IEnumerable<string> InColumns(Table table, List<List<string>> rows, List<int> widths)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            yield return string.Join(Gap, rows[i].Select((cell, column) => Padded(cell, widths[column], Alignment(table, column))));
            if (i == 0)
                yield return string.Join(Gap, widths.Select(width => new string('-', Math.Max(1, width))));
        }
    }

    // The names once in a line of their own, as the table has them: in their order, before all that stands below them.
    private static IEnumerable<string> RowByRow(List<List<string>> rows, int room)
    {
        if (rows[0].Exists(name => name.Length > 0))
            foreach (var line in TextWrap.Lines(string.Join(" | ", rows[0].Where(name => name.Length > 0)), room))
                yield return line;
        foreach (var row in rows.Skip(1).Where(row => row.Exists(cell => cell.Length > 0)))
        {
            yield return "";
            for (var column = 0; column < row.Count; column++)
                foreach (var (line, index) in Cell(rows[0].ElementAtOrDefault(column) ?? "", row[column], room).Select((line, index) => (line, index)))
                    yield return index == 0 ? line : "  " + line;
        }
    }

    private static IEnumerable<string> Cell(string name, string text, int room) =>
        text.Length == 0 ? [] : TextWrap.Lines(name.Length > 0 ? $"{name}: {text}" : text, room - 2);

    private static string Text(TableCell cell, Func<ContainerInline?, string> inlines) =>
        string.Join(' ', cell.OfType<LeafBlock>().Select(leaf => inlines(leaf.Inline))).Replace('\n', ' ');

    private static TableColumnAlign? Alignment(Table table, int column) => column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null;

    private static string Padded(string text, int width, TableColumnAlign? align)
    {
        var missing = width - TextWrap.Columns(text);
        var before = align switch { TableColumnAlign.Right => missing, TableColumnAlign.Center => missing / 2, _ => 0 };
        return new string(' ', before) + text + new string(' ', missing - before);
    }
}
