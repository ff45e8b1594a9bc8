using System.Text;
using System.Text.RegularExpressions;

namespace Newsletter.Composing.Body;

/// <summary>Code as plain text: indented, its lines as they are; one too wide for any mail program goes on in the next line, further in than it began.</summary>
internal static partial class TextCode
{
    private const string Indent = "    ";

    /// <param name="code">Its lines end in LF.</param>
    /// <param name="room">Columns.</param>
    public static IEnumerable<string> Lines(string code, int room) =>
        code.Split('\n').SelectMany(line => Parts(line.Replace("\t", Indent, StringComparison.Ordinal), Math.Max(20, room + TextWrap.Overhang - Indent.Length))).Select(line => Indent + line);

    private static IEnumerable<string> Parts(string line, int room)
    {
        if (TextWrap.Columns(line) <= room)
        {
            yield return line;
            yield break;
        }

        var margin = line.TakeWhile(sign => sign == ' ').Count();
        var inner = Math.Min(room / 2, margin + Indent.Length);
        var (part, columns, isBegun) = (new StringBuilder().Append(' ', margin), margin, false);
        foreach (var piece in Pieces(line[margin..], room - inner - TextWrap.Overhang))
        {
            var width = TextWrap.Columns(piece);
            if (isBegun && columns + width > room)
            {
                yield return part.ToString().TrimEnd(' ');
                part.Clear().Append(' ', inner);
                (columns, isBegun) = (inner, false);
            }
            if (piece[0] == ' ' && !isBegun)
                continue;
            part.Append(piece);
            columns += width;
            isBegun = true;
        }
        yield return part.ToString();
    }

    private static IEnumerable<string> Pieces(string text, int room) =>
        Runs().Matches(text).SelectMany(run => run.Value[0] == ' ' ? [run.Value] : TextWrap.InMarks(run.Value, room));

    [GeneratedRegex(" +|[^ ]+")]
    private static partial Regex Runs();
}
