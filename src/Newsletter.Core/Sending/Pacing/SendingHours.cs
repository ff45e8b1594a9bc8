using System.Globalization;

namespace Newsletter.Sending;

/// <summary>The hours in which letters may leave, such as <c>Mon-Fri 08:00-20:00, Sat-Sun 10:00-16:00</c>. None at all: always.</summary>
public sealed class SendingHours
{
    private readonly IReadOnlyList<Stretch> stretches;

    private SendingHours(IReadOnlyList<Stretch> stretches) => this.stretches = stretches;

    /// <summary>At any hour.</summary>
    public static SendingHours Always { get; } = new([]);

    /// <summary>Whether there is any hour at which nothing leaves.</summary>
    public bool IsAlways => stretches.Count == 0;

    /// <summary>Reads days and hours, several separated by commas. Days: one, or from-to, by English name or its first three letters, or none for every day. An end before its start is on the next day; 24:00 is midnight. Null for any other text.</summary>
    public static SendingHours? Read(string text)
    {
        var stretches = text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadOne).ToList();
        return stretches.Contains(null) ? null : new([.. stretches.OfType<Stretch>()]);
    }

    /// <summary>Now, where letters may leave now; else the next time that they may.</summary>
    public DateTimeOffset Next(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (IsAlways)
            return now;
        var today = ZonedTime.Day(now, zone);
        var next = DateTimeOffset.MaxValue;
        // From the day before, whose night may last until now; to a week on, where every day has been looked at.
        for (var day = today.AddDays(-1); day <= today.AddDays(8); day = day.AddDays(1))
            foreach (var stretch in stretches.Where(stretch => stretch.Days.Contains(day.DayOfWeek)))
            {
                var (start, end) = stretch.On(day, zone);
                if (start <= now && now < end)
                    return now;
                if (start > now && start < next && start < end)
                    next = start;
            }
        return next;
    }

    /// <summary>Until when letters may leave, where they may leave now; else now.</summary>
    public DateTimeOffset End(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (IsAlways)
            return DateTimeOffset.MaxValue;
        var today = ZonedTime.Day(now, zone);
        var ends = from day in new[] { today.AddDays(-1), today }
                   from stretch in stretches
                   where stretch.Days.Contains(day.DayOfWeek)
                   let hours = stretch.On(day, zone)
                   where hours.Start <= now && now < hours.End
                   select hours.End;
        return ends.Append(now).Max();
    }

    private static Stretch? ReadOne(string text)
    {
        var words = text.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || words[^1].Split('-') is not [var from, var to] || Clock(from) is not { } start || Clock(to) is not { } end || start == 1440 || start == end)
            return null;
        return Days(words.Length == 2 ? words[0] : "Mon-Sun") is { Count: > 0 } days ? new(days, start, end) : null;
    }

    private static List<DayOfWeek> Days(string text) => text.Split('-') switch
    {
        [var one] when Day(one) is { } day => [day],
        [var from, var to] when Day(from) is { } first && Day(to) is { } last =>
            [.. Enumerable.Range(0, (((last - first) % 7) + 7) % 7 + 1).Select(i => (DayOfWeek)(((int)first + i) % 7))],
        _ => [],
    };

    private static DayOfWeek? Day(string name) => Enum.GetValues<DayOfWeek>().Where(day => day.ToString() is var full
        && (full.Equals(name, StringComparison.OrdinalIgnoreCase) || full[..3].Equals(name, StringComparison.OrdinalIgnoreCase))).Select(day => (DayOfWeek?)day).FirstOrDefault();

    /// <summary>Minutes from midnight.</summary>
    private static int? Clock(string text) => text == "24:00" ? 1440
        : TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? (time.Hour * 60) + time.Minute : null;

    private sealed record Stretch(IReadOnlyList<DayOfWeek> Days, int Start, int End)
    {
        public (DateTimeOffset Start, DateTimeOffset End) On(DateOnly day, TimeZoneInfo zone) => (At(day, Start, zone), At(End > Start ? day : day.AddDays(1), End, zone));

        private static DateTimeOffset At(DateOnly day, int minute, TimeZoneInfo zone) =>
            minute == 1440 ? ZonedTime.Instant(day.AddDays(1), TimeOnly.MinValue, zone) : ZonedTime.Instant(day, TimeOnly.MinValue.AddMinutes(minute), zone);
    }
}
