using System.Text;

namespace Newsletter.Replies;

/// <summary>A line of a mail as the folding sees it.</summary>
/// <param name="Text">Without marks of quoting and blanks around it; at most <see cref="MaxText"/> characters of it.</param>
/// <param name="Depth">How often it is quoted: marks before it, or quoting elements around it.</param>
/// <param name="Mark">What an element around it says.</param>
internal readonly record struct FoldLine(string Text, int Depth, ElementMark Mark = ElementMark.None)
{
    public const int MaxText = 500;
    private const int MaxDepth = 50;
    private const int LongestInitials = 4;

    public bool IsBlank => Text.Length == 0;

    /// <summary>What phrases are compared with: lower case, single blanks, no stars of bold text, no invisible characters, full-width marks as ASCII.</summary>
    public string Plain
    {
        get
        {
            var plain = new StringBuilder(Text.Length);
            foreach (var letter in Text)
                if (char.IsWhiteSpace(letter))
                    plain.Append(plain.Length > 0 && plain[^1] != ' ' ? " " : "");
                else if (letter is not ('*' or '\u200B' or '\uFEFF' or '\u2060' or (>= '\u200E' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')))
                    plain.Append(letter switch { '\uFF1A' => ':', '\uFF0C' => ',', '\u2019' => '\'', _ => char.ToLowerInvariant(letter) });
            return plain.ToString().TrimEnd();
        }
    }

    /// <summary>A line of a plain text: <c>&gt; &gt; words</c>, or with the writer's initials, <c>IL&gt; words</c>.</summary>
    public static FoldLine Of(ReadOnlySpan<char> line)
    {
        var (depth, at) = (0, 0);
        for (var i = 0; i < line.Length && depth < MaxDepth; i++)
            if (line[i] is '>' or '\uFF1E' or '\u203A')
                (depth, at) = (depth + 1, i + 1);
            else if (line[i] is not (' ' or '\t' or '\u00A0'))
                break;
        if (depth == 0 && Initials(line) is > 0 and var end)
            (depth, at) = (1, end);
        if (depth == 1 && line.StartsWith(">From ", StringComparison.Ordinal))
            (depth, at) = (0, 1); // an mbox file's mark, no quote
        var text = line[at..].Trim();
        return new(text[..Math.Min(text.Length, MaxText)].ToString(), depth);
    }

    /// <summary>Behind the mark of programs that quote by initials (The Bat!, supercite); 0 where there is none.</summary>
    private static int Initials(ReadOnlySpan<char> line)
    {
        var at = line.IndexOfAnyExcept(' ');
        var start = Math.Max(at, 0);
        for (at = start; at < line.Length && at - start <= LongestInitials; at++)
            if (line[at] == '>')
                return at > start && (at + 1 == line.Length || line[at + 1] is ' ' or '>') ? at + 1 : 0;
            else if (!char.IsAsciiLetterUpper(line[at]))
                return 0;
        return 0;
    }
}
