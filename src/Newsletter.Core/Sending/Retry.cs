namespace Newsletter.Sending;

/// <summary>When a deferred delivery is tried again (RFC 5321 §4.5.4.1).</summary>
/// <param name="Delays">The wait after the first attempt, the second and so on; the last one repeats. At least one, each positive.</param>
/// <param name="GiveUpAfter">Counted from when the edition began to run last: what would be due later than that has failed.</param>
public sealed record Retry(IReadOnlyList<TimeSpan> Delays, TimeSpan GiveUpAfter)
{
    /// <summary>5, 15, 30 minutes, 1, 2, 4, 8 hours, given up after three days: a greylisting server is content with the first, a full mailbox has a weekend.</summary>
    public static Retry Usual { get; } = new(
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8)],
        TimeSpan.FromDays(3));

    /// <summary>When the next attempt is due; null when the attempts are used up.</summary>
    /// <param name="attempt">Which attempt has just failed, from 1.</param>
    /// <param name="since">Since when the edition runs.</param>
    /// <param name="now">When the attempt ended.</param>
    public DateTimeOffset? After(int attempt, DateTimeOffset since, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var due = now + Delays[Math.Min(attempt, Delays.Count) - 1];
        return due <= since + GiveUpAfter ? due : null;
    }

    /// <summary>When to try again what no server has judged: after half a minute, or the first wait where that is shorter. Null when it is too late.</summary>
    public DateTimeOffset? Soon(DateTimeOffset since, DateTimeOffset now)
    {
        var due = now + (Delays[0] < HalfMinute ? Delays[0] : HalfMinute);
        return due <= since + GiveUpAfter ? due : null;
    }

    private static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);
}
