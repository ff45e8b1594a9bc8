using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Title, number and date against each other, the file's name and the issue before.</summary>
internal static partial class TitleRules
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var issue = manuscript.Issue;
        foreach (var key in new[] { "title", "subject" })
            if (issue.FrontMatter[key] is { } value && issue.Number is { } number && OtherNumber(value.Text, number) is { } other)
                yield return manuscript.AtKey(key, "title-number", $"it says #{other}, and the issue is number {number}", $"write #{number}, or rename the file {issue.FileName}");
        if (issue.Date is { } date && TitleDate(issue.Title, date) is { } wrong)
            yield return manuscript.AtKey("title", "title-date", wrong);
        if (issue.Date is { } day && IsoDate().Match(issue.FileName) is { Success: true } inName && inName.Value != Iso(day))
            yield return manuscript.AtKey("date", "date-file", $"{Iso(day)} is not the date in the file's name, {inName.Value}");
        if (Before(manuscript) is { } before)
            foreach (var problem in Order(manuscript, before))
                yield return problem;
    }

    private static string? OtherNumber(string words, int number) =>
        TitleNumber().Match(words) is { Success: true } named && int.Parse(named.Groups[1].ValueSpan, CultureInfo.InvariantCulture) != number ? named.Groups[1].Value : null;

    /// <summary>What is wrong with the date that stands in a title; null where nothing is, or none stands there.</summary>
    private static string? TitleDate(string title, DateOnly date)
    {
        if (IsoDate().Match(title) is { Success: true } iso)
            return iso.Value == Iso(date) ? null : $"it says {iso.Value}, and the date is {Iso(date)}";

        var match = DayMonth().Match(title) is { Success: true } dayFirst ? dayFirst : MonthDay().Match(title);
        if (!match.Success)
            return null;

        var month = 1 + Array.IndexOf(Months, match.Groups["month"].Value[..3].ToLowerInvariant());
        var isDay = int.Parse(match.Groups["day"].ValueSpan, CultureInfo.InvariantCulture) == date.Day && month == date.Month;
        var year = match.Groups["year"];
        if (!isDay || year.Success && int.Parse(year.ValueSpan, CultureInfo.InvariantCulture) != date.Year)
            return $"it says {match.Value.Trim()}, and the date is {Iso(date)}";
        return year.Success || !AtEnd(title, match) ? null : $"{match.Value.Trim()} has no year";
    }

    private static bool AtEnd(string title, Match match) => match.Index + match.Length >= title.TrimEnd().Length;

    private static IssueEntry? Before(Manuscript manuscript) => manuscript.IsAmongOthers && manuscript.Issue.Number is { } number
        && manuscript.Surroundings.Issues.Keys.Where(key => key < number).DefaultIfEmpty(-1).Max() is >= 0 and var last
        && manuscript.Surroundings.Issues.TryGetValue(last, out var entry)
            ? entry
            : null;

    private static IEnumerable<IssueProblem> Order(Manuscript manuscript, IssueEntry before)
    {
        var number = manuscript.Issue.Number!.Value;
        if (manuscript.Issue.Date is { } date && before.Date is { } earlier && date <= earlier)
            yield return manuscript.AtKey("date", "date-order", date == earlier ? $"issue {before.Number} has the same date" : $"{Iso(date)} is before the date of issue {before.Number}, {Iso(earlier)}");
        if (before.Number < number - 1 && !manuscript.Surroundings.Issues.Keys.Any(key => key > number))
            yield return IssueAt(manuscript, $"{number} follows {before.Number}: {(number - before.Number == 2 ? "one number is" : $"{number - before.Number - 1} numbers are")} missing");
        if (manuscript.Issue.Title.Length > 0 && manuscript.Issue.Title == before.Title)
            yield return manuscript.AtKey("title", "title-again", $"it is the title of issue {before.Number} as well");
    }

    private static IssueProblem IssueAt(Manuscript manuscript, string message) =>
        manuscript.Issue.FrontMatter["number"] is not null ? manuscript.AtKey("number", "number-gap", message) : manuscript.AtKey("", "number-gap", message);

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?:#|No\.? ?|(?:Issue|Newsletter) #?)([0-9]{1,6})\b", RegexOptions.IgnoreCase)]
    private static partial Regex TitleNumber();

    [GeneratedRegex(@"(?<!\d)(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?!\d)")]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"(?<![\d#])(?<day>[0-9]{1,2})(?:st|nd|rd|th)? (?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?,?(?: (?<year>[0-9]{4})\b)?", RegexOptions.IgnoreCase)]
    private static partial Regex DayMonth();

    [GeneratedRegex(@"\b(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? (?<day>[0-9]{1,2})(?:st|nd|rd|th)?\b(?:,? (?<year>[0-9]{4})\b)?", RegexOptions.IgnoreCase)]
    private static partial Regex MonthDay();
}
