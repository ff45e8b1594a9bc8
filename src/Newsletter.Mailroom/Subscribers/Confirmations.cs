using System.Globalization;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Sends the mails by which addresses are confirmed.</summary>
public sealed partial class Confirmations(
    SignUpStore store, OurAddresses ours, CurrentPlan plans, NoteWriter notes, Publication publication, SignUpOptions options, TimeProvider time, ILogger<Confirmations> log)
{
    /// <summary>How long a try may take before another may follow, and how long one waits after "not now": somebody sits before the mailbox.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>Sends what is due. Returns how many went; stops at the first that no relay takes, which is due again later.</summary>
    public async Task<int> SendAsync(CancellationToken stop)
    {
        HouseLines? lines = null;
        try
        {
            for (var count = 0; ;)
            {
                if (stop.IsCancellationRequested || await store.ClaimAsync(time.GetUtcNow(), Lease, stop) is not { } owed)
                    return count;
                lines ??= new(plans.Value.For(EmailAddress.Read(publication.FromAddress)!.Domain));
                if (await lines.SendAsync(notes.Write(Note(owed))) is var outcome && outcome is SmtpOutcome.Deferred or SmtpOutcome.Refused)
                    return count;
                var isSent = outcome is SmtpOutcome.Accepted;
                await store.SettleAsync(owed.Id, time.GetUtcNow(), isSent ? "" : outcome.GetType().Name.ToLowerInvariant()); // in doubt: a second would be one too many
                if (!isSent)
                    LogNotSent(owed.Id.Value, outcome.GetType().Name);
                count += isSent ? 1 : 0;
            }
        }
        finally
        {
            if (lines is not null)
                await lines.DisposeAsync();
        }
    }

    private Note Note(OwedConfirmation owed) =>
        ConfirmationLetter.Write(publication, owed.Address, owed.Language, owed.AskedAt, owed.IsSubscribed ? null : ours.ConfirmUrl(owed.Id), options.ConfirmWithin) with
        {
            MessageId = string.Create(CultureInfo.InvariantCulture, $"asked-{owed.Id.Value}-{owed.AskedAt.ToUnixTimeMilliseconds()}@{EmailAddress.Read(publication.FromAddress)!.Domain}"),
        };

    [LoggerMessage(2005, LogLevel.Warning, "The mail for sign-up {SignUp} could not be sent: {Outcome}")]
    private partial void LogNotSent(long signUp, string outcome);
}
