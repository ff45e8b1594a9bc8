using Hangfire;

namespace Newsletter.Mailroom;

/// <summary>What Hangfire calls for what came back. Mailboxes are no job: each worker watches them (<see cref="ReturnsShift"/>).</summary>
public sealed class ReturnsJobs(Probes probes)
{
    /// <summary>Sends the small letters that ask whether anybody is there, and hears their silence. Two at once do no harm: a probe goes out by who has claimed it.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again
    public Task AskAsync(CancellationToken ct) => probes.LookAsync(ct);
}
