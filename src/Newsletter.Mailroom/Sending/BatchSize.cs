namespace Newsletter.Mailroom;

/// <summary>How many deliveries to claim at a time: about what the lines take in a second, so that a claim costs little and none lies long.</summary>
/// <param name="least">The fewest; where it begins.</param>
/// <param name="most">The most.</param>
/// <param name="time">The clock.</param>
internal sealed class BatchSize(int least, int most, TimeProvider time)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private int times = 1;
    private long? last;
    private long lastTaken;

    /// <summary>Whether the lines take more than the fewest.</summary>
    public bool IsGrown => times > 1;

    /// <summary>The size of the next batch.</summary>
    /// <param name="taken">How many the lines have taken until now: claims that lie are no sign of quick lines, however soon the next are asked for.</param>
    public int Next(long taken)
    {
        var lasted = last is { } before ? time.GetElapsedTime(before) : Quick;
        var isTaken = (taken - lastTaken) * 2 >= (long)least * times;
        (last, lastTaken) = (time.GetTimestamp(), taken);
        times = lasted < Quick && isTaken && least * times < most ? times * 2 : lasted > Slow && times > 1 ? times / 2 : times;
        return Math.Min(most, least * times);
    }
}
