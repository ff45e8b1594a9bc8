using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>What a relay says while sending is a bounce at once, judged by the rules for those that come by mail.</summary>
internal static class Rejections
{
    /// <summary>That the delivery came back; null: it did not, or may go again. A refusal about us is one as well: it weighs nothing, and many alike are an incident.</summary>
    public static BounceFact? FactOf(SmtpOutcome outcome, AfterAttempt after, DeliveryId delivery, DateTimeOffset now) =>
        after.State is DeliveryState.Failed && outcome.Numbers() is ({ } code and >= 400, var status)
            ? new(delivery, VerdictOf(outcome, code, status), $"{code} {(status is null || outcome.Words.Contains(status, StringComparison.Ordinal) ? "" : $"{status} ")}{outcome.Words}", now)
            : null;

    /// <summary>The rules' verdict; what the sending room knows to be about us stays so.</summary>
    public static BounceVerdict VerdictOf(SmtpOutcome outcome, int code, string? status) => BounceRules.OfReply(code, EnhancedStatus.Read(status), outcome.Words) is var verdict
        && outcome is SmtpOutcome.Refused or SmtpOutcome.Deferred { Scope: SmtpScope.Relay } && !verdict.IsAboutSender
            ? verdict with { Reason = BounceReason.Policy, Permanence = Permanence.Transient }
            : verdict;
}
