using System.Globalization;
using System.Text.RegularExpressions;

namespace Newsletter.Replies;

/// <summary>Reads a day as people write it: 2026-11-14, 14.11., 14/11/2026, 14 November, November 14th, 14 de noviembre de 2026, 11月14日, Monday.</summary>
internal static partial class WrittenDay
{
    /// <summary>How far behind the words the day may begin: "until the evening of 14 November".</summary>
    private const int Nearest = 24;

    private static readonly Dictionary<string, int> Months = AwayWords.Numbers("month");
    private static readonly Dictionary<string, int> Weekdays = AwayWords.Numbers("weekday");

    /// <summary>The first day in a text; null where there is none, or one that could be two.</summary>
    /// <param name="text">Lower case.</param>
    /// <param name="today">A day without a year is the next such day from here.</param>
    /// <param name="isDayFirst">Whether 3/4 is surely the third of April, as everywhere but in English.</param>
    public static DateOnly? BeginsIn(string text, DateOnly today, bool isDayFirst)
    {
        var found = ((Regex Form, Func<Match, DateOnly?> Read)[])
        [
            (Iso(), match => Day(Number(match, "y"), Number(match, "m"), Number(match, "d"), today)),
            (Asian(), match => Day(Number(match, "y"), Number(match, "m"), Number(match, "d"), today)),
            (Numbers(), match => OfNumbers(match, today, isDayFirst)),
            (DayMonth(), match => OfNames(match, today)),
            (MonthDay(), match => OfNames(match, today)),
            (Word(), match => Weekdays.TryGetValue(match.Value, out var weekday) ? today.AddDays(((weekday - (int)today.DayOfWeek + 6) % 7) + 1) : null),
        ];
        return found.SelectMany(form => form.Form.Matches(text).Where(match => match.Index <= Nearest).Take(8).Select(match => (match.Index, Rank: Array.IndexOf(found, form), Day: form.Read(match))))
            .Where(each => each.Day is not null || each.Rank == 2).OrderBy(each => each.Rank == 5).ThenBy(each => each.Index).ThenBy(each => each.Rank).Select(each => each.Day).FirstOrDefault();
    }

    /// <summary>The last day in a text.</summary>
    public static DateOnly? EndsIn(string text, DateOnly today) =>
        Asian().Matches(text).Concat(Iso().Matches(text)).OrderBy(match => match.Index).Select(match => Day(Number(match, "y"), Number(match, "m"), Number(match, "d"), today)).LastOrDefault(day => day is not null);

    private static DateOnly? OfNumbers(Match match, DateOnly today, bool isDayFirst)
    {
        var (first, second, year) = (Number(match, "a")!.Value, Number(match, "b")!.Value, Number(match, "y"));
        year = year is < 100 ? year + 2000 : year;
        if (isDayFirst || match.Groups["s"].Value is "." || first > 12)
            return Day(year, second, first, today);
        return second > 12 || first == second ? Day(year, first, second, today) : null;
    }

    private static DateOnly? OfNames(Match match, DateOnly today) => Months.TryGetValue(match.Groups["m"].Value, out var month) ? Day(Number(match, "y"), month, Number(match, "d"), today) : null;

    private static int? Number(Match match, string group) => match.Groups[group] is { Success: true, Value: var text } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateOnly? Day(int? year, int? month, int? day, DateOnly today)
    {
        if (month is not (>= 1 and <= 12) || day is not >= 1)
            return null;
        var (inYear, next) = (year ?? today.Year, year is null);
        if (inYear is < 1 or > 9998 || day > DateTime.DaysInMonth(inYear, month.Value))
            return null;
        var found = new DateOnly(inYear, month.Value, day.Value);
        return next && found < today && day <= DateTime.DaysInMonth(inYear + 1, month.Value) ? new(inYear + 1, month.Value, day.Value) : found;
    }

    [GeneratedRegex(@"(?<!\d)(?<y>20\d\d)[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})(?!\d)")]
    private static partial Regex Iso();

    [GeneratedRegex(@"(?:(?<y>20\d\d) ?[年년] ?)?(?<!\d)(?<m>\d{1,2}) ?[月월] ?(?<d>\d{1,2}) ?[日일号號]")]
    private static partial Regex Asian();

    [GeneratedRegex(@"(?<![\d.:/-])(?<a>\d{1,2})(?<s>[./-]) ?(?<b>\d{1,2})(?:[./-] ?(?<y>20\d\d|\d\d))?(?![\d:])")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"(?<!\d)(?<d>\d{1,2})(?:st|nd|rd|th|er|ème|º|ª|°|\.|:e)?(?: de| of| del)? (?<m>\p{L}{3,12})\.?(?:,? (?:de |del )?(?<y>20\d\d))?")]
    private static partial Regex DayMonth();

    [GeneratedRegex(@"(?<m>\p{L}{3,12})\.? (?:the )?(?<d>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?!:\d)(?:,? (?<y>20\d\d))?")]
    private static partial Regex MonthDay();

    [GeneratedRegex(@"\p{L}[\p{L}-]{4,}")]
    private static partial Regex Word();
}
