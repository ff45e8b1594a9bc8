using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>
/// One pass over what is due of one edition: a feeder claims, every connection has its own loop (letter, reply, committed, next letter), one writer
/// commits. It ends when nothing more is due, when the edition is no longer running, when a relay refuses us, or on a stop.
/// </summary>
internal sealed class EditionRun(Edition edition, LetterWriter letters, SendingDesk desk, SendingCount count) : IDisposable
{
    private readonly CancellationTokenSource halt = new();
    private readonly SendingOptions options = desk.Options;
    private readonly DeliveryStore deliveries = desk.Deliveries;
    private Exception? fault;
    private int refusals;

    /// <summary>Runs the pass; between two letters it may be stopped, inside one not.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(halt.Cancel);
        var claims = Channel.CreateBounded<Claim>(Math.Max(options.BatchSize, desk.Transports.Sum(transport => transport.Connections)));
        var watch = WatchAsync();
        await using (var commits = new GroupCommit(RecordAsync))
        {
            var lines = from transport in desk.Transports
                        let pace = new Pace(transport.Rate, desk.Time)
                        from _ in Enumerable.Range(0, transport.Connections)
                        select Guarded(() => LineAsync(transport, pace, claims.Reader, commits));
            await Task.WhenAll([Guarded(() => FeedAsync(claims.Writer)), .. lines]);
        }
        await halt.CancelAsync();
        await watch;
        await GiveBackAsync(claims.Reader);
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
    }

    /// <inheritdoc/>
    public void Dispose() => halt.Dispose();

    /// <summary>A fault in one part halts them all, and is thrown at the end, once.</summary>
    private async Task Guarded(Func<Task> part)
    {
        try
        {
            await part();
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref fault, e, null);
            await halt.CancelAsync();
        }
    }

    private async Task FeedAsync(ChannelWriter<Claim> claims)
    {
        try
        {
            while (!halt.IsCancellationRequested)
            {
                var now = desk.Time.GetUtcNow();
                var batch = await deliveries.ClaimAsync(edition.Id, desk.Worker, now + options.ClaimFor, now, options.BatchSize, CancellationToken.None);
                if (batch.Count == 0)
                    return;
                // No token here: what is claimed is in the channel, so that it can be given back.
                foreach (var claim in batch)
                    if (!claims.TryWrite(claim))
                        await WriteOrGiveBackAsync(claims, claim);
            }
        }
        finally
        {
            claims.Complete();
        }
    }

    private async Task WriteOrGiveBackAsync(ChannelWriter<Claim> claims, Claim claim)
    {
        try { await claims.WriteAsync(claim, halt.Token); }
        catch (OperationCanceledException) { await deliveries.ReleaseAsync([claim], desk.Time.GetUtcNow()); }
    }

    private async Task LineAsync(ITransport transport, Pace pace, ChannelReader<Claim> claims, GroupCommit commits)
    {
        await using var connection = transport.Open();
        var troubles = 0;
        // Between two letters we may stop, inside one we may not: a letter sent but not recorded is sent twice.
        while (!halt.IsCancellationRequested && await claims.WaitToReadAsync(halt.Token))
        {
            await pace.WaitAsync(halt.Token);
            if (halt.IsCancellationRequested || !claims.TryRead(out var claim))
                continue;
            var outcome = await SendAsync(connection, claim);
            await commits.RecordAsync(ResultOf(claim, outcome));
            await MindAsync(outcome);
            troubles = IsTrouble(outcome) ? troubles + 1 : 0;
            if (troubles > 0)
                await WaitOutAsync(transport, outcome, troubles);
        }
    }

    private async Task<SmtpOutcome> SendAsync(ITransportConnection connection, Claim claim) =>
        EmailAddress.Read(claim.Address) is not { } address
            ? new SmtpOutcome.Refused(null, null, "the address kept in the store is none any more", SmtpScope.Recipient)
            : await connection.SendAsync(letters.Write(claim.Id, address, new PersonalValues
            {
                Name = claim.Name,
                Email = claim.Address,
                Fields = claim.Fields,
                UnsubscribeUrl = desk.Ours.UnsubscribeUrl(claim.Id),
            }));

    private AttemptResult ResultOf(Claim claim, SmtpOutcome outcome)
    {
        var now = desk.Time.GetUtcNow();
        var after = AfterAttempt.Of(outcome, claim.Attempt, edition.StartedAt ?? now, now, options.Retry, options.InDoubt is InDoubtPolicy.Hold);
        return new(claim, outcome, after, now, outcome is SmtpOutcome.Rejected rejected ? Rejections.ChangeOf(rejected, edition.Id, now) : null);
    }

    private async Task RecordAsync(IReadOnlyCollection<AttemptResult> results)
    {
        await deliveries.RecordAsync(results);
        count.Add(results);
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
            _ when inRow >= options.PauseAfterRefusals => $"{inRow} letters in a row were refused, the last with: {outcome.Words}",
            _ => null,
        };
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
        return Task.Delay(wait, desk.Time, halt.Token);
    }

    /// <summary>Sees a pause or a cancel that another process wrote, and keeps our claims alive.</summary>
    private async Task WatchAsync()
    {
        var renew = desk.Time.GetUtcNow() + (options.ClaimFor / 4);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500), desk.Time);
        while (!halt.IsCancellationRequested)
            try
            {
                await tick.WaitForNextTickAsync(halt.Token);
                if (await desk.Editions.FindAsync(edition.Id, halt.Token) is not { State: EditionState.Running })
                    await halt.CancelAsync();
                if (desk.Time.GetUtcNow() is var now && now >= renew)
                {
                    await deliveries.RenewAsync(edition.Id, desk.Worker, now + options.ClaimFor, CancellationToken.None);
                    renew = now + (options.ClaimFor / 4);
                }
            }
            catch (OperationCanceledException)
            {
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref fault, e, null);
                await halt.CancelAsync();
            }
    }

    private async Task GiveBackAsync(ChannelReader<Claim> claims)
    {
        var left = new List<Claim>();
        while (claims.TryRead(out var claim))
            left.Add(claim);
        if (left.Count > 0 && fault is null)
            await deliveries.ReleaseAsync(left, desk.Time.GetUtcNow());
    }
}
