namespace Newsletter.Issues;

/// <summary>A table in CSV (RFC 4180): the first line names the columns, separator comma, semicolon or tab.</summary>
internal static class DataCsv
{
    // As of lists of subscribers: a quote that is never closed costs its own row, not all behind it.
    private const int MaxLines = 100;

    /// <summary>The rows that can be read, with their lines.</summary>
    public static IReadOnlyList<(int Line, IReadOnlyDictionary<string, string> Values)> Read(string text, List<IssueProblem> problems)
    {
        var lines = text.Split('\n');
        var top = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line));
        var separator = CsvCells.SeparatorOf(lines[top]);
        var (header, at) = Record(lines, top, separator, width: 0);
        if (header is null || header.GroupBy(DataList.Key).Any(same => same.Count() > 1))
        {
            problems.Add(DataList.Invalid(top + 1, header is null ? "the line of the columns' names has a quote that is not closed" : "two columns have one name", "write names without quotes, each once: title,company,url"));
            return [];
        }

        var rows = new List<(int, IReadOnlyDictionary<string, string>)>();
        while (at < lines.Length && rows.Count <= DataList.MaxItems)
        {
            var line = at + 1;
            (var cells, at) = Record(lines, at, separator, header.Count);
            if (cells is null || cells.Count > header.Count)
                problems.Add(DataList.Bad(line, cells is null ? "a quote is opened and not closed, or text follows a closing quote" : $"{cells.Count} cells, and the first line names {header.Count}", "put a value that holds the separator in quotes, and write a quote inside quotes twice"));
            else if (!cells.All(string.IsNullOrWhiteSpace))
                rows.Add((line, header.Select(DataList.Key).Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second.Trim())));
        }
        return rows;
    }

    /// <summary>The cells of the record at a line, and the line behind it; no cells where it cannot be read, which costs its first line alone.</summary>
    private static (IReadOnlyList<string>? Cells, int Next) Record(string[] lines, int at, char separator, int width)
    {
        var cells = new CsvCells(separator);
        var state = cells.Add(lines[at]);
        var next = at + 1;
        for (; state is CsvState.Open && next < lines.Length && next - at < MaxLines; next++)
            state = cells.Add(lines[next]);
        return state is CsvState.Complete && (next == at + 1 || width == 0 || cells.Read.Count == width) ? (cells.Read, next) : (null, at + 1);
    }
}
