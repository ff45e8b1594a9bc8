using Hangfire;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What a run took away, or would.</summary>
/// <param name="NeverConfirmed">People who never confirmed and are forgotten.</param>
/// <param name="Wishes">Wishes to subscribe, or to get letters at another address, that were never confirmed.</param>
/// <param name="Evidence">Lines of the history of readers who left, of their acts and sign-ups, that are without network address and agent.</param>
/// <param name="Mails">Returned mails without their bytes.</param>
public sealed record RetentionTally(long NeverConfirmed, long Wishes, long Evidence, long Mails);

/// <summary>Takes away what has been kept long enough: <see cref="RetentionOptions"/>. The clock does so once a day, a person whenever they ask.</summary>
public sealed partial class Retention(RetentionStore store, RetentionOptions options, Acts acts, TimeProvider time, ILogger<Retention> log)
{
    /// <summary>People a transaction: each may have written.</summary>
    private const int People = 50;

    /// <summary>Rows a transaction: a few milliseconds, so that whoever wants to write meanwhile hardly notices.</summary>
    private const int Rows = 500;

    private const string Act = "retention";

    /// <summary>What a run would take away now. Changes nothing.</summary>
    public async Task<RetentionTally> CountAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return new(await store.CountNeverConfirmedAsync(now - options.Pending, ct), await store.CountWishesAsync(now - options.Pending, ct), await store.CountEvidenceAsync(now - options.Evidence, ct),
            options.Mails is { } mails ? await store.CountMailsAsync(now - mails, ct) : 0);
    }

    /// <summary>Takes it away. A stop leaves whole batches, each with its line in the audit log, and the next run does the rest.</summary>
    public async Task<RetentionTally> RunAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var tally = new RetentionTally(
            await RunAsync(after => store.ForgetNeverConfirmedAsync(now - options.Pending, after, People, now, ct), count => new { neverConfirmed = count }, ct),
            await RunAsync(after => store.ForgetWishesAsync(now - options.Pending, after, Rows, ct), count => new { signUps = count }, ct)
                + await RunAsync(after => store.ForgetAddressesAsync(now - options.Pending, after, Rows, ct), count => new { newAddresses = count }, ct),
            await RunAsync(after => store.BlankEvidenceAsync(now - options.Evidence, after, Rows, ct), count => new { evidence = count }, ct)
                + await RunAsync(after => store.BlankActsAsync(now - options.Evidence, after, Rows, ct), count => new { evidenceOfActs = count }, ct)
                + await RunAsync(after => store.BlankOriginsAsync(now - options.Evidence, after, Rows, ct), count => new { evidenceOfSignUps = count }, ct),
            options.Mails is { } mails ? await RunAsync(after => store.DropMailsAsync(now - mails, after, Rows, ct), count => new { mails = count }, ct) : 0);
        if (tally == new RetentionTally(0, 0, 0, 0))
            return tally;
        await store.FinishAsync();
        LogDone(tally.NeverConfirmed, tally.Wishes, tally.Evidence, tally.Mails);
        return tally;
    }

    /// <summary>The clock's.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again tomorrow
    public Task LookAsync(CancellationToken ct) => RunAsync(ct);

    private async Task<long> RunAsync(Func<long, Task<RetentionBatch>> take, Func<int, object> detail, CancellationToken ct)
    {
        var (total, after) = (0L, 0L);
        do
        {
            ct.ThrowIfCancellationRequested();
            var from = after;
            var batch = await acts.DoAsync(() => take(from), done => done.Count > 0 ? new Deed(Act, "", detail(done.Count)) : null);
            (total, after) = (total + batch.Count, batch.Last);
        }
        while (after != 0);
        return total;
    }

    [LoggerMessage(2031, LogLevel.Information, "Kept long enough: {People} people and {Wishes} wishes that were never confirmed, {Lines} lines of evidence, {Mails} mails' bytes are gone")]
    private partial void LogDone(long people, long wishes, long lines, long mails);
}
