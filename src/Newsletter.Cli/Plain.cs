using System.Globalization;
using System.Text;

namespace Newsletter.Cli;

/// <summary>Makes text of outsiders fit for a terminal: what steers one, or turns the order of letters, goes (a reader's subject could else rewrite the screen).</summary>
internal static class Plain
{
    /// <summary>One line; a line's end becomes a blank.</summary>
    public static string Line(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value is '\t' or '\r' or '\n' or 0x85 or 0x2028 or 0x2029)
                plain.Append(' ');
            else if (rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format)) // the joiners of emoji and Persian stay
                plain.Append(rune);
        return plain.ToString();
    }
}
