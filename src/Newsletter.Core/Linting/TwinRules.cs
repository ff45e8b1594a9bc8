using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Files that would take each other's place: one number, or one address on the web, for two.</summary>
internal static class TwinRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var issue = manuscript.Issue;
        var files = manuscript.Surroundings.Files();
        if (issue.Number is null || !files.Any(file => file.FileName == issue.FileName))
            yield break;

        var others = files.Where(file => file.FileName != issue.FileName).ToList();
        if (others.Find(file => file.Number == issue.Number) is { } sameNumber)
            yield return manuscript.AtKey("number", "number-twice", $"{sameNumber.FileName} is number {issue.Number} as well");
        if (others.Find(file => file.Slug == issue.Slug) is { } sameSlug)
            yield return manuscript.AtKey("slug", "slug-twice", $"{sameSlug.FileName} has the address issues/{issue.Slug} as well");
    }
}
