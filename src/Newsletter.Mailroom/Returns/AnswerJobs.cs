using Hangfire;

namespace Newsletter.Mailroom;

/// <summary>What Hangfire calls to send answers that are due: those that came by mail, and those that a relay did not take at once.</summary>
public sealed class AnswerJobs(AnswerSender sender)
{
    /// <summary>Sends what is due. Two at once do no harm: an answer is taken by one.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again
    public Task SendAsync(CancellationToken ct) => sender.SendAsync(ct);
}
