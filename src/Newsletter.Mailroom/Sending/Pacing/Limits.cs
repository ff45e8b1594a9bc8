using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Something that may be had so often: letters per time, or letters of a day.</summary>
internal interface ILimit
{
    /// <summary>The right to one letter, or when to ask again.</summary>
    ValueTask<(DateTimeOffset? Right, DateTimeOffset NotBefore)> TakeAsync(DateTimeOffset now, CancellationToken stop);

    /// <summary>A right that was not used.</summary>
    void GiveBack(DateTimeOffset right);

    /// <summary>From one letter to the next, where it is had evenly.</summary>
    TimeSpan Interval { get; }
}

/// <summary>Whether one letter may go; who was given a turn uses it or gives it back.</summary>
/// <param name="NotBefore">Null: it may go. Else when to ask again.</param>
/// <param name="Why">Why not yet, in words for a person.</param>
/// <param name="Rights">What was taken of limits for it.</param>
internal readonly record struct Turn(DateTimeOffset? NotBefore, string Why = "", IReadOnlyList<(ILimit Limit, DateTimeOffset Right)>? Rights = null)
{
    public bool IsGiven => NotBefore is null;

    public void GiveBack()
    {
        foreach (var (limit, right) in Rights ?? [])
            limit.GiveBack(right);
    }
}

/// <summary>Letters per time, shared with all workers: rights are taken from the store for a second at a time, and handed out here.</summary>
internal sealed class SharedLimit(string name, PaceLimit limit, PaceStore store) : ILimit, IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim asking = new(1);
    private PaceGrant? grant;
    private DateTimeOffset askAt = DateTimeOffset.MinValue;

    public TimeSpan Interval => limit.Interval;

    public async ValueTask<(DateTimeOffset? Right, DateTimeOffset NotBefore)> TakeAsync(DateTimeOffset now, CancellationToken stop)
    {
        if (Look(now) is { } known)
            return known;
        await asking.WaitAsync(stop);
        try
        {
            if (Look(now) is { } meanwhile) // another line has asked while we waited
                return meanwhile;
            var (taken, first) = await store.TakeAsync(name, limit, now, stop);
            lock (gate)
                (grant, askAt) = (taken, first);
            return Look(now) ?? (null, first);
        }
        finally
        {
            asking.Release();
        }
    }

    public void GiveBack(DateTimeOffset right)
    {
        lock (gate)
            grant?.GiveBack(right);
    }

    public void Dispose() => asking.Dispose();

    /// <summary>What is known without asking; null: ask.</summary>
    private (DateTimeOffset? Right, DateTimeOffset NotBefore)? Look(DateTimeOffset now)
    {
        lock (gate)
        {
            if (grant is null)
                return null;
            if (grant.TryTake(now, out var right, out var next))
                return (right, now);
            if (next is { } later)
                return (null, later);
            // What lies further ahead than a limit can say was said before the clock was set back.
            return now < askAt && askAt - now <= limit.Interval + (2 * PaceStore.Horizon) ? (null, askAt) : null;
        }
    }
}

/// <summary>Letters of each day of a warm-up, shared with all workers: a handful is taken from the store at a time.</summary>
internal sealed class DayLimit(string name, WarmUp plan, TimeZoneInfo zone, PaceStore store) : ILimit, IDisposable
{
    private const int Handful = 50; // parts of a day's letters that are taken at a time

    private readonly SemaphoreSlim gate = new(1);
    private DateOnly day;
    private int left;
    private bool isOver;

    public TimeSpan Interval => TimeSpan.Zero;

    public async ValueTask<(DateTimeOffset? Right, DateTimeOffset NotBefore)> TakeAsync(DateTimeOffset now, CancellationToken stop)
    {
        var today = WarmUp.Day(now, zone);
        if (plan.MostOn(today) is not { } most)
            return (now, now);
        await gate.WaitAsync(stop);
        try
        {
            if (today != day)
                (day, left, isOver) = (today, 0, false);
            if (left == 0 && !isOver)
                isOver = (left = most == 0 ? 0 : await store.TakeOfDayAsync(name, today, most, Math.Clamp(most / Handful, 1, 100), stop)) == 0;
            if (left == 0)
                return (null, WarmUp.Tomorrow(now, zone));
            left--;
            return (now, now);
        }
        finally
        {
            gate.Release();
        }
    }

    public void GiveBack(DateTimeOffset right)
    {
        gate.Wait();
        if (WarmUp.Day(right, zone) == day && plan.MostOn(day) is not null)
            left++;
        gate.Release();
    }

    /// <summary>What was taken and not used goes back to all workers.</summary>
    public async Task SettleAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (left > 0)
                await store.GiveBackAsync(name, day, left);
            (left, isOver) = (0, false);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}

/// <summary>Several limits that a letter needs a right of each of.</summary>
internal sealed class LimitSet(IReadOnlyList<ILimit> limits, string why)
{
    public static LimitSet None { get; } = new([], "");

    public bool IsEmpty => limits.Count == 0;

    /// <summary>From one letter to the next under the tightest of them.</summary>
    public TimeSpan Interval => limits.Count == 0 ? TimeSpan.Zero : limits.Max(limit => limit.Interval);

    /// <summary>All rights or none.</summary>
    public async ValueTask<Turn> TakeAsync(DateTimeOffset now, CancellationToken stop)
    {
        var rights = new List<(ILimit Limit, DateTimeOffset Right)>(limits.Count);
        foreach (var limit in limits)
        {
            var (right, notBefore) = await limit.TakeAsync(now, stop);
            if (right is { } mine)
            {
                rights.Add((limit, mine));
                continue;
            }
            new Turn(null, "", rights).GiveBack();
            return new(notBefore, why);
        }
        return new(null, "", rights);
    }
}
