using System.Text;

namespace Newsletter.Composing;

/// <summary>A source whose tags were taken out: the text that Markdown sees, and for each of its lines the line of the file.</summary>
internal sealed record LiquidSource(string Text, IReadOnlyList<int> Lines)
{
    // Where a piece begins: the line of the file, the column that Markdown sees and the one in the file.
    private readonly List<(int Line, int Seen, int Own)> _columns = [];

    /// <param name="pieces">What is left of the source, with their offsets in it.</param>
    /// <param name="source">The whole source, for counting its lines.</param>
    /// <param name="firstLine">The line of the file at which the source begins.</param>
    /// <param name="placeholders">Takes the tags.</param>
    public static LiquidSource Of(IReadOnlyList<Piece> pieces, string source, int firstLine, Placeholders placeholders)
    {
        var (text, lines, columns) = (new StringBuilder(), new List<int>(), new List<(int, int, int)>());
        var (line, counted, begin, seenBegin) = (firstLine, 0, 0, 0);
        foreach (var piece in pieces)
        {
            var passed = source.AsSpan(counted, piece.Offset - counted);
            line += passed.Count('\n');
            begin = passed.LastIndexOf('\n') is >= 0 and var end ? counted + end + 1 : begin;
            counted = piece.Offset;
            if (lines.Count == 0)
                lines.Add(line);
            columns.Add((line, text.Length - seenBegin + 1, counted - begin + 1));
            var written = placeholders.Write([piece]);
            seenBegin = written.LastIndexOf('\n') is >= 0 and var last ? text.Length + last + 1 : seenBegin;
            text.Append(written);
            var ends = written.AsSpan().Count('\n');
            for (var i = 1; i <= ends; i++)
                lines.Add(line + i);
        }
        var made = new LiquidSource(text.ToString(), lines);
        made._columns.AddRange(columns);
        return made;
    }

    /// <summary>The column in the file of one that Markdown saw: tags before it have other lengths there.</summary>
    /// <param name="line">Of the file.</param>
    /// <param name="column">In <see cref="Text"/>, from 1.</param>
    public int ColumnOf(int line, int column)
    {
        var at = _columns.FindLastIndex(piece => piece.Line == line && piece.Seen <= column);
        return at < 0 ? column : _columns[at].Own + column - _columns[at].Seen;
    }
}
