using Hangfire;

namespace Newsletter.Mailroom;

/// <summary>What Hangfire calls to read what came back.</summary>
public sealed class ReturnsJobs(Mailboxes mailboxes, Probes probes)
{
    private static int reading;

    /// <summary>Reads every mailbox once; does nothing where this process is still reading. Two processes that read one mailbox do no harm: a mail acts once.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again
    public async Task ReceiveAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref reading, 1) == 1)
            return;
        try
        {
            await mailboxes.ReceiveAsync(_ => { }, ct);
        }
        finally
        {
            Volatile.Write(ref reading, 0);
        }
    }

    /// <summary>Sends the small letters that ask whether anybody is there, and hears their silence. Two at once do no harm: a probe goes out by who has claimed it.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again
    public Task AskAsync(CancellationToken ct) => probes.LookAsync(ct);
}
