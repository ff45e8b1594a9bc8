using System.Buffers;

namespace Newsletter.Inlining;

/// <summary>
/// A value or prelude that holds nothing a tokenizer is needed for: no comment, escape, square bracket or open end. Nearly
/// all are such, and their text is found by a few searches and taken as it stands.
/// </summary>
/// <param name="Start">Where the text begins, white space apart.</param>
/// <param name="End">Just past the text, white space apart.</param>
/// <param name="StopAt">Where the character stands that ends it; the length of the source at its end.</param>
internal readonly ref struct PlainText(string source, int Start, int End, int StopAt, bool HasString)
{
    private static readonly SearchValues<char> Marks = SearchValues.Create(";{}()[]\"'\\/");
    private static readonly SearchValues<char> UrlMarks =
        SearchValues.Create([.. ")\"'(\\ ", .. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);

    private static readonly SearchValues<char> Breaks = SearchValues.Create("\t\n\r\f");

    public bool IsEmpty => End == Start;

    public int StopAt { get; } = StopAt;

    public char Stop => StopAt < source.Length ? source[StopAt] : '\0';

    /// <summary>False where the tokenizer must look: nothing was found out then.</summary>
    public static bool Find(string source, int from, out PlainText found)
    {
        var (at, open, hasString) = (from, 0, false);
        while (true)
        {
            var next = source.AsSpan(at).IndexOfAny(Marks);
            at = next < 0 ? source.Length : at + next;
            if (next < 0 || source[at] is ';' or '{' or '}')
            {
                found = Trimmed(source, from, at, hasString);
                return open == 0;
            }
            hasString |= source[at] is '"' or '\'';
            at = Past(source, from, at, ref open);
            if (at >= 0)
                continue;
            found = default;
            return false;
        }
    }

    /// <summary>The text with white space in single blanks; null if that takes a tokenizer.</summary>
    public string? Read()
    {
        var text = source.AsSpan(Start, End - Start);
        if (text.IndexOfAny(Breaks) < 0 && text.IndexOf("  ") < 0)
            return text.ToString();
        return HasString ? null : Collapse(text);
    }

    private static PlainText Trimmed(string source, int from, int stop, bool hasString)
    {
        var end = stop;
        while (from < end && CssText.IsSpace(source[from]))
            from++;
        while (end > from && CssText.IsSpace(source[end - 1]))
            end--;
        return new PlainText(source, from, end, stop, hasString);
    }

    /// <summary>Past a mark inside a text, -1 where it takes a tokenizer.</summary>
    private static int Past(string source, int from, int at, ref int open)
    {
        switch (source[at])
        {
            case '"' or '\'':
                var close = source.AsSpan(at + 1).IndexOfAny([source[at], '\\', '\n', '\r', '\f']);
                return close >= 0 && source[at + 1 + close] == source[at] ? at + close + 2 : -1;
            case '/':
                return at + 1 < source.Length && source[at + 1] == '*' ? -1 : at + 1;
            case '(':
                if (IsUrl(source, from, at))
                    return PastUrl(source, at, ref open);
                if (source.AsSpan(from, at - from).EndsWith("<!--url", StringComparison.OrdinalIgnoreCase))
                    return -1; // the hyphens end a token of their own (CSS Syntax §4.3.1), so this is an address after all
                open++;
                return at + 1;
            case ')':
                return --open < 0 ? -1 : at + 1;
            default:
                return -1;
        }
    }

    private static bool IsUrl(string source, int from, int at) =>
        at - from >= 3 && source.AsSpan(at - 3, 3).Equals("url", StringComparison.OrdinalIgnoreCase)
        && (at - from == 3 || !CssText.IsNameChar(source[at - 4]));

    private static int PastUrl(string source, int at, ref int open)
    {
        if (at >= 4 && source[at - 4] is '#' or '@')
            return -1;
        var inner = at + 1;
        while (inner < source.Length && CssText.IsSpace(source[inner]))
            inner++;
        if (inner < source.Length && source[inner] is '"' or '\'')
        {
            open++;
            return at + 1;
        }
        if (inner > at + 1)
            return -1; // blanks inside the token stay as they are
        var close = source.AsSpan(inner).IndexOfAny(UrlMarks);
        return close >= 0 && source[inner + close] == ')' ? inner + close + 1 : -1;
    }

    private static string Collapse(ReadOnlySpan<char> text)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        var length = 0;
        foreach (var c in text)
            if (!CssText.IsSpace(c))
                buffer[length++] = c;
            else if (buffer[length - 1] != ' ')
                buffer[length++] = ' ';
        var made = new string(buffer, 0, length);
        ArrayPool<char>.Shared.Return(buffer);
        return made;
    }
}
