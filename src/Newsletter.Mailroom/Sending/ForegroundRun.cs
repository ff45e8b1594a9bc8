using System.Data.Common;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Stays with an edition that a person sends in the foreground: through its hold window, its waves and the waits between them.</summary>
public sealed class ForegroundRun(Editions editions, EditionStore store, Dispatcher dispatcher, EditionAlarms alarms, TimeProvider time)
{
    /// <summary>So often a wait looks whether a person has stopped the edition or let it go on.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Until the edition is complete, or cancelled, or waits for a person.</summary>
    /// <param name="id">The edition.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="waits">Hears, once for each wait, that the edition goes on by itself later.</param>
    /// <param name="stop">Ends it between two letters; the edition stays as it is.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task<Edition> RunAsync(EditionId id, IProgress<SendingProgress>? progress, Action<Edition> waits, CancellationToken stop)
    {
        (DateTimeOffset, string)? told = null;
        while (true)
        {
            var edition = await FindAsync(id, stop);
            if (edition.State is EditionState.Running)
                edition = await SendAsync(id, progress, stop);
            // One that is scheduled is due, and waits for letters in hand of a cancelled edition.
            if ((edition.State is EditionState.Scheduled ? edition.DueAt : edition.GoesOnAt) is not { } at)
                return edition;
            if (told != (at, edition.StateReason))
                waits(edition);
            told = (at, edition.StateReason);
            await Outage.LastAsync(() => WaitAsync(edition, at, stop));
        }
    }

    private async Task<Edition> FindAsync(EditionId id, CancellationToken stop)
    {
        Edition? found = null;
        await Outage.LastAsync(async () => found = await store.FindAsync(id, stop));
        return found ?? throw new InvalidOperationException($"edition {id.Value} is gone");
    }

    private async Task<Edition> SendAsync(EditionId id, IProgress<SendingProgress>? progress, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var watch = WatchAsync(() => alarms.LookAsync(id, over.Token), time, over.Token);
        try
        {
            return await dispatcher.SendUntilSettledAsync(id, progress, stop);
        }
        finally
        {
            await over.CancelAsync();
            await watch;
            await TryAsync(() => alarms.TellAsync(CancellationToken.None)); // who sends next tells it else
        }
    }

    /// <summary>There may be no <c>serve</c> that looks what comes back. A database that is away costs one look: neither the watch, nor what was sent.</summary>
    internal static async Task WatchAsync(Func<Task> look, TimeProvider time, CancellationToken over)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(5), time);
        try
        {
            while (await tick.WaitForNextTickAsync(over))
                await TryAsync(look);
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (DbException) // sending itself meets it as well, and says so where it lasts
        {
        }
    }

    private async Task WaitAsync(Edition edition, DateTimeOffset until, CancellationToken stop)
    {
        var left = until - time.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left < Look ? left : Look, time, stop);
        if (time.GetUtcNow() < until || await editions.StartIfDueAsync(edition.Id, stop))
            return;
        foreach (var cancelled in await store.CancelledInHandAsync(stop))
            await dispatcher.SendDueAsync(cancelled, null, stop);
        await Task.Delay(Look, time, stop);
    }
}
