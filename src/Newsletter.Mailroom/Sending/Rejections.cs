using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>A relay's refusal of an address is a bounce at once.</summary>
internal static class Rejections
{
    /// <summary>What it does to the subscription; null: nothing, the address may live.</summary>
    public static StandingChange? ChangeOf(SmtpOutcome.Rejected rejected, EditionId edition, DateTimeOffset now) =>
        rejected.Status is ['5', '.', '1', '.', ..]
            ? new(SubscriptionState.Suspended, "hard bounce", Actor.Server, now, $"{rejected.Code} {rejected.Words}", edition)
            : null;
}
