using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Sending;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>A relay's refusal of an address is a bounce at once, judged by the rules for those that come by mail.</summary>
internal static class Rejections
{
    /// <summary>What it does to the subscription; null: nothing, the address may live.</summary>
    public static StandingChange? ChangeOf(SmtpOutcome.Rejected rejected, EditionId edition, DateTimeOffset now) =>
        BounceRules.OfReply(rejected.Code, EnhancedStatus.Read(rejected.Status), rejected.Words) is { Permanence: Permanence.Permanent } verdict
            ? new(SubscriptionState.Suspended, "hard bounce", Actor.Server, now, $"{rejected.Code} {rejected.Words} ({verdict.Reason})", edition)
            : null;
}
