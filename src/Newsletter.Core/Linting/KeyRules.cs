using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>The front matter: keys that were probably meant otherwise, and how it looks.</summary>
internal static partial class KeyRules
{
    private const int LongSubtitle = 250;
    private const string SeveralLines = "the value goes over several lines";

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var matter = manuscript.Issue.FrontMatter;
        foreach (var key in matter.Keys.Where(key => !IssueFields.Keys.Contains(key)))
            if (Meant(key) is { } meant && matter[meant] is null)
                yield return manuscript.AtKey(key, "key-mistyped", $"no such key is known; did you mean `{meant}`?");

        if (matter.Keys.Any() && manuscript.Issue.Title.Length == 0 && manuscript.Issue.Subject.Length > 0)
            yield return manuscript.AtKey("title", "title-missing", "the issue has a subject and no title");
        if (matter.Keys.Any() && string.IsNullOrWhiteSpace(matter["date"]?.Text))
            yield return manuscript.AtKey("date", "date-missing", "the issue has no date");
        if (manuscript.Issue.Subtitle.Length > LongSubtitle)
            yield return manuscript.AtKey("subtitle", "subtitle-long", $"{manuscript.Issue.Subtitle.Length} characters; mail programs show some 100 of them behind the subject");
        if (FirstLetterIsLost(manuscript.Issue.Subtitle))
            yield return manuscript.AtKey("subtitle", "subtitle-case", $"`{Words.Short(manuscript.Issue.Subtitle.Split(' ')[0])}` begins in lower case, the other parts do not");
        foreach (var problem in Blanks(manuscript).Concat(Comments(manuscript)))
            yield return problem;
    }

    // In what people read; behind `status: ready` a comment is a comment.
    private static IEnumerable<IssueProblem> Comments(Manuscript manuscript)
    {
        var lines = manuscript.Issue.FrontMatterText.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (Commented().Match(lines[i]) is { Success: true } match && !match.Groups["comment"].ValueSpan.StartsWith("# lint:", StringComparison.Ordinal))
                yield return new(2 + i, match.Groups["comment"].Index + 1, Severity.Warning, "value-comment",
                    $"{match.Groups["key"].Value}: `{Words.Short(match.Groups["comment"].Value)}` is a comment to YAML and not read", LintCodes.Of("value-comment").Remedy);
    }

    private static string? Meant(string key)
    {
        var plain = key.Trim().ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
        return plain switch
        {
            "hero-image" or "heroimage" or "image" or "hero" or "heroimg" => "hero-img",
            "author" => "authors",
            "tag" => "tags",
            "language" => "lang",
            "preview" or "preview-text" or "preheader-text" => "preheader",
            _ => Array.Find(IssueFields.Keys, known => known == plain || known.Replace("-", "", StringComparison.Ordinal) == plain) ?? Spelling.Nearest(plain, IssueFields.Keys),
        };
    }

    // A list of topics whose first one alone begins small; not `mmap() or not`, `iPhone`, `de Bruijn`.
    private static bool FirstLetterIsLost(string subtitle)
    {
        var parts = subtitle.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isSmall = parts.Length > 2 && char.IsLower(parts[0][0]) && parts[0].Split(' ')[0].All(c => char.IsLower(c) || c is '\'' or '’' or '-');
        return isSmall && parts.Skip(1).Count(part => char.IsUpper(part.FirstOrDefault(char.IsLetter))) >= (parts.Length - 1) * 0.75;
    }

    private static IEnumerable<IssueProblem> Blanks(Manuscript manuscript)
    {
        var lines = manuscript.Issue.FrontMatterText.Split('\n');
        for (var i = 0; i < lines.Length - 1; i++) // behind the last line end stands the fence
            if (lines[i].Trim().Length == 0)
                yield return new(2 + i, 1, Severity.Info, "front-matter-blank", "an empty line in the front matter", LintCodes.Of("front-matter-blank").Remedy);
        foreach (var key in new[] { "title", "subtitle", "subject", "preheader" })
            if (manuscript.Issue.FrontMatter[key] is { } value && (Odd(value.Text) ?? Folded(lines, value.Line)) is { } what)
                yield return manuscript.AtKey(key, "value-blanks", what);
    }

    private static string? Odd(string value) =>
        value.Contains("  ", StringComparison.Ordinal) ? "two blanks side by side"
        : value.Contains('\u00A0', StringComparison.Ordinal) ? "a no-break blank"
        : value.Contains('\n', StringComparison.Ordinal) ? SeveralLines
        : value.Length != value.Trim().Length ? "a blank at its edge"
        : value.Contains(" ;", StringComparison.Ordinal) || value.Contains(" ,", StringComparison.Ordinal) ? "a blank before a comma or semicolon"
        : null;

    // YAML joins the lines of a value in quotes, or without, that goes on in the next one; behind > or | that is meant.
    private static string? Folded(string[] lines, int line)
    {
        var (first, next) = (lines.ElementAtOrDefault(line - 2) ?? "", lines.ElementAtOrDefault(line - 1) ?? "");
        var value = first[(first.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return value.Length > 0 && value[0] is not ('>' or '|' or '[' or '{') && next.Length > 0 && next[0] is (' ' or '\t') && !next.TrimStart().StartsWith('#') ? SeveralLines : null;
    }

    // Not in quotes, no block (`|`, `>`) and no list.
    [GeneratedRegex(@"^(?<key>title|subtitle|subject|preheader|hero-alt):[ \t]+(?:[^""'|>\[\s#][^\n]*?[ \t]+)?(?<comment>#.*)$")]
    private static partial Regex Commented();
}
