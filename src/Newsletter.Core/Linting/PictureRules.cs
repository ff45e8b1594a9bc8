using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Images: their words for those who do not see them, their address, weight and size.</summary>
internal static partial class PictureRules
{
    private const int HeavyBytes = 1_000_000;
    private const int HeavyTogether = 3_000_000;

    // Classic Outlook for Windows cuts what is wider (standards: HTML that survives).
    private const int WidestForOutlook = 1728;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var bytes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var picture in manuscript.Pictures)
        {
            foreach (var problem in Alt(manuscript, picture).Concat(Source(manuscript, picture)))
                yield return problem;
            if (picture.Source.Length > 0 && manuscript.Surroundings.Image(picture.Source) is { } facts)
            {
                foreach (var problem in Facts(manuscript, picture, facts))
                    yield return problem;
                bytes[picture.Source] = facts.Bytes ?? 0;
            }
        }
        foreach (var tag in manuscript.Tags.Where(use => use.Tag.Name == "img" && IsUnseen(use.Tag)))
            yield return manuscript.At(tag.Offset, "image-beacon", "an image that nobody sees counts who opens the letter");
        if (bytes.Count > 1 && bytes.Values.Sum(one => (double)one) is > HeavyTogether and var together) // what a far server says of its octets may be anything
            yield return Manuscript.Whole("image-weight", $"the images together have {Megabytes(together)}; the largest is `{Words.Short(bytes.MaxBy(pair => pair.Value).Key)}` with {Megabytes(bytes.Values.Max())}");
    }

    private static IEnumerable<IssueProblem> Alt(Manuscript manuscript, Picture picture)
    {
        var alt = picture.Alt?.Trim();
        if (alt is null || alt.Length == 0 && (!picture.IsRaw || picture.IsLinked))
            yield return manuscript.At(picture.Offset, "image-alt", $"the image `{Words.Short(picture.Source)}` has no words for who does not see it{(picture.IsLinked ? ", and it is a link" : "")}");
        else if (alt.Length > 0 && FileLike().IsMatch(alt))
            yield return manuscript.At(picture.Offset, "image-alt-file", $"`{Words.Short(alt)}` says nothing of the picture");
    }

    private static IEnumerable<IssueProblem> Source(Manuscript manuscript, Picture picture)
    {
        var source = picture.Source.Trim();
        if (source.Length == 0)
            yield return manuscript.At(picture.Offset, "image-empty", "an image without an address");
        else if (source.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            yield return manuscript.At(picture.Offset, "image-http", $"`{Words.Short(source)}` is fetched without encryption");
        else if (ClientFacts.Known.Image(source, manuscript.Surroundings.Image(source)?.MediaType ?? "") is { } fact && manuscript.Rendered.Problems.All(problem => problem.Code != "image-svg" || problem.Line != manuscript.At(picture.Offset, "image-format", "").Line))
            yield return manuscript.At(picture.Offset, "image-format", $"{fact.Without} {(fact.Programs.Count > 1 ? "do" : "does")} not show {fact.Name} images");
        if (Words.OddSign(source) is { } odd && !source.Any(Masked.IsTag) && !source.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            yield return manuscript.At(picture.Offset, "link-signs", $"the image's address holds `{odd}`", $"write {Uri.HexEscape(odd)} for it, if it belongs there");
    }

    private static IEnumerable<IssueProblem> Facts(Manuscript manuscript, Picture picture, ImageFacts facts)
    {
        if (facts.Bytes is { } bytes and > HeavyBytes && facts.Fault == ImageFault.None)
            yield return manuscript.At(picture.Offset, "image-heavy", $"the image has {Megabytes(bytes)}");
        if (facts.Width is { } width and > WidestForOutlook)
            yield return manuscript.At(picture.Offset, "image-wide", $"the image is {width} pixels wide; a letter shows 600, and Outlook cuts behind {WidestForOutlook}");
        if (facts is { Width: <= 2, Height: <= 2 })
            yield return manuscript.At(picture.Offset, "image-beacon", "an image of one pixel counts who opens the letter");
    }

    private static bool IsUnseen(RawTag tag) => IsTiny(tag["width"]) && IsTiny(tag["height"]) || UnseenStyle().Matches(tag["style"] ?? "").Select(match => match.Groups["side"].Value).Distinct().Count() == 2;

    private static bool IsTiny(string? length) => length?.Trim() is "0" or "1" or "0px" or "1px";

    private static string Megabytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB");

    [GeneratedRegex(@"^(?:(?:https?://|www\.)\S+|\S+\.(?:png|jpe?g|gif|webp|svg|avif)|(?:image|img|photo|picture|screen ?shot|untitled|dsc)[ _-]?\d*(?:(?:[_.:-]| (?:at )?)\d+)*|alt(?: text)?|image description)\z", RegexOptions.IgnoreCase)]
    private static partial Regex FileLike();

    [GeneratedRegex(@"(?<![\w-])(?:max-)?(?<side>width|height)\s*:\s*[01](?:px)?\s*(?:;|!|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex UnseenStyle();
}
