using System.Collections.Concurrent;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Sends editions. Any number of dispatchers may send the same one: a delivery goes out by who has claimed it.</summary>
public sealed class Dispatcher(SendingDesk desk, Publication publication, DkimSeal seal) : IAsyncDisposable
{
    /// <summary>For so long journals are kept of workers that show no life and hold nothing.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<EditionId, bool> inHand = new();
    private readonly ConcurrentDictionary<EditionId, (SendingPlan Plan, DateTimeOffset Since)> spread = new(); // by which plan an edition's letters that are due since then have been moved to readers' own times
    private readonly ConcurrentDictionary<EditionId, (long Since, TimeSpan For)> rests = new(); // when an edition was looked through for readers who have left, and for how long that is enough
    private readonly Lock opening = new();
    private GroupCommit? commits;
    private string? ledger;
    private readonly Pacer pacer = new(desk, EmailAddress.Read(publication.FromAddress)?.Domain ?? "");

    /// <summary>Whether this process is sending the edition just now.</summary>
    public bool HasInHand(EditionId id) => inHand.ContainsKey(id);

    /// <summary>Whether a pass was left at a stop while letters were still on the wire: the process must end now, and another finds out what became of them.</summary>
    public bool HasLeftLetters { get; private set; }

    /// <summary>One pass over what is due of a running edition; sets it complete when nothing is left. Of a cancelled one it frees what workers that are gone had in hand. Returns at once where this process has it in hand already.</summary>
    /// <exception cref="OperationCanceledException">Stopped, and the letters in hand took longer than <see cref="SendingOptions.DrainFor"/>.</exception>
    public async Task SendDueAsync(EditionId id, IProgress<SendingProgress>? progress, CancellationToken stop)
    {
        if (inHand.TryAdd(id, true))
            await DrainedAsync(InHandAsync(id, progress, stop), stop);
    }

    /// <summary>Stays with an edition, over all retries, until it is complete, paused or cancelled, or only letters in doubt are left.</summary>
    /// <exception cref="OperationCanceledException">Stopped; what was claimed is given back.</exception>
    public async Task<Edition> SendUntilSettledAsync(EditionId id, IProgress<SendingProgress>? progress, CancellationToken stop)
    {
        Edition? settled = null;
        while (settled is null)
            await Outage.LastAsync(async () => settled = await RoundAsync(id, progress, stop));
        return settled;
    }

    /// <summary>A pass, and the wait for what is due next; null where another round has to follow.</summary>
    private async Task<Edition?> RoundAsync(EditionId id, IProgress<SendingProgress>? progress, CancellationToken stop)
    {
        await SendDueAsync(id, progress, stop);
        stop.ThrowIfCancellationRequested();
        var edition = await desk.Editions.FindAsync(id, stop) ?? throw new InvalidOperationException($"edition {id.Value} is gone");
        if (edition.State is not EditionState.Running || edition.Sandbox != desk.Options.Sandbox)
            return edition;
        if (await desk.Deliveries.NextDueAsync(id, stop) is null) // only then all are counted: of a million that takes a while
        {
            var tally = await desk.Deliveries.TallyAsync(id, stop);
            if (tally.Open == 0)
                return null; // another process settled the last one after our pass: the next pass sets it complete
            if (tally.Open == tally.InDoubt)
                return edition;
        }
        await NapAsync(id, stop);
        return null;
    }

    /// <summary>To be done every few seconds, whether there is anything to send or not: so others know that this worker's journal is not left over.</summary>
    public void ShowLife() => commits?.ShowLife(desk.Time.GetUtcNow());

    private async Task InHandAsync(EditionId id, IProgress<SendingProgress>? progress, CancellationToken stop)
    {
        try
        {
            for (var pace = pacer.Look(); ; pace = pacer.Set)
            {
                await PassAsync(id, progress, stop);
                // Where the settings have changed in the middle, the rest goes by the new ones at once.
                if (stop.IsCancellationRequested || ReferenceEquals(pace, pacer.Look()))
                    return;
            }
        }
        finally
        {
            inHand.TryRemove(id, out _);
        }
    }

    /// <summary>A pass ends with the last letter in hand; after a stop it is waited for so long and no longer.</summary>
    private async Task DrainedAsync(Task pass, CancellationToken stop)
    {
        try
        {
            await pass.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (!pass.IsCompleted)
        {
            var inTime = await Task.WhenAny(pass, Task.Delay(desk.Options.DrainFor, desk.Time, CancellationToken.None)) == pass;
            if (inTime)
                await pass;
            else
                throw Left();
        }
    }

    private OperationCanceledException Left()
    {
        HasLeftLetters = true;
        if (commits is { } begun)
            begun.IsLeft = true;
        return new("letters are on the wire still");
    }

    private async Task PassAsync(EditionId id, IProgress<SendingProgress>? progress, CancellationToken stop)
    {
        if (await desk.Editions.FindAsync(id, stop) is not { State: EditionState.Running or EditionState.Cancelled } edition || edition.Sandbox != desk.Options.Sandbox)
            return;
        ledger ??= await desk.Deliveries.LedgerAsync(stop);
        ShowLife();
        await RecoverAsync(id, ledger, stop);
        await ForgetAsync(ledger, stop);
        if (edition.State is EditionState.Cancelled)
            return;
        await pacer.TellAsync(desk.Time.GetUtcNow(), atOnce: false, stop);
        if (await desk.Deliveries.NextDueAsync(id, stop) is { } due && due <= desk.Time.GetUtcNow())
        {
            if (await IsHeldBackAsync(edition, progress, stop))
                return;
            var letters = new EditionLetters(edition, await desk.Editions.RenderedAsync(id, stop), desk, publication, seal);
            var count = new SendingCount(await desk.Deliveries.TallyAsync(id, stop), desk.Time, progress);
            using var run = new EditionRun(edition, letters, desk, pacer, Commits(ledger), count);
            await RunAsync(run, id, stop);
            await pacer.TellAsync(desk.Time.GetUtcNow(), atOnce: true, CancellationToken.None);
        }
        await SkipEndedAsync(id);
        await desk.Editions.EndWaveAsync(id, (wave, tally, winner) => WaveEnd.Of(wave, tally, winner, desk.Options.SeedHold, desk.Options.SampleWait, desk.Time.GetUtcNow()), desk.Time.GetUtcNow(), CancellationToken.None);
        await desk.Editions.CompleteAsync(id, desk.Time.GetUtcNow(), CancellationToken.None);
    }

    /// <summary>Halts when this process stops the edition; what others do, the run sees when it looks.</summary>
    private async Task RunAsync(EditionRun run, EditionId id, CancellationToken stop)
    {
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        desk.Editions.Stopped += Halt;
        try
        {
            await run.RunAsync(halt.Token);
        }
        finally
        {
            desk.Editions.Stopped -= Halt;
        }

        void Halt(EditionId stopped)
        {
            try
            {
                if (stopped == id)
                    halt.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended just now by itself.
            }
        }
    }

    /// <summary>One for all editions, and one journal. Where its folder cannot be written, the next pass tries again.</summary>
    private GroupCommit Commits(string ledger)
    {
        lock (opening)
            return commits ??= new(new ResultJournal(desk.Journals, desk.Worker, ledger), results => Outage.LastAsync(() => desk.Deliveries.RecordAsync(results)));
    }

    /// <summary>Takes over what workers that are gone have left, and frees claims that ran out. Our own of this edition are left from a pass that broke: this one has only begun.</summary>
    private async Task RecoverAsync(EditionId id, string ledger, CancellationToken stop)
    {
        var now = desk.Time.GetUtcNow(); // one for all: whose claims are freed, its journal has been read
        if (commits is { } ours)
            await ours.FlushAsync();
        foreach (var left in ResultJournal.LeftIn(desk.Journals, ledger))
        {
            await desk.Deliveries.RecordAsync(left.Results);
            var begun = desk.Options.InDoubt is InDoubtPolicy.Hold ? left.Begun.Select(entry => (new DeliveryId(new(entry.Edition), new(entry.Subscriber)), entry.Fence)).ToList() : [];
            await desk.Deliveries.FreeAsync(left.Worker, begun, now, CancellationToken.None);
            left.Delete();
        }
        // A worker that lives and gives no sign (stopped, swapped out) may have results as well that the ledger does not have. Its journal stays: it may wake.
        if (await desk.Deliveries.OverdueAsync(id, now, stop) is { Count: > 0 } silent)
            foreach (var journal in ResultJournal.Of(silent, desk.Journals, ledger))
                await desk.Deliveries.RecordAsync(journal.Results);
        await desk.Deliveries.RecoverAsync(id, desk.Worker, desk.Options.InDoubt is InDoubtPolicy.Hold, now, stop);
    }

    /// <summary>Takes away journals of workers of whom nobody can say whether they are gone, as of an earlier boot or another container, when they are of no more use. Their files hold addresses.</summary>
    private async Task ForgetAsync(string ledger, CancellationToken stop)
    {
        foreach (var silent in ResultJournal.SilentIn(desk.Journals, ledger, desk.Time.GetUtcNow() - LongestSilence))
            if (silent.Worker != desk.Worker && !await desk.Deliveries.HoldsAnyAsync(silent.Worker, stop))
            {
                await desk.Deliveries.RecordAsync(silent.Results);
                silent.Delete();
            }
    }

    /// <summary>Skips who has left. What is due now is always looked at, else it stayed due; all that wait, who may be a million, for a twentieth of the time.</summary>
    private async Task SkipEndedAsync(EditionId id)
    {
        var (now, began) = (desk.Time.GetUtcNow(), desk.Time.GetTimestamp());
        var isEnough = rests.TryGetValue(id, out var rest) && desk.Time.GetElapsedTime(rest.Since) < rest.For;
        await desk.Deliveries.SkipEndedAsync(id, isEnough ? now : DateTimeOffset.MaxValue, now, CancellationToken.None);
        if (!isEnough)
            rests[id] = (desk.Time.GetTimestamp(), 20 * desk.Time.GetElapsedTime(began));
    }

    /// <summary>Whether no letter may leave at all just now; what is due at readers' own times is put off first.</summary>
    private async Task<bool> IsHeldBackAsync(Edition edition, IProgress<SendingProgress>? progress, CancellationToken stop)
    {
        await SpreadAsync(edition, pacer.Set.Plan, stop);
        if (await pacer.ClosedAsync(desk.Time.GetUtcNow(), stop) is not { } hold)
            return false;
        if (progress is not null)
            new SendingCount(await desk.Deliveries.TallyAsync(edition.Id, stop), desk.Time, progress).Trouble(hold.Reason);
        await pacer.TellAsync(desk.Time.GetUtcNow(), atOnce: false, stop);
        return true;
    }

    /// <summary>Puts off what is due at readers' own times; once for each wave is enough, since the audience is frozen.</summary>
    private async Task SpreadAsync(Edition edition, SendingPlan plan, CancellationToken stop)
    {
        if (!plan.AtLocalTime || (edition.ReleasedAt ?? edition.StartedAt) is not { } since
            || (spread.TryGetValue(edition.Id, out var by) && ReferenceEquals(by.Plan, plan) && by.Since == since))
            return;
        foreach (var zone in await desk.DueTimes.UntouchedZonesAsync(edition.Id, since, stop))
            if (new LocalDelivery(plan.Home).DueIn(edition.DueAt, since, Zones.Of(zone, plan.Home)) is var due && due > since)
                await desk.DueTimes.MoveZoneAsync(edition.Id, since, zone, due, desk.Time.GetUtcNow(), stop);
        spread[edition.Id] = (plan, since);
    }

    /// <summary>Until something is due, but never so long that a pause or another worker's end goes unseen.</summary>
    private async Task NapAsync(EditionId id, CancellationToken stop)
    {
        var wait = (await desk.Deliveries.NextDueAsync(id, stop) ?? DateTimeOffset.MaxValue) - desk.Time.GetUtcNow();
        if (pacer.HeldBackUntil - desk.Time.GetUtcNow() is { } held && held > wait)
            wait = held;
        await Task.Delay(wait < LongestNap ? (wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(50)) : LongestNap, desk.Time, stop);
    }

    /// <summary>Brings the ledger up to the last result.</summary>
    public async ValueTask DisposeAsync()
    {
        if (commits is { } begun)
            await begun.DisposeAsync();
    }
}
