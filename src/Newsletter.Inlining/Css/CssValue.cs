using System.Text;

namespace Newsletter.Inlining;

/// <summary>The text of a value or prelude: comments dropped, white space in one piece, what was left open closed.</summary>
internal static class CssValue
{
    /// <summary>A value and whether it ends in !important; null if no browser takes it (a broken string, a bracket too many).</summary>
    public static (string Value, bool Important)? Read(string text, int start, int end)
    {
        var made = Clean(text, start, end, commentAsSpace: true, out var broken);
        return broken ? null : SplitImportance(made);
    }

    /// <summary>A value without its !important, and whether it had one.</summary>
    public static (string Value, bool Important) SplitImportance(string made)
    {
        var bang = made.LastIndexOf('!');
        if (bang < 0 || !made.AsSpan(bang + 1).Trim().Equals("important", StringComparison.OrdinalIgnoreCase))
            return (made, false);
        return (made[..bang].TrimEnd(), true);
    }

    /// <summary>The inside of a block that is kept as it is, in one line where its brackets allow it; null if it never ends and is broken.</summary>
    public static string? Block(string text, int start, int end, bool isClosed)
    {
        var made = Clean(text, start, end, commentAsSpace: true, out var broken);
        return !broken ? made : isClosed ? text[start..end].Trim() + "\n" : null; // a broken string ends with its line
    }

    public static string Clean(string text, int start, int end, bool commentAsSpace) => Clean(text, start, end, commentAsSpace, out _);

    private static string Clean(string text, int start, int end, bool commentAsSpace, out bool broken)
    {
        var tokens = new CssTokenizer(text, start, end);
        var made = new StringBuilder(end - start);
        var open = new Stack<char>();
        broken = false;
        for (var token = tokens.Next(); token.Kind != CssTokenKind.End; token = tokens.Next())
        {
            broken |= token.Kind is CssTokenKind.BadString or CssTokenKind.BadUrl || !Nest(token, text, open);
            if (!token.IsBlank)
                Append(made, token, text, open);
            else if ((commentAsSpace || token.Kind == CssTokenKind.Whitespace) && made.Length > 0 && made[^1] != ' ')
                made.Append(' ');
        }
        while (made.Length > 0 && made[^1] == ' ' && !EndsInEscape(made))
            made.Length--;
        if (end == text.Length && made.Length > 0 && made[^1] == '\\' && !EndsInEscape(made))
            made[^1] = '\uFFFD'; // so it is read at the end of the text, and must not escape what is written behind it
        while (open.TryPop(out var closer))
            made.Append(closer);
        return made.ToString();
    }

    private static bool EndsInEscape(StringBuilder made) => made.Length > 1 && made[^2] == '\\';

    private static void Append(StringBuilder made, CssToken token, string text, Stack<char> open)
    {
        var span = token.In(text);
        made.Append(span);
        if (token.Kind == CssTokenKind.BadString)
            made.Append('\n'); // a blank instead of the line end would let the string run on
        if (token.Kind == CssTokenKind.String && !IsClosed(span, span[0]))
            Close(made, span, span[0]);
        if (token.Kind == CssTokenKind.Url && !IsClosed(span, ')'))
            Close(made, span, ')');
    }

    private static bool IsClosed(ReadOnlySpan<char> span, char closer) => span.Length > 1 && span[^1] == closer && !IsEscaped(span[..^1]);

    private static bool IsEscaped(ReadOnlySpan<char> before) => (before.Length - before.TrimEnd('\\').Length) % 2 == 1;

    private static void Close(StringBuilder made, ReadOnlySpan<char> span, char closer)
    {
        if (IsEscaped(span))
            made.Length--; // at the end of the text it escapes nothing
        made.Append(closer);
    }

    private static bool Nest(CssToken token, string text, Stack<char> open)
    {
        switch (token.Kind)
        {
            case CssTokenKind.OpenParen or CssTokenKind.Function: open.Push(')'); return true;
            case CssTokenKind.OpenBracket: open.Push(']'); return true;
            case CssTokenKind.OpenBrace: open.Push('}'); return true;
            case CssTokenKind.CloseParen or CssTokenKind.CloseBracket or CssTokenKind.CloseBrace:
                return open.TryPop(out var expected) && expected == text[token.Start];
            default: return true;
        }
    }
}
