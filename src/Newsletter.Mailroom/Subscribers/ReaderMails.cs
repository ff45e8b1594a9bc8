using System.Globalization;
using Hangfire;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Sends the mails that readers ask for on their pages: a link of their own, the question at a new address, word to the old one.</summary>
/// <remarks>They go out from the null sender, marked as automatic, and hold no word of the reader's or anybody else's: nobody can have a message of theirs carried by them.</remarks>
public sealed partial class ReaderMails(
    ReaderStore store, OurAddresses ours, CurrentPlan plans, NoteWriter notes, Publication publication, PreferencesOptions options, TimeProvider clock, ILogger<ReaderMails> log)
{
    /// <summary>How long a try may take before another may follow, and how long one waits after a refusal.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>Sends what is due. Returns how many went; stops at the first that no relay takes, which is due again later.</summary>
    [Queue(Clockwork.Default), AutomaticRetry(Attempts = 0)] // it comes again
    public async Task<int> SendAsync(CancellationToken stop)
    {
        HouseLines? lines = null;
        try
        {
            for (var count = 0; ;)
            {
                if (stop.IsCancellationRequested || await store.ClaimAsync(clock.GetUtcNow(), Lease, options.MailsPerDay, stop) is not { } owed)
                    return count;
                lines ??= new(plans.Value.For(EmailAddress.Read(publication.FromAddress)!.Domain));
                var outcome = await lines.SendAsync(notes.Write(Note(owed)));
                if (outcome is SmtpOutcome.Deferred or SmtpOutcome.Refused)
                    return count;
                var isSent = outcome is SmtpOutcome.Accepted;
                await store.SettleAsync(owed.Id, clock.GetUtcNow(), isSent ? "" : outcome.GetType().Name.ToLowerInvariant());
                if (!isSent)
                    LogNotSent(owed.Kind, owed.Id.Subscriber.Value, outcome.GetType().Name);
                count += isSent ? 1 : 0;
            }
        }
        finally
        {
            if (lines is not null)
                await lines.DisposeAsync();
        }
    }

    private Note Note(OwedReaderMail owed)
    {
        var (mail, link) = owed.Kind switch
        {
            ReaderMailKind.OwnPage => ("OwnLink", ours.OwnPageUrl(owed.Id)),
            ReaderMailKind.NewAddress => ("NewAddress", ours.NewAddressUrl(owed.Id)),
            _ => ("Moved", ""),
        };
        var texts = ReaderTexts.ForMail(mail, [owed.Language, publication.Language]);
        return new()
        {
            To = owed.To,
            Subject = texts.Say($"{mail}.Subject", ("name", publication.Name)),
            Text = texts.Say($"{mail}.Text", ("name", publication.Name), ("link", link), ("date", Time(texts, owed.At)), ("until", Time(texts, owed.At + options.LinksFor))),
            MessageId = string.Create(CultureInfo.InvariantCulture, $"own-{owed.Id.Value}-{owed.At.ToUnixTimeMilliseconds()}@{EmailAddress.Read(publication.FromAddress)!.Domain}"),
            Date = owed.At,
        };
    }

    private string Time(ReaderTexts texts, DateTimeOffset at) =>
        $"{texts.Date(DateOnly.ParseExact(publication.Local(at, "yyyy-MM-dd"), "yyyy-MM-dd", CultureInfo.InvariantCulture))}, {publication.Local(at, "HH:mm")}";

    [LoggerMessage(2021, LogLevel.Warning, "The mail {Kind} that subscriber {Subscriber} asked for could not be sent: {Outcome}")]
    private partial void LogNotSent(ReaderMailKind kind, long subscriber, string outcome);
}
