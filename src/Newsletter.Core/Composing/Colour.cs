using System.Globalization;

namespace Newsletter.Composing;

/// <summary>A colour on a screen.</summary>
/// <param name="R">0 to 255.</param>
/// <param name="G">0 to 255.</param>
/// <param name="B">0 to 255.</param>
/// <param name="A">0, clear, to 1.</param>
internal readonly record struct Colour(double R, double G, double B, double A = 1)
{
    public static Colour White { get; } = new(255, 255, 255);
    public static Colour Black { get; } = new(0, 0, 0);

    /// <summary>Null for what is no colour that can be computed: <c>inherit</c>, a gradient, a name of the system's.</summary>
    public static Colour? Read(string text)
    {
        var word = text.Replace("!important", "", StringComparison.OrdinalIgnoreCase).Trim().ToLowerInvariant();
        if (word.Length == 0)
            return null;
        if (word == "transparent")
            return new(0, 0, 0, 0);
        if (word[0] == '#')
            return Hex(word[1..]);
        if (word.IndexOf('(', StringComparison.Ordinal) is > 0 and var open && word[^1] == ')')
            return Function(word[..open], word[(open + 1)..^1].Split([',', ' ', '/'], StringSplitOptions.RemoveEmptyEntries));
        if (!word.All(char.IsAsciiLetter))
            return null;
        var named = System.Drawing.Color.FromName(word.Replace("grey", "gray", StringComparison.Ordinal));
        return named is { IsKnownColor: true, IsSystemColor: false } ? new(named.R, named.G, named.B) : null;
    }

    /// <summary>As it looks over another one.</summary>
    public Colour Over(Colour ground) => A >= 1 ? this : new(R * A + ground.R * (1 - A), G * A + ground.G * (1 - A), B * A + ground.B * (1 - A));

    /// <summary>WCAG 2.2, contrast ratio: 1 to 21.</summary>
    public double Contrast(Colour other)
    {
        var (a, b) = (Luminance, other.Luminance);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{(int)Math.Round(R):x2}{(int)Math.Round(G):x2}{(int)Math.Round(B):x2}");

    // WCAG 2.2, relative luminance.
    private double Luminance => 0.2126 * Linear(R) + 0.7152 * Linear(G) + 0.0722 * Linear(B);

    private static double Linear(double value) => value / 255 <= 0.04045 ? value / 255 / 12.92 : Math.Pow((value / 255 + 0.055) / 1.055, 2.4);

    private static Colour? Hex(string digits)
    {
        if (digits.Length is 3 or 4)
            digits = string.Concat(digits.Select(c => $"{c}{c}"));
        if (digits.Length is not (6 or 8) || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            return null;
        var alpha = digits.Length == 8 ? (value & 255) / 255.0 : 1;
        var rgb = digits.Length == 8 ? value >> 8 : value;
        return new(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, alpha);
    }

    private static Colour? Function(string name, string[] parts)
    {
        var numbers = Array.ConvertAll(parts, Number);
        if (numbers.Length is not (3 or 4) || Array.Exists(numbers, number => number is null))
            return null;
        var alpha = parts.Length == 4 ? parts[3].EndsWith('%') ? numbers[3]!.Value / 100 : numbers[3]!.Value : 1;
        return name switch
        {
            "rgb" or "rgba" => new(Channel(0), Channel(1), Channel(2), Math.Clamp(alpha, 0, 1)),
            "hsl" or "hsla" => OfHue(numbers[0]!.Value, numbers[1]!.Value / 100, numbers[2]!.Value / 100, Math.Clamp(alpha, 0, 1)),
            _ => null,
        };
        double Channel(int i) => Math.Clamp(parts[i].EndsWith('%') ? numbers[i]!.Value * 2.55 : numbers[i]!.Value, 0, 255);
    }

    private static double? Number(string text) =>
        double.TryParse(text.TrimEnd('%').Replace("deg", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static Colour OfHue(double hue, double saturation, double lightness, double alpha)
    {
        double Part(double n)
        {
            var k = (n + (hue % 360 + 360) / 30) % 12;
            return 255 * (lightness - saturation * Math.Min(lightness, 1 - lightness) * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)));
        }
        return new(Part(0), Part(8), Part(4), alpha);
    }
}
