using System.Globalization;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Returns;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Tells readers who left by mail that it is done, and how to take it back.</summary>
/// <remarks>
/// No loop can arise: one is owed only where a standing changed, and never for a mail that a machine sent or whose return path is null; it goes out from the null
/// sender with Auto-Submitted: auto-replied (RFC 3834 §5), to the subscriber's own address alone, once a day at most, and of all readers so many a day.
/// </remarks>
public sealed partial class Farewells(
    FarewellStore farewells, SubscriberStore subscribers, OurAddresses ours, CurrentPlan plans, NoteWriter notes, Publication publication, ReturnsOptions options, TimeProvider clock, ILogger<Farewells> log)
{
    /// <summary>How long a try may take before another may follow, and how long one waits after a refusal.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

    /// <summary>Sends what is due. Returns how many went; stops at the first that no relay takes, which is due again later.</summary>
    public async Task<int> SendAsync(CancellationToken stop)
    {
        HouseLines? lines = null;
        try
        {
            for (var count = 0; ;)
            {
                if (stop.IsCancellationRequested || await farewells.ClaimAsync(clock.GetUtcNow(), Lease, options.ConfirmationsPerDay, stop) is not { } owed)
                    return count;
                if (await subscribers.FindAsync(owed.Delivery.Subscriber, stop) is not { State: SubscriptionState.Unsubscribed, Profile: { } reader })
                {
                    await farewells.SettleAsync(owed.Id, clock.GetUtcNow(), "the reader is back, or forgotten");
                    continue;
                }
                lines ??= new(plans.Value.For(EmailAddress.Read(publication.FromAddress)!.Domain));
                if (await lines.SendAsync(notes.Write(Note(owed, reader))) is var outcome && outcome is SmtpOutcome.Deferred or SmtpOutcome.Refused)
                    return count;
                var isTold = outcome is SmtpOutcome.Accepted;
                await farewells.SettleAsync(owed.Id, clock.GetUtcNow(), isTold ? "" : outcome.GetType().Name.ToLowerInvariant()); // in doubt: a second would be one too many
                if (isTold)
                    Told(owed.Delivery.Subscriber.Value);
                else
                    NotTold(owed.Delivery.Subscriber.Value, outcome.GetType().Name);
                count += isTold ? 1 : 0;
            }
        }
        finally
        {
            if (lines is not null)
                await lines.DisposeAsync();
        }
    }

    private Note Note(OwedFarewell owed, Profile reader)
    {
        var words = Farewell.In([reader.Language, publication.Language], publication.Name, ours.TakeBackUrl(new(owed.Id, owed.Delivery.Subscriber)), options.TakeBackWithin);
        return new()
        {
            To = reader.Address,
            Subject = words.Subject,
            Text = words.Text,
            MessageId = string.Create(CultureInfo.InvariantCulture, $"left-{owed.Id}-{owed.At.ToUnixTimeMilliseconds()}@{EmailAddress.Read(publication.FromAddress)!.Domain}"),
            Date = owed.At,
            InReplyTo = owed.Answers,
            AnswersMail = true,
        };
    }

    [LoggerMessage(4012, LogLevel.Information, "Subscriber {Subscriber}, who left by mail, was told")]
    private partial void Told(long subscriber);

    [LoggerMessage(4013, LogLevel.Warning, "Subscriber {Subscriber}, who left by mail, could not be told: {Outcome}")]
    private partial void NotTold(long subscriber, string outcome);
}
