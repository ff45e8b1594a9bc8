using System.Globalization;
using System.Text;

namespace Newsletter.Inlining;

/// <summary>Characters and small texts of CSS.</summary>
internal static class CssText
{
    public static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';

    public static bool IsNameStart(char c) => (uint)((c | 0x20) - 'a') <= 'z' - 'a' || c == '_' || c >= '\u0080';

    public static bool IsNameChar(char c) => (uint)((c | 0x20) - 'a') <= 'z' - 'a' || (uint)(c - '0') <= 9 || c is '-' or '_' || c >= '\u0080';

    /// <summary>The name that is meant, escapes resolved (CSS Syntax §4.3.7).</summary>
    public static string Unescape(ReadOnlySpan<char> name)
    {
        if (!name.Contains('\\'))
            return name.ToString();
        var made = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '\\')
                made.Append(name[i]);
            else
                i = AppendEscaped(name, i + 1, made) - 1;
        }
        return made.ToString();
    }

    /// <summary>What a string token says, without its quotes.</summary>
    public static string Unquote(ReadOnlySpan<char> token)
    {
        if (token.Length == 0)
            return "";
        var closed = token.Length > 1 && token[^1] == token[0];
        return Unescape(closed ? token[1..^1] : token[1..]);
    }

    private static int AppendEscaped(ReadOnlySpan<char> name, int at, StringBuilder made)
    {
        var digits = 0;
        while (digits < 6 && at + digits < name.Length && char.IsAsciiHexDigit(name[at + digits]))
            digits++;
        if (digits == 0)
        {
            if (at >= name.Length)
                return at;
            if (name[at] == '\r' && at + 1 < name.Length && name[at + 1] == '\n')
                return at + 2;
            if (name[at] is not ('\n' or '\r' or '\f'))
                made.Append(name[at]);
            return at + 1;
        }
        var code = int.Parse(name.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        made.Append(Rune.IsValid(code) && code != 0 ? new Rune(code).ToString() : "\uFFFD");
        at += digits;
        if (at + 1 < name.Length && name[at] == '\r' && name[at + 1] == '\n')
            return at + 2;
        return at < name.Length && IsSpace(name[at]) ? at + 1 : at;
    }
}
