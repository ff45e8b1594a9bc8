using System.Globalization;

namespace Newsletter.Sending;

/// <summary>A time of day on one day of each week, in a named zone: the slot in which the next ready issue goes out.</summary>
/// <remarks>
/// A local time that the clocks skip in spring means the first minute after the gap; one that they repeat in autumn means its first passing, once.
/// </remarks>
public sealed record WeeklySlot(DayOfWeek Day, TimeOnly Time, TimeZoneInfo Zone)
{
    /// <summary>Reads <c>Tuesday 08:30</c> (English day, or its first three letters; 24 hours). Null for any other text.</summary>
    public static WeeklySlot? Read(string text, TimeZoneInfo zone)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [var name, var clock])
            return null;
        var days = Enum.GetValues<DayOfWeek>().Where(day => day.ToString() is var full
            && (full.Equals(name, StringComparison.OrdinalIgnoreCase) || full[..3].Equals(name, StringComparison.OrdinalIgnoreCase))).ToList();
        return days is [var found] && TimeOnly.TryParseExact(clock, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new(found, time, zone) : null;
    }

    /// <summary>The first passing of the slot that is later than <paramref name="after"/>.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        // A day early, so that a zone's change can hide no passing; at most eight days are looked at.
        for (var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, Zone).DateTime).AddDays(-1); ; date = date.AddDays(1))
            if (date.DayOfWeek == Day && ZonedTime.Instant(date, Time, Zone) is var passing && passing > after)
                return passing;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Day} {Time:HH:mm} {Zone.Id}");
}
