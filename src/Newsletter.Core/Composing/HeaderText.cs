using System.Buffers;
using System.Globalization;
using System.Text;

namespace Newsletter.Composing;

/// <summary>Header fields made of text that may come from anyone: nothing in it can start another field (RFC 5322 §2.2, RFC 2047).</summary>
internal static class HeaderText
{
    private const int MaxLine = 76;
    private const int MaxWord = 75;
    private const int MaxEncoded = 62; // with the longest name before it, such as List-Unsubscribe, on a line of 76 (RFC 2047 §2)
    private const string Before = "=?utf-8?";
    private static readonly SearchValues<char> Atom = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~ ");
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);
    private static readonly SearchValues<byte> PlainInQ = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"u8);

    /// <summary>A whole field with its CRLF, folded at blanks to lines of 76 where there are blanks.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Encoded already; no control characters.</param>
    /// <exception cref="ArgumentException">The value holds a control character: whoever made it forgot to encode it.</exception>
    public static string Field(string name, string value)
    {
        if (value.AsSpan().IndexOfAnyExceptInRange(' ', '~') is >= 0 and var odd && value.AsSpan(odd).ContainsAny(Controls))
            throw new ArgumentException($"a control character would reach the header field {name}", nameof(value));

        if (name.Length + 2 + value.Length <= MaxLine && !value.Contains("  ", StringComparison.Ordinal) && value is not ([' ', ..] or [.., ' '] or []))
            return $"{name}: {value}\r\n";

        var text = new StringBuilder(name.Length + value.Length + 16).Append(name).Append(':');
        var column = text.Length;
        foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var fold = column + 1 + word.Length > MaxLine && column > name.Length + 1;
            text.Append(fold ? "\r\n " : " ").Append(word);
            column = (fold ? 0 : column) + 1 + word.Length;
        }
        return text.Append("\r\n").ToString();
    }

    /// <summary>Text for Subject and its like: as it stands where it is plain ASCII, else encoded words. Blanks and control characters become one blank.</summary>
    public static string Unstructured(string value)
    {
        var clean = Clean(value);
        return IsPlain(clean) ? clean : Encoded(clean);
    }

    /// <summary>A display name: atoms, a quoted string or encoded words; empty stays empty.</summary>
    public static string Phrase(string value)
    {
        var clean = Clean(value);
        if (!IsPlain(clean))
            return Encoded(clean);
        return clean.AsSpan().ContainsAnyExcept(Atom)
            ? $"\"{clean.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : clean;
    }

    /// <summary>A mailbox with its name, or the bare address.</summary>
    /// <param name="name">The display name as it is; empty for none.</param>
    /// <param name="address">An addr-spec, read and found good before.</param>
    public static string Mailbox(string name, string address) => Phrase(name) is { Length: > 0 } phrase ? $"{phrase} <{address}>" : address;

    /// <summary>Without control, format and direction characters and lone surrogates; runs of blanks are one blank, none at either end.</summary>
    public static string Clean(string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !value.Contains("  ", StringComparison.Ordinal) && !value.StartsWith(' '))
            return value.TrimEnd();
        var text = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
                text.Append(text.Length > 0 && text[^1] != ' ' ? " " : "");
            else if (IsText(rune))
                text.Append(rune.ToString());
        return text.ToString().TrimEnd();
    }

    // The joiners make one picture of several emoji and stand between letters of Persian and Indic words.
    private static bool IsText(Rune rune) =>
        rune.Value is 0x200C or 0x200D
        || (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned));

    /// <summary>A word too long for a line is encoded as well, which cuts it; so is what would be read as an encoded word.</summary>
    private static bool IsPlain(string clean) =>
        Ascii.IsValid(clean) && !clean.Contains("=?", StringComparison.Ordinal) && (clean.Length <= MaxWord - 2 || clean.Split(' ').All(word => word.Length <= MaxWord - 2));

    private static string Encoded(string clean)
    {
        var octets = Encoding.UTF8.GetBytes(clean);
        var plain = octets.Count(octet => PlainInQ.Contains(octet) || octet is (byte)' ');
        return octets.Length * 4 / 3 < plain + (3 * (octets.Length - plain)) ? Words(clean, "b?", Base64Of) : Words(clean, "q?", QOf);
    }

    /// <summary>Each word decodes alone: no character is cut (RFC 2047 §5).</summary>
    private static string Words(string clean, string form, Func<string, string> encode)
    {
        var room = MaxEncoded - Before.Length - form.Length - 2;
        var words = new StringBuilder();
        var part = "";
        foreach (var rune in clean.EnumerateRunes())
        {
            if (encode(part + rune).Length > room)
            {
                words.Append(Before).Append(form).Append(encode(part)).Append("?= ");
                part = "";
            }
            part += rune.ToString();
        }
        return words.Append(Before).Append(form).Append(encode(part)).Append("?=").ToString();
    }

    private static string Base64Of(string part) => Convert.ToBase64String(Encoding.UTF8.GetBytes(part));

    private static string QOf(string part)
    {
        var text = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(part))
            if (octet is (byte)' ')
                text.Append('_');
            else if (PlainInQ.Contains(octet))
                text.Append((char)octet);
            else
                text.Append('=').Append(octet.ToString("X2", CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
