using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads the events of SendGrid's event webhook.</summary>
/// <remarks>Source: Twilio SendGrid, "Event Webhook Reference". A bounce of type <c>blocked</c> is their word for a refusal that is not about the address.</remarks>
internal static class SendGridEvents
{
    private const NotificationForm Form = NotificationForm.SendGrid;

    public static ReturnedMail Of(JsonElement told)
    {
        var (name, email, status, reason) = (told.Text("event"), told.Text("email"), told.Text("status"), told.Text("reason"));
        return name switch
        {
            "bounce" or "blocked" => EventVerdict.Bounce(email, status, reason, OfClass(told.Text("bounce_classification")), $"SendGrid event: {name} {told.Text("type")}: {status} {reason}"),
            "dropped" => OfDropped(email, reason),
            "deferred" => EventVerdict.Delayed(email, status, told.Text("response") is { Length: > 0 } reply ? reply : reason, $"SendGrid event: deferred: {told.Text("response")}"),
            "spamreport" => EventVerdict.Complaint(email, "SendGrid event: spamreport"),
            "unsubscribe" or "group_unsubscribe" => EventVerdict.Left(email, $"SendGrid event: {name}"),
            "delivered" => EventVerdict.Delivered(email, told.Text("response"), "SendGrid event: delivered"),
            "processed" or "open" or "click" or "group_resubscribe" or "account_status_change" => EventVerdict.Nothing($"SendGrid event: {name}"),
            _ => EventVerdict.Unknown(Form, name),
        };
    }

    /// <summary>Never sent: their lists of those who bounced, left or complained hold the address, or the letter is not to their liking.</summary>
    private static ReturnedMail OfDropped(string email, string reason)
    {
        var evidence = $"SendGrid event: dropped: {reason}";
        if (reason.StartsWith("Unsubscribed", StringComparison.OrdinalIgnoreCase))
            return EventVerdict.Left(email, evidence);
        if (reason.StartsWith("Spam Reporting", StringComparison.OrdinalIgnoreCase))
            return EventVerdict.Complaint(email, evidence);
        var isDead = reason.StartsWith("Bounced Address", StringComparison.OrdinalIgnoreCase) || reason.Equals("Invalid", StringComparison.OrdinalIgnoreCase);
        return EventVerdict.Withheld(email, isDead ? new(BounceReason.UserUnknown, Permanence.Permanent, Classifier.Line(reason)) : new(BounceReason.Policy, Permanence.Transient, Classifier.Line(reason)), evidence);
    }

    private static BounceVerdict? OfClass(string word) => word switch
    {
        "Invalid Address" => new(BounceReason.UserUnknown, Permanence.Permanent, word),
        "Mailbox Unavailable" => new(BounceReason.MailboxFull, Permanence.Transient, word),
        "Content" => new(BounceReason.ContentRejected, Permanence.Transient, word),
        "Reputation" => new(BounceReason.Blocked, Permanence.Transient, word),
        "Frequency/Volume" or "Frequency or Volume Too High" => new(BounceReason.RateLimited, Permanence.Transient, word),
        "Technical" or "Technical Failure" => new(BounceReason.System, Permanence.Transient, word),
        _ => null,
    };
}
