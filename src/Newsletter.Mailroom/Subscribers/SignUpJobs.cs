using Hangfire;

namespace Newsletter.Mailroom;

/// <summary>What Hangfire calls for sign-ups.</summary>
public sealed class SignUpJobs(Confirmations confirmations)
{
    /// <summary>Sends the mails that are due. Two at once do no harm: a mail is taken by one.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again
    public Task SendAsync(CancellationToken ct) => confirmations.SendAsync(ct);
}
