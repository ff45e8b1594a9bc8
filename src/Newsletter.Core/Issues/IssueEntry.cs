namespace Newsletter.Issues;

/// <summary>What other issues say of one: enough to name it, to link to it and to show its card.</summary>
/// <param name="Number">From the file's name, else from the key <c>number</c>.</param>
/// <param name="Slug">Its address on the web, without the base.</param>
/// <param name="Title">Empty where it has none.</param>
/// <param name="Date">Null where it has none.</param>
/// <param name="HeroImage">As its front matter says: absolute, or relative; empty where it has none.</param>
public sealed record IssueEntry(int Number, string Slug, string Title, DateOnly? Date, string HeroImage)
{
    /// <summary>Without folder.</summary>
    public string FileName { get; init; } = "";

    /// <summary>Key <c>subtitle</c>; empty where it has none.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Key <c>status</c>: a draft has no page yet.</summary>
    public IssueStatus Status { get; init; }

    /// <summary>Its Markdown, read when it is asked for; null where it cannot be read.</summary>
    public Func<string?> Body { get; init; } = () => null;

    /// <summary>The entry of an issue; null for one without a number, which nobody can refer to.</summary>
    public static IssueEntry? Of(Issue issue) =>
        issue.Number is { } number ? new(number, issue.Slug, issue.Title, issue.Date, issue.HeroImage) { FileName = issue.FileName, Subtitle = issue.Subtitle, Status = issue.Status } : null;
}
