using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>The image of the card that others show of the page.</summary>
internal static class HeroRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var issue = manuscript.Issue;
        if (issue.HeroImage.Length == 0)
            yield break;

        if (issue.HeroImage.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            yield return manuscript.AtKey("hero-img", "image-http", "the image is fetched without encryption");
        if (Missing(manuscript.Surroundings.Image(issue.HeroImage)) is { } what)
            yield return manuscript.AtKey("hero-img", "hero-missing", $"`{Words.Short(issue.HeroImage)}` {what}");
        if (IsShownWithoutWords(manuscript))
            yield return manuscript.AtKey("hero-img", "image-alt", "the theme shows the image, and it has no words for who does not see it", "write what it shows into the key hero-alt");
        foreach (var key in manuscript.Surroundings.Issues.Keys.Where(key => manuscript.IsAmongOthers && key < issue.Number).OrderDescending())
            if (manuscript.Surroundings.Issues.TryGetValue(key, out var other) && other.HeroImage == issue.HeroImage)
            {
                yield return manuscript.AtKey("hero-img", "hero-again", $"issue {key} has the same image");
                break;
            }
    }

    // One that the text shows has its words there, or a finding of its own.
    private static bool IsShownWithoutWords(Manuscript manuscript)
    {
        var issue = manuscript.Issue;
        if (!string.IsNullOrWhiteSpace(issue.FrontMatter["hero-alt"]?.Text) || manuscript.Pictures.Any(picture => picture.Source == issue.HeroImage) || !Uri.TryCreate(new Uri(manuscript.Rendered.WebUrl), issue.HeroImage, out var address))
            return false;

        var published = manuscript.Surroundings.Image(issue.HeroImage) is { Content: { } content, MediaType: var type } ? IssueImage.Of(content, type, isEmbedded: false).Hash : null;
        return manuscript.Letter.QuerySelectorAll("img").Any(image => string.IsNullOrWhiteSpace(image.GetAttribute("alt")) && image.GetAttribute("src") is { } source
            && (source == address.AbsoluteUri || published is not null && source.Contains(published, StringComparison.Ordinal)));
    }

    private static string? Missing(ImageFacts? facts) => facts?.Fault switch
    {
        ImageFault.Missing => "is no file of the publication",
        ImageFault.NoImage => "is no image",
        ImageFault.TooLarge => "is too large to be published",
        _ => null,
    };
}
