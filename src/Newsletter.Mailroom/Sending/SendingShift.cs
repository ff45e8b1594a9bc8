using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>A worker's part in the editions that run: each worker looks for itself what the clock has started, and joins.</summary>
/// <remarks>
/// No job in a queue: that is taken by one worker, and when it dies with it, comes back only after the queue's patience. A worker that joins late, leaves
/// or dies changes nothing but time, since a delivery goes out by whoever has claimed it.
/// </remarks>
public sealed partial class SendingShift(SendingDesk desk, Dispatcher dispatcher, Clock clock, ILogger<SendingShift> log) : Shift
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>So often an edition is looked at in which nothing is due: claims of workers that are gone are freed, its end is noticed.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private readonly TimeProvider time = desk.Time;
    private readonly Dictionary<EditionId, Part> parts = [];
    private long round = long.MinValue;
    private bool isBlind;

    /// <inheritdoc/>
    protected override async Task WorkAsync(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(Look, time);
        try
        {
            do
                await JoinAsync(stop);
            while (await tick.WaitForNextTickAsync(stop));
        }
        catch (Exception) when (stop.IsCancellationRequested) // who ends in the middle of a look may find the database gone, or another to whom it spoke
        {
        }
        // Letters in hand are finished, within the time that the dispatcher gives them.
        await Task.WhenAll(parts.Values.Select(part => part.Pass));
    }

    private async Task JoinAsync(CancellationToken stop)
    {
        try
        {
            await CatchUpAsync(stop);
            // Those that were cancelled as well, until nothing of them is in hand: the issue may be waiting to be sent anew.
            foreach (var id in (IEnumerable<EditionId>)[.. await desk.Editions.RunningAsync(stop), .. await desk.Editions.CancelledInHandAsync(stop)])
                if (await IsToBeLookedAtAsync(id, stop))
                    parts[id] = new(time.GetTimestamp(), PassAsync(id, IsFailing(id), stop));
            foreach (var id in parts.Where(part => IsOld(part.Value)).Select(part => part.Key).ToList())
                parts.Remove(id);
            isBlind = false;
        }
        catch (Exception e) when (!stop.IsCancellationRequested) // the next look is the retry
        {
            if (!isBlind)
                LogTrouble(DatabaseTrouble.Explain(e, "database") ?? e.Message);
            isBlind = true;
        }
    }

    private async Task CatchUpAsync(CancellationToken stop)
    {
        if (round != long.MinValue && time.GetElapsedTime(round) < Round)
            return;
        round = time.GetTimestamp();
        dispatcher.ShowLife();
        await clock.CatchUpAsync(stop);
    }

    /// <summary>At once where something is due; else, and after a pass that failed, when its round has come.</summary>
    private async Task<bool> IsToBeLookedAtAsync(EditionId id, CancellationToken stop) =>
        !parts.TryGetValue(id, out var part) || IsOld(part)
        || (part.Pass.IsCompleted && !IsFailing(id) && await desk.Deliveries.NextDueAsync(id, stop) is { } due && due <= time.GetUtcNow());

    private bool IsOld(Part part) => part.Pass.IsCompleted && time.GetElapsedTime(part.Since) > Round;

    private bool IsFailing(EditionId id) => parts.TryGetValue(id, out var part) && part.Pass is { IsCompletedSuccessfully: true, Result: false };

    /// <summary>False where it failed: that is said once, however often it fails again.</summary>
    private async Task<bool> PassAsync(EditionId id, bool isKnown, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await dispatcher.SendDueAsync(id, null, stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e) // whatever it is, it must not end this worker's other editions
        {
            if (!isKnown && DatabaseTrouble.Explain(e, "database") is { } words)
                LogTrouble(words);
            else if (!isKnown)
                LogFault(e, id.Value);
            return false;
        }
    }

    [LoggerMessage(3012, LogLevel.Error, "{Words}; letters wait until it is mended")]
    private partial void LogTrouble(string words);

    [LoggerMessage(3013, LogLevel.Error, "Sending edition {Edition} failed; it is tried again")]
    private partial void LogFault(Exception fault, long edition);

    /// <summary>A pass over an edition, and when it began.</summary>
    private sealed record Part(long Since, Task<bool> Pass);
}
