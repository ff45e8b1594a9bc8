using Hangfire;
using Newsletter.Addresses;

namespace Newsletter.Mailroom;

/// <summary>What Hangfire calls. A job that runs twice, late or never changes nothing but time: every decision is a row, taken with a claim.</summary>
public sealed class SendingJobs(Editions editions, WeeklySlots slots, Dispatcher dispatcher, EditionAlarms alarms, IBackgroundJobClient jobs)
{
    /// <summary>Looks what the clock has made due.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again in a few seconds
    public async Task LookAsync(CancellationToken ct)
    {
        await slots.LookAsync(ct);
        foreach (var edition in await editions.StartDueAsync(ct))
            if (!await alarms.LookAsync(edition, ct) && !dispatcher.HasInHand(edition))
                jobs.Enqueue<SendingJobs>(next => next.SendAsync(edition.Value, CancellationToken.None));
        await alarms.TellAsync(ct);
    }

    /// <summary>Sends what is due of one edition.</summary>
    [Queue(Clockwork.Sending), AutomaticRetry(Attempts = 0)] // deliveries carry their own retry; a job that throws is a fault of ours
    public Task SendAsync(long edition, CancellationToken ct) => dispatcher.SendDueAsync(new EditionId(edition), null, ct);
}
