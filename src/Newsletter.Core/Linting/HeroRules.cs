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
        foreach (var key in manuscript.Surroundings.Issues.Keys.Where(key => manuscript.IsAmongOthers && key < issue.Number).OrderDescending())
            if (manuscript.Surroundings.Issues.TryGetValue(key, out var other) && other.HeroImage == issue.HeroImage)
            {
                yield return manuscript.AtKey("hero-img", "hero-again", $"issue {key} has the same image");
                break;
            }
    }

    private static string? Missing(ImageFacts? facts) => facts?.Fault switch
    {
        ImageFault.Missing => "is no file of the publication",
        ImageFault.NoImage => "is no image",
        ImageFault.TooLarge => "is too large to be published",
        _ => null,
    };
}
