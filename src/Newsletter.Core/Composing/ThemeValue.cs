using System.Globalization;
using System.Text.RegularExpressions;

namespace Newsletter.Composing;

/// <summary>A form that values of <c>theme.yaml</c> have.</summary>
/// <param name="Read">The value in the one way it is written in style sheets; null for what has not the form.</param>
/// <param name="What">What it should be, as in "is no …".</param>
/// <param name="Hint">How to write it.</param>
internal sealed partial record ThemeValue(Func<string, string?> Read, string What, string Hint)
{
    private const int MostFonts = 12;

    public static ThemeValue Colour { get; } = new(ReadColour, "colour", "write red, green and blue in hexadecimal and in quotes, such as \"#0b57d0\"");

    public static ThemeValue Fonts { get; } = new(ReadFonts, "list of font families",
        "write names with commas between, and serif, sans-serif or monospace at the end, such as Georgia, Times, serif");

    public static ThemeValue FontsOrNone { get; } = Fonts with { Read = text => text.Length == 0 ? "" : ReadFonts(text) };

    public static ThemeValue Pixels(int least, int most) => new(
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number.ToString(CultureInfo.InvariantCulture) : null,
        "number of pixels here", string.Create(CultureInfo.InvariantCulture, $"write digits only, {least} to {most}"));

    public static ThemeValue OneOf(params string[] words) => new(
        text => Array.Find(words, word => word == text), "choice here", $"write {string.Join(" or ", words)}");

    private static string? ReadColour(string text)
    {
        if (!ColourForm().IsMatch(text))
            return null;
        var digits = text[1..].ToLowerInvariant();
        return "#" + (digits.Length == 3 ? string.Concat(digits.Select(digit => new string(digit, 2))) : digits);
    }

    // Names with blanks stand in single quotes: the inliner writes them into attributes between double ones.
    private static string? ReadFonts(string text)
    {
        var names = text.Split(',').Select(name => name.Trim().Trim('\'', '"').Trim()).ToList();
        return names.Count <= MostFonts && names.TrueForAll(FontForm().IsMatch) && names[^1] is "serif" or "sans-serif" or "monospace"
            ? string.Join(',', names.Select(name => name.Contains(' ', StringComparison.Ordinal) ? $"'{name}'" : name))
            : null;
    }

    [GeneratedRegex(@"^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})\z")]
    private static partial Regex ColourForm();

    [GeneratedRegex(@"^-?[A-Za-z][A-Za-z0-9 -]{0,39}\z")]
    private static partial Regex FontForm();
}
