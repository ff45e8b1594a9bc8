namespace Newsletter.Mailroom;

/// <summary>How long to wait before a mailbox in trouble is tried again: a second, twice as long each time, five minutes at most, and not all at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <param name="failures">In a row, at least one.</param>
    /// <param name="chance">0 to 1: spreads the tries of several by a quarter to either side.</param>
    public static TimeSpan After(int failures, double chance) =>
        TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(failures, 20) - 1), Longest.TotalSeconds) * (0.75 + chance / 2));
}
