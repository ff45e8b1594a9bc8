namespace Newsletter.Sending;

/// <summary>An edition at the same time of the clock for every reader: who is told that it comes at half past eight finds it at half past eight, wherever that is.</summary>
/// <param name="Home">The publication's zone, in which the edition's time is meant.</param>
public sealed record LocalDelivery(TimeZoneInfo Home)
{
    /// <summary>A time that has passed by no more than this is not waited for until tomorrow.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>When a reader's letter is due: when the clock of their zone shows what the publication's shows at the edition's time; the next such time, and not before the start.</summary>
    /// <param name="due">The edition's time.</param>
    /// <param name="started">When it began.</param>
    /// <param name="reader">The reader's zone.</param>
    public DateTimeOffset DueIn(DateTimeOffset due, DateTimeOffset started, TimeZoneInfo reader)
    {
        var wall = TimeZoneInfo.ConvertTime(due, Home).DateTime;
        var (date, time) = (DateOnly.FromDateTime(wall), TimeOnly.FromDateTime(wall));
        for (date = date.AddDays(-1); ; date = date.AddDays(1))
            if (ZonedTime.Instant(date, time, reader) is var local && local + Grace >= due)
                return local > started ? local : started;
    }
}
