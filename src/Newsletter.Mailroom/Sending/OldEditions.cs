using Hangfire;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Turns the deliveries of old editions into counts, a little at a time and only while nothing is sent, and forgets limits that are of no more use.</summary>
public sealed partial class OldEditions(RollupStore rollups, PaceStore paces, KeepingOptions options, TimeProvider time, ILogger<OldEditions> log)
{
    /// <summary>A transaction of some ten milliseconds: whoever wants to write meanwhile hardly notices.</summary>
    private const int Batch = 2000;

    /// <summary>Shorter than the time until the next look, so that one does not begin before the other has ended.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(4);

    /// <summary>Goes on where it was left, for a few minutes at most, and stops while letters are in a worker's hands. An edition that only stands as running, as a rehearsal that was stopped may for ever, is no reason to wait.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again, and goes on
    public async Task RollUpAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        await paces.ForgetAsync(time.GetUtcNow(), ct);
        while (time.GetElapsedTime(began) < Turn && await rollups.NextAsync(time.GetUtcNow() - options.Deliveries, ct) is { } edition)
        {
            var count = 0L;
            for (var after = new SubscriberId(0); time.GetElapsedTime(began) < Turn; )
            {
                ct.ThrowIfCancellationRequested();
                if (await rollups.IsSendingAsync(time.GetUtcNow(), ct))
                    return;
                var batch = await rollups.RollUpAsync(edition, after, Batch, time.GetUtcNow(), ct);
                if (batch.Deliveries == 0)
                    break;
                (after, count) = (batch.Last, count + batch.Deliveries);
            }
            LogRolledUp(edition.Value, count);
        }
    }

    [LoggerMessage(3007, LogLevel.Information, "Edition {Edition}: {Count} deliveries are kept as counts from now on")]
    private partial void LogRolledUp(long edition, long count);
}
