using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>How large an image is shown. Outlook knows the attributes alone and shows what has none at its full size; browsers get the same ratio, so that nothing jumps.</summary>
internal static partial class ImageBox
{
    // What themes may take at most from the width of the text for a level of a list, and for one of a quotation.
    private const int ListIndent = 28;
    private const int QuoteIndent = 28;

    /// <summary>Writes width and height: as the author asks, else as the file says, never wider than the text where it stands: Outlook and Thunderbird make the whole letter as wide as what is in it.</summary>
    /// <param name="image">With the author's own attributes.</param>
    /// <param name="facts">What is known of the file; null: nothing.</param>
    /// <param name="column">Pixels across the text.</param>
    public static void Set(IElement image, ImageFacts? facts, int column)
    {
        column = Math.Max(column / 4, column - Indent(image));
        var style = image.GetAttribute("style") ?? "";
        var askedWidth = Pixels(image.GetAttribute("width"), column) ?? Pixels(StyleOf(style, "width"), column);
        var askedHeight = Pixels(image.GetAttribute("height"), null) ?? Pixels(StyleOf(style, "height"), null);
        var ratio = askedWidth is { } across && askedHeight is { } down ? (double)across / down
            : facts is { Width: { } fileWidth, Height: { } fileHeight } ? (double)fileWidth / fileHeight
            : (double?)null;

        if (askedWidth is null && askedHeight is { } only && ratio is null)
        {
            image.RemoveAttribute("width");
            Write(image, "height", only);
            Style(image, style, "height", only);
            return;
        }

        var width = Math.Min(column, askedWidth ?? (askedHeight is { } high && ratio is { } shape ? Whole(high * shape) : askedHeight is null ? facts?.Width : null) ?? column);
        Write(image, "width", width);
        if (ratio is not null)
            Write(image, "height", Whole(width / ratio.Value));
        else
            image.RemoveAttribute("height"); // one that is only half known would distort it

        if ((askedWidth ?? askedHeight) is not null)
            Style(image, style, "width", width);
    }

    private static int Indent(IElement image)
    {
        var indent = 0;
        for (var at = image.ParentElement; at is not null; at = at.ParentElement)
            indent += at.LocalName is "ul" or "ol" or "dd" ? ListIndent : at.LocalName == "blockquote" ? QuoteIndent : 0;
        return indent;
    }

    // The style sheet says `width: auto; height: auto`, which would win over the author's attribute.
    private static void Style(IElement image, string style, string name, int pixels)
    {
        if (StyleOf(style, name) is null)
            image.SetAttribute("style", string.Create(CultureInfo.InvariantCulture, $"{style.Trim().TrimEnd(';')}{(style.Trim().Length > 0 ? "; " : "")}{name}: {pixels}px"));
    }

    private static void Write(IElement image, string name, int value) => image.SetAttribute(name, value.ToString(CultureInfo.InvariantCulture));

    private static int Whole(double length) => (int)Math.Clamp(Math.Round(length), 1, 100_000);

    private static int? Pixels(string? text, int? of)
    {
        if (text is null || Measure().Match(text) is not { Success: true } measure || !double.TryParse(measure.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number <= 0)
            return null;
        return measure.Groups["percent"].Length == 0 ? Whole(number) : of is { } whole ? Whole(whole * number / 100) : null;
    }

    private static string? StyleOf(string style, string name) =>
        Declarations().Matches(style).LastOrDefault(match => match.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))?.Groups["value"].Value;

    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,6}(\.[0-9]{1,6})?)\s*(px|(?<percent>%))?\s*\z", RegexOptions.IgnoreCase)]
    private static partial Regex Measure();

    [GeneratedRegex(@"(?:^|;)\s*(?<name>[a-zA-Z-]+)\s*:\s*(?<value>[^;!]*)")]
    private static partial Regex Declarations();
}
