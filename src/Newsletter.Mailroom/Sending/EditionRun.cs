using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>
/// One pass over what is due of one edition: a feeder claims, every connection has its own loop (letter, reply, result kept, next letter). It ends when nothing more is due, when the edition is no longer running, when a relay refuses us, or on a stop.
/// </summary>
internal sealed class EditionRun : IDisposable
{
    /// <summary>A claim that has lain for longer than this is looked at again before its letter goes: its reader may have left, or a pause of this process cost us the claim.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Edition edition;
    private readonly EditionLetters letters;
    private readonly SendingDesk desk;
    private readonly IReadOnlyList<Outlet> outlets;
    private readonly GroupCommit commits;
    private readonly SendingCount count;
    private readonly CancellationTokenSource halt = new();
    private readonly CancellationTokenSource idle; // halted, or nothing left to take: who only waits need wait no longer
    private Exception? fault;
    private int refusals;

    public EditionRun(Edition edition, EditionLetters letters, SendingDesk desk, IReadOnlyList<Outlet> outlets, GroupCommit commits, SendingCount count)
    {
        (this.edition, this.letters, this.desk, this.outlets, this.commits, this.count) = (edition, letters, desk, outlets, commits, count);
        idle = CancellationTokenSource.CreateLinkedTokenSource(halt.Token);
    }

    private SendingOptions Options => desk.Options;

    /// <summary>Runs the pass; between two letters it may be stopped, inside one not.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(halt.Cancel);
        using var over = new CancellationTokenSource();
        var claims = Channel.CreateBounded<Held>(Math.Max(Options.BatchSize, outlets.Sum(outlet => outlet.Transport.Connections)));
        var watch = WatchAsync(over.Token);
        var lines = from outlet in outlets
                    from _ in Enumerable.Range(0, outlet.Transport.Connections)
                    select Task.Run(() => Guarded(() => LineAsync(outlet, claims.Reader)), CancellationToken.None);
        await Task.WhenAll([Guarded(() => FeedAsync(claims.Writer)), Guarded(() => DrainAsync(claims.Reader)), .. lines]);
        await Guarded(commits.FlushAsync);
        await halt.CancelAsync();
        await over.CancelAsync();
        await watch;
        await GiveBackAsync(claims.Reader);
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

    private async Task FeedAsync(ChannelWriter<Held> claims)
    {
        try
        {
            while (!halt.IsCancellationRequested)
            {
                var now = desk.Time.GetUtcNow();
                // No token here: what is claimed is handed out or given back.
                var batch = await desk.Deliveries.ClaimAsync(edition.Id, desk.Worker, now + Options.ClaimFor, now, Options.BatchSize, CancellationToken.None);
                if (batch.Count == 0)
                    return;
                await HandOutAsync(claims, batch, now);
            }
        }
        finally
        {
            claims.Complete();
        }
    }

    private async Task HandOutAsync(ChannelWriter<Held> claims, IReadOnlyList<Claim> batch, DateTimeOffset since)
    {
        var handed = 0;
        try
        {
            for (; handed < batch.Count; handed++)
                await claims.WriteAsync(new(batch[handed], since), halt.Token);
        }
        catch (OperationCanceledException)
        {
            await desk.Deliveries.ReleaseAsync([.. batch.Skip(handed)], desk.Time.GetUtcNow());
        }
    }

    private async Task DrainAsync(ChannelReader<Held> claims)
    {
        await claims.Completion.WaitAsync(halt.Token);
        await idle.CancelAsync();
    }

    /// <summary>A line that another edition is to have is given up, and asked for again.</summary>
    private async Task LineAsync(Outlet outlet, ChannelReader<Held> claims)
    {
        while (!halt.IsCancellationRequested && await claims.WaitToReadAsync(halt.Token))
            await HoldLineAsync(outlet, claims);
    }

    private async Task HoldLineAsync(Outlet outlet, ChannelReader<Held> claims)
    {
        using var line = await outlet.TakeLineAsync(edition.Priority, idle.Token);
        await using var connection = outlet.Transport.Open();
        var troubles = 0;
        // Between two letters we may stop, inside one we may not: a letter sent but not recorded is sent twice.
        while (!halt.IsCancellationRequested && !line.IsWanted && await claims.WaitToReadAsync(halt.Token))
        {
            var outcome = await OpenAsync(connection); // before a claim is taken: no letter is spent on a relay that is away
            if (outcome is null)
            {
                await outlet.Pace.WaitAsync(idle.Token);
                if (halt.IsCancellationRequested || !claims.TryRead(out var held) || !await IsStillDueAsync(held))
                    continue;
                if (Options.InDoubt is InDoubtPolicy.Hold)
                    commits.Begin(held.Claim);
                outcome = await SendAsync(connection, held.Claim);
                var result = ResultOf(held.Claim, outcome);
                await commits.RecordAsync(result);
                count.Add(result);
            }
            await MindAsync(outcome);
            troubles = IsTrouble(outcome) ? troubles + 1 : 0;
            if (troubles > 0)
                await WaitOutAsync(outlet.Transport, outcome, troubles);
        }
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

    private async Task<bool> IsStillDueAsync(Held held)
    {
        if (desk.Time.GetUtcNow() - held.Since < Fresh || await desk.Deliveries.HoldsAsync(held.Claim, CancellationToken.None))
            return true;
        await desk.Deliveries.ReleaseAsync([held.Claim], desk.Time.GetUtcNow());
        return false;
    }

    private async Task<SmtpOutcome> SendAsync(ITransportConnection connection, Claim claim) =>
        letters.Write(claim) is { } letter
            ? await connection.SendAsync(letter)
            : new SmtpOutcome.Refused(null, null, "the address kept in the store is none any more", SmtpScope.Recipient);

    private AttemptResult ResultOf(Claim claim, SmtpOutcome outcome)
    {
        var now = desk.Time.GetUtcNow();
        var after = AfterAttempt.Of(outcome, claim.Attempt, edition.StartedAt ?? now, now, Options.Retry, Options.InDoubt is InDoubtPolicy.Hold);
        return new(claim, outcome, after, now, letters.RevisionOf(claim), outcome is SmtpOutcome.Rejected rejected && edition.Sandbox.Length == 0 ? Rejections.ChangeOf(rejected, edition.Id, now) : null);
    }

    /// <summary>A refusal about us pauses the edition, and so do many refusals in a row, whoever they speak of.</summary>
    private async Task MindAsync(SmtpOutcome outcome)
    {
        if (outcome is SmtpOutcome.Accepted)
            Interlocked.Exchange(ref refusals, 0);
        var inRow = outcome is SmtpOutcome.Rejected or SmtpOutcome.Refused ? Interlocked.Increment(ref refusals) : 0;
        var why = outcome switch
        {
            SmtpOutcome.Refused { Scope: SmtpScope.Relay } => $"the relay refused us: {outcome.Words} {outcome.Remedy}".TrimEnd(),
            _ when inRow >= Options.PauseAfterRefusals => $"{inRow} letters in a row were refused, the last with: {outcome.Words}",
            _ => null,
        };
        if (why is null && outcome is SmtpOutcome.Rejected or SmtpOutcome.Refused && Options.Thresholds.Look(count.Tally, CameBack.Nothing, edition.Alarms) is { } alarm)
        {
            await EditionAlarms.StopAsync(desk, edition, alarm);
            await halt.CancelAsync();
        }
        if (why is null)
            return;
        await desk.Editions.StepAsync(edition.Id, EditionState.Paused, why, desk.Time.GetUtcNow(), CancellationToken.None);
        await halt.CancelAsync();
    }

    private static bool IsTrouble(SmtpOutcome outcome) => outcome is SmtpOutcome.InDoubt or SmtpOutcome.Deferred { Scope: SmtpScope.Relay };

    private Task WaitOutAsync(ITransport transport, SmtpOutcome outcome, int troubles)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, troubles - 1)));
        count.Trouble($"{transport.Name}: {outcome.Words}; next try in {wait.TotalSeconds:0} s");
        return Task.Delay(wait, desk.Time, idle.Token);
    }

    /// <summary>Sees a pause or a cancel that another process wrote, and keeps our claims alive: to the end, since the last letters in hand may take their time.</summary>
    private async Task WatchAsync(CancellationToken over)
    {
        var renew = desk.Time.GetUtcNow() + (Options.ClaimFor / 4);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500), desk.Time);
        while (!over.IsCancellationRequested)
            await Guarded(async () =>
            {
                await tick.WaitForNextTickAsync(over);
                if (!halt.IsCancellationRequested && await desk.Editions.FindAsync(edition.Id, CancellationToken.None) is not { State: EditionState.Running })
                    await halt.CancelAsync();
                if (desk.Time.GetUtcNow() is var now && now < renew)
                    return;
                await desk.Deliveries.RenewAsync(edition.Id, desk.Worker, now + Options.ClaimFor, CancellationToken.None);
                renew = now + (Options.ClaimFor / 4);
            });
    }

    private async Task GiveBackAsync(ChannelReader<Held> claims)
    {
        var left = new List<Claim>();
        while (claims.TryRead(out var held))
            left.Add(held.Claim);
        // Where it fails the fault is known, and the next pass frees them.
        await Guarded(() => left.Count > 0 ? desk.Deliveries.ReleaseAsync(left, desk.Time.GetUtcNow()) : Task.CompletedTask);
    }

    private readonly record struct Held(Claim Claim, DateTimeOffset Since);
}
