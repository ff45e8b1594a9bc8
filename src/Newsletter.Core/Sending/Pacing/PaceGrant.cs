namespace Newsletter.Sending;

/// <summary>A handful of rights to one letter each, taken from a limit that several workers share: the first begins at a moment, each further one an interval later.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class PaceGrant
{
    private readonly Queue<DateTimeOffset> rights;
    private readonly Stack<DateTimeOffset> returned = new();
    private readonly TimeSpan keep;
    private readonly TimeSpan longest; // from now to the first right, as long as the clock was not set back

    /// <param name="first">When the first right begins.</param>
    /// <param name="count">How many rights; none is a grant too.</param>
    /// <param name="limit">The limit that they are from.</param>
    /// <param name="horizon">The most that a right may lie ahead when it is taken.</param>
    public PaceGrant(DateTimeOffset first, int count, PaceLimit limit, TimeSpan horizon)
    {
        rights = new(Enumerable.Range(0, count).Select(i => first + (limit.Interval * i)));
        (keep, longest) = (limit.Keep, horizon + (limit.Interval * (count + 1)));
    }

    /// <summary>Uses a right that has begun and is not over.</summary>
    /// <param name="now">The time.</param>
    /// <param name="right">When it began: what <see cref="GiveBack"/> takes.</param>
    /// <param name="next">Where there is none: when one begins; null when all are used, so that more must be asked for.</param>
    public bool TryTake(DateTimeOffset now, out DateTimeOffset right, out DateTimeOffset? next)
    {
        next = null;
        while (returned.TryPop(out right))
            if (IsUsable(right, now))
                return true;
        while (rights.TryPeek(out right) && !(IsUsable(right, now) || IsAhead(right, now)))
            rights.Dequeue();
        if (rights.Count == 0)
            return false;
        if (right > now)
        {
            next = right;
            return false;
        }
        rights.Dequeue();
        return true;
    }

    /// <summary>A right that was taken and not used.</summary>
    public void GiveBack(DateTimeOffset right) => returned.Push(right);

    private bool IsUsable(DateTimeOffset right, DateTimeOffset now) => right <= now && now <= right + keep;

    /// <summary>Begins soon. What seems to begin in an hour was taken before the clock was set back.</summary>
    private bool IsAhead(DateTimeOffset right, DateTimeOffset now) => right > now && right - now <= longest;
}
