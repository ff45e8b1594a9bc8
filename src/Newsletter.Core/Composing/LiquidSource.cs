using System.Text;

namespace Newsletter.Composing;

/// <summary>A source whose tags were taken out: the text that Markdown sees, and for each of its lines the line of the file.</summary>
internal sealed record LiquidSource(string Text, IReadOnlyList<int> Lines)
{
    /// <param name="pieces">What is left of the source, with their offsets in it.</param>
    /// <param name="source">The whole source, for counting its lines.</param>
    /// <param name="firstLine">The line of the file at which the source begins.</param>
    /// <param name="placeholders">Takes the tags.</param>
    public static LiquidSource Of(IReadOnlyList<Piece> pieces, string source, int firstLine, Placeholders placeholders)
    {
        var (text, lines) = (new StringBuilder(), new List<int>());
        var (line, counted) = (firstLine, 0);
        foreach (var piece in pieces)
        {
            line += source.AsSpan(counted, piece.Offset - counted).Count('\n');
            counted = piece.Offset;
            if (lines.Count == 0)
                lines.Add(line);
            var written = placeholders.Write([piece]);
            text.Append(written);
            var ends = written.AsSpan().Count('\n');
            for (var i = 1; i <= ends; i++)
                lines.Add(line + i);
        }
        return new(text.ToString(), lines);
    }
}
