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
        if (subject.Length > 0 && issue.Preheader.Trim().Equals(subject.Trim(), StringComparison.OrdinalIgnoreCase))
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

    // Those that are pictures without more ado (Unicode's Emoji_Presentation), hearts, and what U+FE0F makes one.
    private static bool IsEmoji(Rune rune) => rune.Value is >= 0x1F000 and <= 0x1FAFF or 0xFE0F or 0x2764 or 0x231A or 0x231B or (>= 0x23E9 and <= 0x23EC) or 0x23F0 or 0x23F3 or 0x25FD or 0x25FE
        or 0x2614 or 0x2615 or (>= 0x2648 and <= 0x2653) or 0x267F or 0x2693 or 0x26A1 or 0x26AA or 0x26AB or 0x26BD or 0x26BE or 0x26C4 or 0x26C5 or 0x26CE or 0x26D4 or 0x26EA or 0x26F2 or 0x26F3 or 0x26F5 or 0x26FA or 0x26FD
        or 0x2705 or 0x270A or 0x270B or 0x2728 or 0x274C or 0x274E or (>= 0x2753 and <= 0x2755) or 0x2757 or (>= 0x2795 and <= 0x2797) or 0x27B0 or 0x27BF or 0x2B1B or 0x2B1C or 0x2B50 or 0x2B55;

    private static bool IsShouting(string subject) =>
        subject.Contains("!!", StringComparison.Ordinal) || subject.Count(char.IsLetter) > 14 && !subject.Any(char.IsLower) && subject.Any(char.IsUpper);
}
