using System.Runtime.ExceptionServices;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>
/// One pass over what is due of one edition: a feeder claims, every line has its own loop (letters, replies, results kept, the next letters).
/// It ends when nothing more is due, when the edition is no longer running, when no relay is left that takes letters, when the settings
/// change, or on a stop.
/// </summary>
internal sealed partial class EditionRun : IDisposable
{
    /// <summary>How often it is looked whether anything has changed.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly Edition edition;
    private readonly LetterCarrier carrier;
    private readonly SendingDesk desk;
    private readonly Pacer pacer;
    private readonly PaceSet pace;
    private readonly ClaimFeed feed;
    private readonly GroupCommit commits;
    private readonly SendingCount count;
    private readonly CancellationTokenSource halt = new();
    private readonly CancellationTokenSource idle; // halted, or nothing left to take: who only waits need wait no longer
    private Exception? fault;
    private int refusals;

    public EditionRun(Edition edition, EditionLetters letters, SendingDesk desk, Pacer pacer, GroupCommit commits, SendingCount count)
    {
        (this.edition, this.desk, this.pacer, this.commits, this.count) = (edition, desk, pacer, commits, count);
        carrier = new(edition, letters, desk, commits);
        pace = pacer.Set;
        feed = new(edition, desk, pace.Outlets.Sum(outlet => outlet.Transport.Connections));
        idle = CancellationTokenSource.CreateLinkedTokenSource(halt.Token);
    }

    private SendingOptions Options => desk.Options;

    /// <summary>Runs the pass; between two letters it may be stopped, inside one not.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(halt.Cancel);
        using var over = new CancellationTokenSource();
        foreach (var outlet in pace.Outlets)
            outlet.BeginAnew();
        var watch = WatchAsync(over.Token);
        var givenBack = Task.CompletedTask;
        await using var halted = halt.Token.Register(() => givenBack = Guarded(feed.GiveBackAsync)); // at once: the last letters in hand may take their time
        var lines = from outlet in pace.Outlets
                    from place in Enumerable.Range(0, outlet.Transport.Connections)
                    select Guarded(() => LineThread.RunAsync(() => LineAsync(outlet, place))); // the start as well: those that have a thread are not left alone
        await Task.WhenAll([Guarded(() => feed.FeedAsync(halt.Token)), Guarded(DrainAsync), .. lines]);
        await Guarded(commits.FlushAsync);
        await halt.CancelAsync();
        await over.CancelAsync();
        await watch;
        await givenBack;
        // Where it fails the fault is known, and the next pass frees them.
        await Guarded(feed.GiveBackAsync);
        await Guarded(pacer.SettleAsync);
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        idle.Dispose();
        halt.Dispose();
    }

    /// <summary>A fault in one part halts them all, and is thrown at the end, once.</summary>
    private async Task Guarded(Func<Task> part)
    {
        try
        {
            await part();
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested || idle.IsCancellationRequested) // who waits for the one may hear of it before the other does
        {
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref fault, e, null);
            await halt.CancelAsync();
        }
    }

    private async Task DrainAsync()
    {
        await feed.Drained.WaitAsync(halt.Token);
        await idle.CancelAsync();
    }

    /// <summary>A refusal about us pauses the edition where no other relay is left, and so do many letters in a row that were refused. What one relay says of us is not about a letter: another may take it.</summary>
    private async Task MindAsync(SmtpOutcome outcome)
    {
        if (outcome is SmtpOutcome.Accepted)
            Interlocked.Exchange(ref refusals, 0);
        var isRelay = outcome is SmtpOutcome.Refused { Scope: SmtpScope.Relay };
        var inRow = outcome is SmtpOutcome.Rejected or SmtpOutcome.Refused && !isRelay ? Interlocked.Increment(ref refusals) : 0;
        var why = isRelay && pace.Outlets.All(outlet => outlet.IsRefused) ? $"the relay refused us: {outcome.Words} {outcome.Remedy}".TrimEnd()
            : inRow >= Options.PauseAfterRefusals ? $"{inRow} letters in a row were refused, the last with: {outcome.Words}"
            : null;
        if (why is null && outcome is SmtpOutcome.Rejected or SmtpOutcome.Refused && Options.Thresholds.Look(count.Tally, CameBack.Nothing, edition.Alarms) is { } alarm)
        {
            await EditionAlarms.StopAsync(desk, edition, alarm);
            await halt.CancelAsync();
        }
        if (why is null)
            return;
        await desk.Editions.StepAsync(edition.Id, EditionState.Paused, why, desk.Time.GetUtcNow(), CancellationToken.None);
        await halt.CancelAsync();
        // Whoever lets it go on has done something about it.
        foreach (var outlet in pace.Outlets)
            outlet.Forgive();
    }

    /// <summary>Sees a pause or a cancel that another process wrote, and keeps our claims alive: to the end, since the last letters in hand may take their time.</summary>
    private async Task WatchAsync(CancellationToken over)
    {
        var renewed = desk.Time.GetUtcNow();
        using var tick = new PeriodicTimer(Tick, desk.Time);
        while (!over.IsCancellationRequested)
            await Guarded(async () =>
            {
                await tick.WaitForNextTickAsync(over);
                foreach (var outlet in pace.Outlets)
                    outlet.Watch();
                if (!halt.IsCancellationRequested && (await IsOverAsync() || await desk.Editions.FindAsync(edition.Id, CancellationToken.None) is not { State: EditionState.Running }))
                    await halt.CancelAsync();
                var now = desk.Time.GetUtcNow();
                if (now >= renewed && now < renewed + (Options.ClaimFor / 4)) // a clock that was set back counts as well: nobody waits two hours for a sign of life
                    return;
                await desk.Deliveries.RenewAsync(edition.Id, desk.Worker, now + Options.ClaimFor, CancellationToken.None);
                renewed = now;
            });
    }

    /// <summary>Whether the settings have changed, or the hours are over: the next pass goes by the new ones.</summary>
    private async Task<bool> IsOverAsync()
    {
        var now = desk.Time.GetUtcNow();
        var isOld = !ReferenceEquals(pacer.Look(), pace);
        if (pacer.Trouble is { } trouble)
            count.Trouble(trouble);
        await pacer.TellAsync(now, atOnce: false, CancellationToken.None);
        return isOld || Pacer.Closed(pace.Plan, now) is not null;
    }
}
