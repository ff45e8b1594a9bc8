using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Newsletter.Cli;

/// <summary>A time that has passed, as a person writes it.</summary>
internal static class PastTime
{
    public const string Remedy = "write a time that has passed, as 2026-12-01 or 2026-12-01 08:30, or how long ago, as 2d or 3h";

    /// <summary>Null for what is none.</summary>
    public static DateTimeOffset? Read(string text, IServiceProvider services)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(services.GetRequiredService<Publication>().TimeZone);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var whole = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? $"{text} 00:00" : text;
        if (SendTime.Read($"+{text.TrimStart('-')}", zone, now) is { } ahead)
            return now - (ahead - now);
        return SendTime.Read(whole, zone, now) is { } time && time <= now ? time : null;
    }
}
