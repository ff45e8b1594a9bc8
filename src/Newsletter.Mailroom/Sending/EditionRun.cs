using System.Runtime.ExceptionServices;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>
/// One pass over what is due of one edition: a feeder claims, every connection has its own loop (letter, reply, result kept, next letter).
/// It ends when nothing more is due, when the edition is no longer running, when no relay is left that takes letters, when the settings
/// change, or on a stop.
/// </summary>
internal sealed class EditionRun : IDisposable
{
    /// <summary>How often it is looked whether anything has changed.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>No wait is shorter: a clock has its grain.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

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
        var watch = WatchAsync(over.Token);
        var givenBack = Task.CompletedTask;
        await using var halted = halt.Token.Register(() => givenBack = Guarded(feed.GiveBackAsync)); // at once: the last letters in hand may take their time
        var lines = from outlet in pace.Outlets
                    from _ in Enumerable.Range(0, outlet.Transport.Connections)
                    select Guarded(() => LineThread.RunAsync(() => LineAsync(outlet))); // the start as well: those that have a thread are not left alone
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

    /// <summary>A line that another edition is to have is given up, and asked for again.</summary>
    private async Task LineAsync(Outlet outlet)
    {
        while (!halt.IsCancellationRequested && await feed.WaitAsync(halt.Token))
            await HoldLineAsync(outlet);
    }

    private async Task HoldLineAsync(Outlet outlet)
    {
        using var line = await outlet.TakeLineAsync(edition.Priority, idle.Token);
        await using var connection = outlet.Transport.Open();
        var troubles = 0;
        // Between two letters we may stop, inside one we may not: a letter sent but not recorded is sent twice.
        while (!halt.IsCancellationRequested && !line.IsWanted && await feed.WaitAsync(halt.Token))
        {
            var turn = await outlet.BeginAsync(idle.Token);
            if (!turn.IsGiven)
            {
                await WaitForTurnAsync(turn);
                continue;
            }
            if (await OneLetterAsync(outlet, turn, connection) is not { } outcome)
                continue;
            await MindAsync(outcome);
            troubles = IsTrouble(outcome) ? troubles + 1 : 0;
            if (troubles > 0)
                await WaitOutAsync(outlet.Transport, outcome, troubles);
        }
    }

    /// <summary>One letter, or why the line did not open; null where no letter went.</summary>
    private async Task<SmtpOutcome?> OneLetterAsync(Outlet outlet, Turn turn, ITransportConnection connection)
    {
        var isUsed = false;
        try
        {
            var trouble = await OpenAsync(connection); // before a claim is taken: no letter is spent on a relay that is away
            if (trouble is not null)
            {
                outlet.Tell(trouble, isOpening: isUsed = true);
                return trouble;
            }
            if (halt.IsCancellationRequested || !feed.TryTake(out var held) || !await feed.IsStillDueAsync(held) || await EnterAsync(held) is not { } gate)
                return null;
            var result = await carrier.CarryAsync(connection, held.Claim, gate);
            isUsed = true;
            outlet.Tell(result.Outcome, isOpening: false);
            await commits.RecordAsync(result);
            count.Add(result);
            return result.Outcome;
        }
        finally
        {
            if (!isUsed)
                outlet.GiveBack(turn);
        }
    }

    /// <summary>Until the relay may take a letter. Where none may for long, the pass is over: what is claimed goes back.</summary>
    private async Task WaitForTurnAsync(Turn turn)
    {
        var now = desk.Time.GetUtcNow();
        if (pace.Outlets.All(outlet => outlet.BlockedUntil(now) - now > Pacer.LongestWait))
        {
            count.Trouble(turn.Why);
            await halt.CancelAsync();
            return;
        }
        var wait = turn.NotBefore!.Value - now;
        await Task.Delay(wait < Least ? Least : wait < Tick ? wait : Tick, desk.Time, idle.Token);
    }

    /// <summary>The gate of the letter's domain, passed; null where the letter has to wait, and waits.</summary>
    private async Task<DomainGate?> EnterAsync(HeldClaim held)
    {
        var now = desk.Time.GetUtcNow();
        if (pacer.ClosedFor(pace.Plan, held.Claim.TimeZone, now) is { } closed)
        {
            feed.Keep(held, closed, () => closed);
            return null;
        }
        var gate = pace.Domains.Of(held.Claim.Address, now);
        var turn = await gate.BeginAsync(now, CancellationToken.None);
        if (turn.NotBefore is not { } notBefore)
            return gate;
        feed.Keep(held, notBefore, () => gate.PutOff(notBefore, now));
        return null;
    }

    private async Task<SmtpOutcome?> OpenAsync(ITransportConnection connection)
    {
        try
        {
            return await connection.OpenAsync(idle.Token);
        }
        catch (Exception) when (idle.IsCancellationRequested) // a dialogue that is cut off ends in many ways
        {
            throw new OperationCanceledException(idle.Token);
        }
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

    private static bool IsTrouble(SmtpOutcome outcome) => outcome is SmtpOutcome.InDoubt or SmtpOutcome.Deferred { Scope: SmtpScope.Relay };

    private Task WaitOutAsync(ITransport transport, SmtpOutcome outcome, int troubles)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, troubles - 1)));
        if (Slowdown.Of(outcome, desk.Time.GetUtcNow())?.Wait is { } asked && asked > wait)
            wait = asked < Pacer.LongestWait ? asked : Pacer.LongestWait; // a longer one is kept by the relay's own turns
        count.Trouble($"{transport.Name}: {outcome.Words}; next try in {wait.TotalSeconds:0} s");
        return Task.Delay(wait, desk.Time, idle.Token);
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
