using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>The claims of one run: taken from the ledger, handed to the lines, kept while they may not go, and given back at the end.</summary>
/// <param name="edition">The edition.</param>
/// <param name="desk">The ledger and the clock.</param>
/// <param name="lines">How many take from it.</param>
internal sealed class ClaimFeed(Edition edition, SendingDesk desk, int lines)
{
    /// <summary>A claim that has lain for longer than this is looked at again before its letter goes: its reader may have left, or a pause of this process cost us the claim.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private const int Fewest = 50;

    /// <summary>Who waits for what others may give back looks at least so often.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Channel<HeldClaim> claims = Channel.CreateUnbounded<HeldClaim>();
    private readonly int few = Math.Max(Math.Min(Fewest, desk.Options.BatchSize), lines);
    private readonly BatchSize size = new(Math.Min(Fewest, desk.Options.BatchSize), desk.Options.BatchSize, desk.Time);
    private readonly WaitingClaims waiting = new();
    private Task<IReadOnlyList<HeldClaim>>? ahead;
    private long handedOut; // the feeder's own
    private volatile TaskCompletionSource? wanting; // set while the feeder waits for few to be left

    /// <summary>Done when nothing is left to take and nothing more will come.</summary>
    public Task Drained => claims.Reader.Completion;

    /// <summary>Waits for a claim; false when no more will come.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken stop) => claims.Reader.WaitToReadAsync(stop);

    /// <summary>The next claim, where there is one just now.</summary>
    public bool TryTake([MaybeNullWhen(false)] out HeldClaim held)
    {
        var isTaken = claims.Reader.TryRead(out held);
        if (wanting is { } feeder && claims.Reader.Count <= few)
            feeder.TrySetResult();
        return isTaken;
    }

    /// <summary>Keeps a claim that may not go yet.</summary>
    /// <param name="held">The claim.</param>
    /// <param name="notBefore">When it is to be tried again.</param>
    /// <param name="due">When it is due in the ledger, where that is too long to keep it.</param>
    public void Keep(HeldClaim held, DateTimeOffset notBefore, Func<DateTimeOffset> due) => waiting.Add(held, notBefore, due, desk.Time.GetUtcNow());

    /// <summary>Claims and hands out, until nothing more is due and nothing waits at hand.</summary>
    public async Task FeedAsync(CancellationToken halt)
    {
        try
        {
            while (!halt.IsCancellationRequested)
            {
                var now = desk.Time.GetUtcNow();
                await HandOutAsync(waiting.TakeReady(now), halt);
                await PutOffAsync();
                var batch = await NextBatchAsync();
                if (batch.Count == 0 && waiting.TryClose())
                    return;
                if (batch.Count == 0)
                    await WaitForTheNextAsync(now, halt);
                // The next one is fetched while this one is handed out, where the lines would otherwise wait for it.
                ahead = batch.Count > 0 && size.IsGrown ? ClaimAsync() : null;
                await HandOutAsync(batch, halt);
            }
        }
        finally
        {
            claims.Writer.Complete();
        }
    }

    /// <summary>Whether the letter may still go: else it is given back.</summary>
    public async Task<bool> IsStillDueAsync(HeldClaim held)
    {
        // Either way: a clock that was set back says nothing of how long it lay.
        if ((desk.Time.GetUtcNow() - held.Since).Duration() < Fresh || await desk.Deliveries.HoldsAsync(held.Claim, CancellationToken.None))
            return true;
        await desk.Deliveries.ReleaseAsync([held.Claim], desk.Time.GetUtcNow());
        return false;
    }

    /// <summary>What was not tried goes back to the ledger, to be due when it may go.</summary>
    public async Task GiveBackAsync()
    {
        var left = waiting.Close().ToList();
        while (claims.Reader.TryRead(out var held))
            left.Add(held.Claim);
        await ReleaseAsync(left);
        await PutOffAsync();
        if (TakeAhead() is { } fetched) // last: it may have failed
            await ReleaseAsync([.. (await fetched).Select(held => held.Claim)]);
    }

    private Task<IReadOnlyList<HeldClaim>> NextBatchAsync() => TakeAhead() ?? ClaimAsync();

    /// <summary>Whoever takes it has it: who hands out, or who gives back.</summary>
    private Task<IReadOnlyList<HeldClaim>>? TakeAhead() => Interlocked.Exchange(ref ahead, null);

    private Task ReleaseAsync(List<Claim> left) => left.Count == 0 ? Task.CompletedTask : desk.Deliveries.ReleaseAsync(left, desk.Time.GetUtcNow());

    // No token here: what is claimed is handed out or given back.
    private Task<IReadOnlyList<HeldClaim>> ClaimAsync()
    {
        var count = size.Next(handedOut - claims.Reader.Count);
        var now = desk.Time.GetUtcNow(); // from here on it ages, however long it lies before it is handed out
        return Task.Run<IReadOnlyList<HeldClaim>>(async () =>
        {
            var batch = await desk.Deliveries.ClaimAsync(edition.Id, desk.Worker, now + desk.Options.ClaimFor, now, count, CancellationToken.None);
            return [.. batch.Select(claim => new HeldClaim(claim, now))];
        });
    }

    /// <summary>All at once, as soon as few are left: whoever takes one wakes nobody.</summary>
    private async Task HandOutAsync(IReadOnlyList<HeldClaim> batch, CancellationToken halt)
    {
        if (batch.Count == 0)
            return;
        try
        {
            wanting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (claims.Reader.Count > few)
                await wanting.Task.WaitAsync(halt);
            wanting = null;
        }
        catch (OperationCanceledException)
        {
            await ReleaseAsync([.. batch.Select(held => held.Claim)]);
            return;
        }
        handedOut += batch.Count;
        foreach (var held in batch)
            claims.Writer.TryWrite(held);
    }

    /// <summary>Until the first of those at hand may go, but never so long that what others gave back goes unseen.</summary>
    private Task WaitForTheNextAsync(DateTimeOffset now, CancellationToken halt)
    {
        var wait = (waiting.Next ?? now) - now;
        return Task.Delay(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < Look ? wait : Look, desk.Time, halt);
    }

    private async Task PutOffAsync()
    {
        if (waiting.TakePutOff() is { Count: > 0 } late)
            await desk.DueTimes.PutOffAsync(late, desk.Time.GetUtcNow());
    }
}
