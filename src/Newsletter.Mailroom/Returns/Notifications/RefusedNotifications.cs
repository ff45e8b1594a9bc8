using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Newsletter.Mailroom;

/// <summary>Counts the requests that were refused, and says so: at once for the first, and then no more than once a minute for each name, for anyone can send them.</summary>
public sealed partial class RefusedNotifications(TimeProvider time, ILogger<RefusedNotifications> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Count, DateTimeOffset Said)> counts = new(StringComparer.Ordinal);

    /// <summary>How many were refused under a name since this process began.</summary>
    public long Count(string name)
    {
        lock (gate)
            return counts.GetValueOrDefault(name).Count;
    }

    /// <summary>Counts one.</summary>
    /// <param name="name">Of a configured source: there are few.</param>
    /// <param name="why">Our own words, with nothing of what came.</param>
    public void Add(string name, string why)
    {
        long count;
        lock (gate)
        {
            var now = time.GetUtcNow();
            var before = counts.GetValueOrDefault(name);
            count = before.Count + 1;
            var isSaid = before.Count == 0 || now - before.Said >= Pause;
            counts[name] = (count, isSaid ? now : before.Said);
            if (!isSaid)
                return;
        }
        LogRefused(name, why, count.ToString(CultureInfo.InvariantCulture));
    }

    [LoggerMessage(4030, LogLevel.Warning, "Notifications {Name}: a request was refused: {Why}; {Count} since this process began")]
    private partial void LogRefused(string name, string why, string count);
}
