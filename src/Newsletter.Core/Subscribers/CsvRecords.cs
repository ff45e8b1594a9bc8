using System.Text;

namespace Newsletter.Subscribers;

/// <summary>One record of a CSV file: its cells, or why it has none.</summary>
/// <param name="Line">Where it starts, counted from 1.</param>
/// <param name="Cells">Empty where there is a fault.</param>
/// <param name="Fault">Null where the record can be read.</param>
internal readonly record struct CsvRecord(long Line, IReadOnlyList<string> Cells, string? Fault);

/// <summary>Records of RFC 4180 with any of three separators. A record that cannot be read costs its own first line: reading goes on with the next one.</summary>
/// <remarks>
/// A quote that is never closed would by the letter of RFC 4180 swallow what follows, in a large list a thousand readers. So a record over several lines
/// is only believed when it ends within <see cref="MaxLines"/> lines and has as many cells as the header.
/// </remarks>
internal sealed class CsvRecords(CsvLines lines)
{
    /// <summary>The most lines of one record.</summary>
    public const int MaxLines = 100;

    private const string Separators = ",;\t";

    private readonly List<CsvLine> ahead = [];
    private char separator = ',';
    private int width;

    /// <summary>The first record, by which the separator is found; blank lines before it are passed over, and Excel's <c>sep=;</c> is obeyed.</summary>
    public async ValueTask<CsvRecord?> ReadHeaderAsync(CancellationToken ct)
    {
        var line = await PeekAsync(0, ct);
        if (line is { Text: { Length: 5 } hint } && hint.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && Separators.Contains(hint[4]))
        {
            separator = hint[4];
            ahead.RemoveAt(0);
        }
        else if (line is { Text: { } text })
        {
            separator = Likeliest(text);
        }
        var header = await ReadAsync(ct);
        width = header?.Cells.Count ?? 0;
        return header;
    }

    /// <summary>Null at the end. Blank lines are passed over.</summary>
    public async ValueTask<CsvRecord?> ReadAsync(CancellationToken ct)
    {
        while (await PeekAsync(0, ct) is { } first)
        {
            if (first.Text is null)
                return Take(1, new(first.Number, [], first.Fault));
            if (!string.IsNullOrWhiteSpace(first.Text))
                return await ReadAsync(first.Number, first.Text, ct);
            ahead.RemoveAt(0);
        }
        return null;
    }

    private async ValueTask<CsvRecord?> ReadAsync(long number, string first, CancellationToken ct)
    {
        var cells = new CsvCells(separator);
        var state = cells.Add(first);
        var taken = 1;
        for (var size = first.Length; state is CsvState.Open && taken < MaxLines && size < CsvLines.MaxLine && await PeekAsync(taken, ct) is { Text: { } text }; taken++)
        {
            state = cells.Add(text);
            size += text.Length;
        }
        return state switch
        {
            CsvState.Complete when taken == 1 || width == 0 || cells.Read.Count == width => Take(taken, new(number, cells.Read, null)),
            CsvState.TextAfterQuote when taken == 1 => Take(1, new(number, [], "text follows a closing quote; write a quote inside quotes twice")),
            _ => Take(1, new(number, [], "a quote is opened and not closed; close it, or write a quote inside quotes twice")),
        };
    }

    private CsvRecord Take(int count, CsvRecord record)
    {
        ahead.RemoveRange(0, count);
        return record;
    }

    private async ValueTask<CsvLine?> PeekAsync(int index, CancellationToken ct)
    {
        while (ahead.Count <= index)
        {
            if (await lines.ReadAsync(ct) is not { } line)
                return null;
            ahead.Add(line);
        }
        return ahead[index];
    }

    private static char Likeliest(string header)
    {
        var bare = header.Split('"').Where((_, index) => index % 2 == 0).ToList();
        return Separators.MaxBy(candidate => bare.Sum(part => part.Count(letter => letter == candidate)));
    }
}

/// <summary>How far a record is read.</summary>
internal enum CsvState
{
    Complete,
    /// <summary>Inside a quoted cell: the record goes on in the next line.</summary>
    Open,
    TextAfterQuote,
}

/// <summary>The cells of one record, line by line.</summary>
internal sealed class CsvCells(char separator)
{
    private readonly List<string> cells = [];
    private readonly StringBuilder quoted = new();
    private bool open;

    public IReadOnlyList<string> Read => cells;

    public CsvState Add(string line)
    {
        if (open)
            quoted.Append('\n');
        for (var at = 0; ; at++) // past the separator
        {
            if (!open && Opening(line, at) is { } inside)
                (open, at) = (true, inside);
            if (!open)
            {
                var end = line.IndexOf(separator, at) is >= 0 and var next ? next : line.Length;
                cells.Add(line[at..end]);
                at = end;
            }
            else if (Close(line, ref at))
            {
                if (at < line.Length && line[at] != separator)
                    return CsvState.TextAfterQuote;
            }
            else
            {
                return CsvState.Open;
            }
            if (at >= line.Length)
                return CsvState.Complete;
        }
    }

    /// <summary>Where the text of a quoted cell begins; null where the cell is not quoted. Blanks before the quote are let pass; a quote later in a cell is a letter like others.</summary>
    private static int? Opening(string line, int at)
    {
        while (at < line.Length && line[at] == ' ')
            at++;
        return at < line.Length && line[at] == '"' ? at + 1 : null;
    }

    /// <summary>Reads up to and over the closing quote and the blanks behind it; false where the line ends before.</summary>
    private bool Close(string line, ref int at)
    {
        while (line.IndexOf('"', at) is >= 0 and var quote)
        {
            quoted.Append(line, at, quote - at);
            at = quote + 1;
            if (at < line.Length && line[at] == '"')
            {
                quoted.Append('"');
                at++;
                continue;
            }
            while (at < line.Length && line[at] == ' ')
                at++;
            cells.Add(quoted.ToString());
            quoted.Clear();
            open = false;
            return true;
        }
        quoted.Append(line, at, line.Length - at);
        return false;
    }
}
