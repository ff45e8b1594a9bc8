using System.Text;
using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads what Amazon SES tells of a letter, as SNS passes it on: over HTTP, or by mail (<see cref="SesNotice"/>).</summary>
/// <remarks>Source: Amazon SES Developer Guide, "Amazon SNS notification contents" and "event data that Amazon SES publishes".</remarks>
internal static class SesEvents
{
    private const int MaxRecipients = 200;

    /// <summary>The message in SNS's envelope; null where there is no envelope.</summary>
    public static ReadOnlyMemory<byte>? Unwrap(JsonElement envelope) =>
        envelope.Text("Type") is "Notification" && envelope.TryGetProperty("Message", out var message) && message.ValueKind is JsonValueKind.String
            ? (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(message.GetString() ?? "") : null;

    /// <summary>A message that is no JSON: SES says so once that it may publish to a topic.</summary>
    public static ReturnedMail OfText(ReadOnlySpan<byte> message) => message.StartsWith("Successfully validated SNS topic"u8)
        ? EventVerdict.Nothing("Amazon SES: it may publish to this topic")
        : new ReturnedMail.Unrecognised { Evidence = Classifier.Line($"Amazon SNS: a message that is no notice of SES: {Encoding.UTF8.GetString(message[..Math.Min(message.Length, 200)])}") };

    /// <summary>Null where it is none of its notices.</summary>
    public static ReturnedMail? Of(JsonElement notice)
    {
        var type = notice.Text("notificationType") is { Length: > 0 } given ? given : notice.Text("eventType");
        var evidence = $"Amazon SES notification: {type}";
        return type switch
        {
            "Bounce" when notice.Part("bounce") is { } bounce => OfBounce(bounce, evidence),
            "Complaint" when notice.Part("complaint") is { } complaint => OfComplaint(complaint, evidence),
            "Delivery" when notice.Part("delivery") is { } delivery =>
                new ReturnedMail.Delivered(Recipients(delivery, "recipients", RecipientOutcome.Delivered, delivery.Text("smtpResponse"))) { Evidence = evidence },
            "DeliveryDelay" or "Delivery Delay" when notice.Part("deliveryDelay") is { } delay =>
                new ReturnedMail.Delayed(Recipients(delay, "delayedRecipients", RecipientOutcome.Delayed, "")) { Evidence = Classifier.Line($"{evidence}: {delay.Text("delayType")}") },
            "Reject" when notice.Part("reject") is { } reject => OfReject(notice, reject.Text("reason"), evidence),
            "Rendering Failure" or "RenderingFailure" when notice.Part("failure") is { } failure => OfReject(notice, failure.Text("errorMessage"), evidence),
            "Subscription" when notice.Part("subscription") is { } subscription => OfSubscription(notice, subscription, evidence),
            "Send" or "Open" or "Click" => EventVerdict.Nothing(evidence),
            _ => null,
        };
    }

    private static ReturnedMail.Bounce OfBounce(JsonElement bounce, string evidence)
    {
        var kind = $"{bounce.Text("bounceType")} {bounce.Text("bounceSubType")}";
        var failed = Recipients(bounce, "bouncedRecipients", RecipientOutcome.Failed, "", OfKind(kind));
        return new(failed, failed is [var first, ..] ? first.Verdict : OfKind(kind)) { Evidence = Classifier.Line($"{evidence}: {kind}: {failed.FirstOrDefault()?.Verdict.Words}") };
    }

    /// <summary>"account suppression list": SES never sent the letter, for the reader complained before.</summary>
    private static ReturnedMail.Complaint OfComplaint(JsonElement complaint, string evidence)
    {
        var type = complaint.Text("complaintFeedbackType") is { Length: > 0 } given ? given : "abuse";
        return new(Recipients(complaint, "complainedRecipients", RecipientOutcome.Delivered, ""), type) { Evidence = Classifier.Line($"{evidence}: {type} {complaint.Text("complaintSubType")}") };
    }

    /// <summary>SES took the letter and did not send it: a virus in it, or a template of Amazon's with a fault. Never the reader's doing.</summary>
    private static ReturnedMail.Bounce OfReject(JsonElement notice, string reason, string evidence)
    {
        var verdict = new BounceVerdict(BounceReason.ContentRejected, Permanence.Transient, Classifier.Line(reason));
        var about = notice.Part("mail") is { } mail
            ? Recipients(mail, "destination", RecipientOutcome.Failed, "").ConvertAll(each => each with { Verdict = verdict }) : [];
        return new(about, verdict) { Evidence = Classifier.Line($"{evidence}: {reason}") };
    }

    /// <summary>SES's own lists of contacts: only who leaves them all has left us.</summary>
    private static ReturnedMail OfSubscription(JsonElement notice, JsonElement subscription, string evidence)
    {
        var source = Classifier.Line($"{evidence}: {subscription.Text("source")}");
        if (!subscription.IsTrue("newTopicPreferences", "unsubscribeAll"))
            return EventVerdict.Nothing(source);
        return EventVerdict.Left(notice.Part("mail") is { } mail ? EventJson.Short(mail.List("destination", 1).FirstOrDefault()) : "", source);
    }

    /// <summary>What SES itself makes of it, where the server's words tell nothing. An address on its suppression list bounced hard before.</summary>
    private static BounceVerdict OfKind(string kind) => kind switch
    {
        "Permanent NoEmail" or "Permanent Suppressed" or "Permanent OnAccountSuppressionList" => new(BounceReason.UserUnknown, Permanence.Permanent, kind),
        "Transient MailboxFull" => new(BounceReason.MailboxFull, Permanence.Transient, kind),
        "Transient MessageTooLarge" => new(BounceReason.Size, Permanence.Transient, kind),
        "Transient ContentRejected" or "Transient AttachmentRejected" => new(BounceReason.ContentRejected, Permanence.Transient, kind),
        _ => new(BounceReason.Other, kind.StartsWith("Transient", StringComparison.Ordinal) ? Permanence.Transient : Permanence.Unknown, Classifier.Line(kind)),
    };

    private static List<ReturnedRecipient> Recipients(JsonElement part, string name, RecipientOutcome outcome, string reply, BounceVerdict? byKind = null) =>
        part.List(name, MaxRecipients).SelectMany(one => one.ValueKind is JsonValueKind.String
            ? EventVerdict.About(EventJson.Short(one), "", reply, outcome, byKind)
            : EventVerdict.About(one.Text("emailAddress"), one.Text("status"), one.Text("diagnosticCode"), outcome, byKind)).ToList();
}
