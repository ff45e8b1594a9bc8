using System.Text;

namespace Newsletter.Issues;

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
    /// <summary>The signs that may part cells.</summary>
    public const string Separators = ",;\t";

    private readonly List<string> cells = [];
    private StringBuilder Quoted => field ??= new();
    private bool open;

    public IReadOnlyList<string> Read => cells;

    /// <summary>The separator that a header has most of.</summary>
    public static char SeparatorOf(string header)
    {
        var bare = header.Split('"').Where((_, index) => index % 2 == 0).ToList();
        return Separators.MaxBy(candidate => bare.Sum(part => part.Count(letter => letter == candidate)));
    }

    public CsvState Add(string line)
    {
        if (open)
            Quoted.Append('\n');
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
            Quoted.Append(line, at, quote - at);
            at = quote + 1;
            if (at < line.Length && line[at] == '"')
            {
                Quoted.Append('"');
                at++;
                continue;
            }
            while (at < line.Length && line[at] == ' ')
                at++;
            cells.Add(Quoted.ToString());
            Quoted.Clear();
            open = false;
            return true;
        }
        Quoted.Append(line, at, line.Length - at);
        return false;
    }
}
