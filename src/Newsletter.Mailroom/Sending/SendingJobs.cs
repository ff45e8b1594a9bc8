using Hangfire;

namespace Newsletter.Mailroom;

/// <summary>What Hangfire calls. A job that runs twice, late or never changes nothing but time: every decision is a row, taken with a claim.</summary>
public sealed class SendingJobs(Clock clock)
{
    /// <summary>Looks what the clock has made due. One worker does so at a time; what it starts, all send (<see cref="SendingShift"/>).</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again in a few seconds
    public Task LookAsync(CancellationToken ct) => clock.LookAsync(ct);
}
