using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads Postmark's webhooks.</summary>
/// <remarks>Source: Postmark developer documentation, "Bounce webhook", "Spam complaint webhook", "Subscription change webhook", and its list of bounce types.</remarks>
internal static class PostmarkEvents
{
    private const NotificationForm Form = NotificationForm.Postmark;

    public static ReturnedMail Of(JsonElement told) => told.Text("RecordType") switch
    {
        "Bounce" => OfBounce(told, told.Text("Type")),
        "SpamComplaint" => EventVerdict.Complaint(told.Text("Email"), "Postmark record: SpamComplaint"),
        "SubscriptionChange" => OfChange(told),
        "Delivery" => EventVerdict.Delivered(told.Text("Recipient"), told.Text("Details"), "Postmark record: Delivery"),
        "Open" or "Click" or "Inbound" => EventVerdict.Nothing($"Postmark record: {told.Text("RecordType")}"),
        "SMTPApiError" => EventVerdict.Withheld(told.Text("Email"), new(BounceReason.Protocol, Permanence.Transient, "SMTPApiError"), "Postmark record: SMTPApiError"),
        var name => EventVerdict.Unknown(Form, name),
    };

    private static ReturnedMail OfBounce(JsonElement told, string type)
    {
        var (email, details) = (told.Text("Email"), told.Text("Details"));
        var evidence = $"Postmark bounce: {type}: {(details.Length > 0 ? details : told.Text("Description"))}";
        return type switch
        {
            "Transient" => EventVerdict.Delayed(email, "", details, evidence),
            "SpamComplaint" => EventVerdict.Complaint(email, evidence),
            "Unsubscribe" => EventVerdict.Left(email, evidence),
            "AutoResponder" or "ChallengeVerification" => new ReturnedMail.AutoReply { Evidence = Classifier.Line(evidence) },
            "Subscribe" or "AddressChange" or "OpenRelayTest" => EventVerdict.Nothing(evidence),
            _ => EventVerdict.Bounce(email, "", details, OfType(type), evidence),
        };
    }

    /// <summary>Where the far server's words tell nothing. What is deactivated by hand is so for a reason that only its owner knows.</summary>
    private static BounceVerdict? OfType(string type) => type switch
    {
        "HardBounce" or "BadEmailAddress" => new(BounceReason.UserUnknown, Permanence.Permanent, type),
        "DnsError" => new(BounceReason.Network, Permanence.Transient, type),
        "SpamNotification" or "VirusNotification" => new(BounceReason.ContentRejected, Permanence.Transient, type),
        "Blocked" => new(BounceReason.Blocked, Permanence.Transient, type),
        "DMARCPolicy" => new(BounceReason.Policy, Permanence.Transient, type),
        "SMTPApiError" or "TemplateRenderingFailed" or "InboundError" => new(BounceReason.Protocol, Permanence.Transient, type),
        "SoftBounce" => new(BounceReason.Other, Permanence.Transient, type),
        _ => null,
    };

    /// <summary>An address put on Postmark's list of those it does not write to, or taken from it. What the sender's own people did there is no word of the reader's.</summary>
    private static ReturnedMail OfChange(JsonElement told)
    {
        var (to, reason, origin) = (told.Text("Recipient"), told.Text("SuppressionReason"), told.Text("Origin"));
        var evidence = $"Postmark record: SubscriptionChange: {reason} by {origin}";
        return (told.IsTrue("SuppressSending"), reason, origin) switch
        {
            (true, "HardBounce", _) => EventVerdict.Withheld(to, new(BounceReason.UserUnknown, Permanence.Permanent, reason), evidence),
            (true, "SpamComplaint", _) => EventVerdict.Complaint(to, evidence),
            (true, _, "Recipient") => EventVerdict.Left(to, evidence),
            _ => EventVerdict.Nothing(evidence),
        };
    }
}
