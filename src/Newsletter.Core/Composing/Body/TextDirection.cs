using System.Globalization;
using System.Text;

namespace Newsletter.Composing.Body;

/// <summary>Keeps lines of a right-to-left text running from the right: a mail program takes a line's direction from its first letter (UAX #9, rules P2 and P3).</summary>
internal static class TextDirection
{
    private const char RightToLeftMark = '\u200F';

    /// <summary>The line; with a mark before it where it begins with a name of another writing and would be turned around.</summary>
    public static string Kept(string line)
    {
        var letters = line.EnumerateRunes().Where(IsLetter);
        return letters.Any() && !IsRightToLeft(letters.First()) && letters.Any(IsRightToLeft) ? RightToLeftMark + line : line;
    }

    private static bool IsLetter(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    // Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms; Adlam and the older ones of the first plane.
    private static bool IsRightToLeft(Rune rune) =>
        rune.Value is >= 0x0590 and <= 0x08FF or >= 0xFB1D and <= 0xFDFF or >= 0xFE70 and <= 0xFEFF or >= 0x10800 and <= 0x10FFF or >= 0x1E800 and <= 0x1EFFF;
}
