using System.Globalization;
using System.Text;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>What a reader's list of mails shows: subject and preheader.</summary>
internal static class SubjectRules
{
    private const int LongSubject = 78;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var issue = manuscript.Issue;
        var key = issue.FrontMatter["subject"] is not null ? "subject" : "title";
        var subject = issue.Subject;
        var length = new StringInfo(subject).LengthInTextElements;
        if (length > LongSubject)
            yield return manuscript.AtKey(key, "subject-long", $"{length} characters; mail programs show 40 to {LongSubject} of a subject");
        if (Emoji(subject) is { Length: > 0 } emoji)
            yield return manuscript.AtKey(key, "subject-emoji", $"the subject holds {emoji}");
        if (IsShouting(subject))
            yield return manuscript.AtKey(key, "subject-shouting", "capitals only, or several exclamation marks");
        if (subject.Length > 0 && issue.Preheader.Length == 0)
            yield return manuscript.AtKey("preheader", "preheader-missing", "the issue has neither subtitle nor preheader: mail programs show its first words behind the subject");
        if (subject.Length > 0 && issue.Preheader == subject)
            yield return manuscript.AtKey(issue.FrontMatter["preheader"] is not null ? "preheader" : "subtitle", "preheader-same", "it says the subject again");
    }

    private static string Emoji(string subject)
    {
        var found = new List<string>();
        for (var elements = StringInfo.GetTextElementEnumerator(subject); elements.MoveNext();)
            if (elements.GetTextElement() is var element && element.EnumerateRunes().Any(IsEmoji) && !found.Contains(element))
                found.Add(element);
        return string.Join(", ", found.Take(5));
    }

    private static bool IsEmoji(Rune rune) => rune.Value is >= 0x1F000 and <= 0x1FAFF or 0x2764 or 0x2705 or 0x274C or 0x2728 or 0x26A1 or 0x2B50 or >= 0x1F1E6 and <= 0x1F1FF || rune.Value == 0xFE0F;

    private static bool IsShouting(string subject) =>
        subject.Contains("!!", StringComparison.Ordinal) || subject.Count(char.IsLetter) > 14 && !subject.Any(char.IsLower) && subject.Any(char.IsUpper);
}
