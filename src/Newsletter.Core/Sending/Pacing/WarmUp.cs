namespace Newsletter.Sending;

/// <summary>How many letters may leave on each of the first days of a new relay or domain, which nobody knows yet; after the last of them as many as wanted.</summary>
/// <param name="Start">The first day. Before it nothing leaves.</param>
/// <param name="PerDay">The most on the first day, the second and so on.</param>
public sealed record WarmUp(DateOnly Start, IReadOnlyList<int> PerDay)
{
    /// <summary>The most on a day; null: any number.</summary>
    public int? MostOn(DateOnly day) => day < Start ? 0 : day.DayNumber - Start.DayNumber is var n && n < PerDay.Count ? PerDay[n] : null;

    /// <summary>The day that it is in a zone.</summary>
    public static DateOnly Day(DateTimeOffset now, TimeZoneInfo zone) => ZonedTime.Day(now, zone);

    /// <summary>When the next day begins there.</summary>
    public static DateTimeOffset Tomorrow(DateTimeOffset now, TimeZoneInfo zone) => ZonedTime.Instant(Day(now, zone).AddDays(1), TimeOnly.MinValue, zone);
}
