using Hangfire;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Ends the pauses whose time has come.</summary>
public sealed partial class Pauses(ReaderStore store, TimeProvider time, ILogger<Pauses> log)
{
    /// <summary>A short transaction: whoever wants to write meanwhile hardly notices.</summary>
    private const int Batch = 200;

    /// <summary>Makes all active again whose day has begun. Several workers at once take different ones.</summary>
    /// <returns>How many.</returns>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again, and goes on
    public async Task<int> EndAsync(CancellationToken ct)
    {
        var count = 0;
        for (var ended = Batch; ended == Batch && !ct.IsCancellationRequested; count += ended)
            ended = await store.EndPausesAsync(time.GetUtcNow(), Batch, ct);
        if (count > 0)
            LogEnded(count);
        return count;
    }

    [LoggerMessage(2022, LogLevel.Information, "{Count} pauses are over")]
    private partial void LogEnded(int count);
}
