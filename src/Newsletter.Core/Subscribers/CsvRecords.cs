using Newsletter.Issues;

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

    private readonly List<CsvLine> ahead = [];
    private char separator = ',';
    private int width;

    /// <summary>The first record, by which the separator is found; blank lines before it are passed over, and Excel's <c>sep=;</c> is obeyed.</summary>
    public async ValueTask<CsvRecord?> ReadHeaderAsync(CancellationToken ct)
    {
        var line = await PeekAsync(0, ct);
        if (line is { Text: { Length: 5 } hint } && hint.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && CsvCells.Separators.Contains(hint[4]))
        {
            separator = hint[4];
            ahead.RemoveAt(0);
        }
        else if (line is { Text: { } text })
        {
            separator = CsvCells.SeparatorOf(text);
        }
        var header = await ReadAsync(ct);
        width = header?.Cells.Count ?? 0;
        return header;
    }

    /// <summary>What parts cells; known once the header is read.</summary>
    public char Separator => separator;

    /// <summary>Takes the next line as a plain row, if it is one and lies in memory.</summary>
    public bool TryTake(PlainRow row)
    {
        if (ahead.Count > 0 || !lines.TryLook(out var line) || !row.TryRead(line, lines.Next))
            return false;
        lines.Pass(line.Length);
        return true;
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
}
