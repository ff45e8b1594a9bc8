using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Newsletter.Issues;

/// <summary>The size that an SVG gives itself (SVG 2 §8.2): its own width and height, or the shape of its view box.</summary>
internal static partial class SvgHeader
{
    private const int MostRead = 64 * 1024;

    /// <summary>CSS pixels of a unit (CSS Values 4 §6.2).</summary>
    private static readonly Dictionary<string, double> Pixels = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1, ["px"] = 1, ["pt"] = 96 / 72.0, ["pc"] = 16, ["in"] = 96, ["cm"] = 96 / 2.54, ["mm"] = 96 / 25.4, ["q"] = 96 / 101.6,
    };

    /// <summary>Null where the text is no SVG.</summary>
    public static ImageFacts? Read(ReadOnlySpan<byte> file)
    {
        var text = Encoding.UTF8.GetString(file[..Math.Min(file.Length, MostRead)]).TrimStart('\uFEFF');
        if (Root().Match(text) is not { Success: true } root)
            return null;

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match attribute in Attribute().Matches(root.Groups["attributes"].Value))
            attributes.TryAdd(attribute.Groups["name"].Value, attribute.Groups["value"].Value);
        var (width, height) = (Length(attributes, "width"), Length(attributes, "height"));
        var (boxWidth, boxHeight) = Box(attributes);
        return ImageFile.Of("image/svg+xml",
            Rounded(width ?? height * boxWidth / boxHeight ?? boxWidth),
            Rounded(height ?? width * boxHeight / boxWidth ?? boxHeight));
    }

    private static long Rounded(double? length) => length is > 0 and <= int.MaxValue ? Math.Max(1, (long)Math.Round(length.Value)) : 0;

    private static double? Length(Dictionary<string, string> attributes, string name) =>
        attributes.TryGetValue(name, out var text) && Measure().Match(text.Trim()) is { Success: true } measure
        && Pixels.TryGetValue(measure.Groups["unit"].Value, out var pixels) && Number(measure.Groups["number"].Value) is > 0 and var number
            ? number * pixels
            : null;

    private static (double? Width, double? Height) Box(Dictionary<string, string> attributes) =>
        attributes.GetValueOrDefault("viewBox", "").Split([' ', ',', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries) is [_, _, var width, var height]
        && Number(width) is > 0 and var across && Number(height) is > 0 and var down
            ? (across, down)
            : (null, null);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    [GeneratedRegex("""\A\s*(?:(?:<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>|<\?[^>]*>)\s*)*<(?:\w{1,40}:)?svg(?<attributes>(?:\s[^<>]*)?)>""",
        RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Root();

    [GeneratedRegex("""(?<name>[A-Za-z:]+)\s*=\s*(?:"(?<value>[^"]*)"|'(?<value>[^']*)')""", RegexOptions.NonBacktracking)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^(?<number>[0-9.]{1,30}(?:[eE][0-9]{1,3})?)(?<unit>[a-zA-Z]{0,2})\z")]
    private static partial Regex Measure();
}
