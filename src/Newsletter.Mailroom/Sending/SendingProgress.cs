using System.Diagnostics;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>How far an edition is: counted from the rows when the run began, and with each letter since.</summary>
/// <param name="Tally">Where the deliveries stand.</param>
/// <param name="PerSecond">Letters settled a second over the run so far; 0 at its beginning.</param>
/// <param name="Left">At this rate; null where it cannot be told.</param>
/// <param name="Trouble">Why a relay does not take letters just now; null while all is well.</param>
public sealed record SendingProgress(Tally Tally, double PerSecond, TimeSpan? Left, string? Trouble);

/// <summary>Keeps the count while a run goes on.</summary>
internal sealed class SendingCount(Tally start, TimeProvider time, IProgress<SendingProgress>? progress)
{
    private readonly Lock gate = new();
    private readonly long began = time.GetTimestamp();
    private Tally tally = start;
    private long settled;
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);
    private long told;
    private string? trouble;

    /// <summary>Where the deliveries stand, as far as this process knows.</summary>
    public Tally Tally
    {
        get
        {
            lock (gate)
                return tally;
        }
    }

    public void Add(AttemptResult result)
    {
        lock (gate)
        {
            Move(result.Claim.Attempt > 1, result.After.State);
            trouble = null;
            if (tally.Open == 0 || time.GetElapsedTime(told) >= Often)
                Report();
        }
    }

    public void Trouble(string words)
    {
        lock (gate)
        {
            trouble = words;
            Report();
        }
    }

    private void Move(bool wasDeferred, DeliveryState to)
    {
        settled++;
        // A claimed letter stands where it came from: it is all one to who looks on.
        if (to is DeliveryState.Waiting || !TryTake(wasDeferred))
            return;
        tally = to switch
        {
            DeliveryState.Sent => tally with { Sent = tally.Sent + 1 },
            DeliveryState.Deferred => tally with { Deferred = tally.Deferred + 1 },
            DeliveryState.Failed => tally with { Failed = tally.Failed + 1 },
            DeliveryState.InDoubt => tally with { InDoubt = tally.InDoubt + 1 },
            _ => throw new UnreachableException(to.ToString()),
        };
    }

    /// <summary>Where it came from, as far as we know: another process may have moved it since the rows were counted.</summary>
    private bool TryTake(bool fromDeferred)
    {
        var taken = tally switch
        {
            { Deferred: > 0 } when fromDeferred => tally with { Deferred = tally.Deferred - 1 },
            { Waiting: > 0 } => tally with { Waiting = tally.Waiting - 1 },
            { Claimed: > 0 } => tally with { Claimed = tally.Claimed - 1 },
            { Deferred: > 0 } => tally with { Deferred = tally.Deferred - 1 },
            _ => null,
        };
        tally = taken ?? tally;
        return taken is not null;
    }

    private void Report()
    {
        told = time.GetTimestamp();
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        var rate = seconds > 0 ? settled / seconds : 0;
        progress?.Report(new(tally, rate, rate > 0 ? TimeSpan.FromSeconds(tally.Open / rate) : null, trouble));
    }
}
