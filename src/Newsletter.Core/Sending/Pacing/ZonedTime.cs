namespace Newsletter.Sending;

/// <summary>Local times as instants.</summary>
public static class ZonedTime
{
    /// <summary>When a zone's clock shows a time on a day. One that is skipped in spring is the first minute after the gap; one that comes twice in autumn is its first passing.</summary>
    public static DateTimeOffset Instant(DateOnly date, TimeOnly time, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(time);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        // The larger offset of an ambiguous time is the one that comes first.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The day that a zone's calendar shows.</summary>
    public static DateOnly Day(DateTimeOffset now, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
}
