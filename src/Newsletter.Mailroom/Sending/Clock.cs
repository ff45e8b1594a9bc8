using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What time makes due: the weekly slot, and editions whose time has come. Any number may look at once, since each step is taken by whoever is first.</summary>
public sealed class Clock(Editions editions, WeeklySlots slots, EditionAlarms alarms, EditionStore store, TimeProvider time)
{
    /// <summary>So long Hangfire's own look may stay away; it comes every five seconds while all is well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Looks what is due, and starts it; looks what came back of what runs, and stops it where that is too much.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        await slots.LookAsync(ct);
        foreach (var edition in await editions.StartDueAsync(ct))
            await alarms.LookAsync(edition, ct);
        await alarms.TellAsync(ct);
    }

    /// <summary>Looks where something is overdue: after an outage of the database Hangfire waits up to five minutes with its next try.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        if (await store.IsOverdueAsync(time.GetUtcNow() - Patience, ct))
            await LookAsync(ct);
    }
}
