using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads Brevo's webhooks (once Sendinblue), of transactional and of marketing mail.</summary>
/// <remarks>Source: Brevo developer documentation, "Transactional webhooks" and "Marketing webhooks". A soft bounce is final, for a cause that may pass; a deferred letter is still tried.</remarks>
internal static class BrevoEvents
{
    private const NotificationForm Form = NotificationForm.Brevo;

    public static ReturnedMail Of(JsonElement told)
    {
        var (name, email, reason) = (told.Text("event"), told.Text("email"), told.Text("reason"));
        var evidence = $"Brevo event: {name}: {reason}";
        return name switch
        {
            "hard_bounce" or "hardBounce" or "invalid_email" or "invalid" => EventVerdict.Bounce(email, "", reason, new(BounceReason.UserUnknown, Permanence.Permanent, name), evidence),
            "soft_bounce" or "softBounce" => EventVerdict.Bounce(email, "", reason, new(BounceReason.Other, Permanence.Transient, name), evidence),
            // Their list of addresses that they do not write to: who left, complained or bounced, and they do not say which.
            "blocked" => EventVerdict.Bounce(email, "", reason, new(BounceReason.Other, Permanence.Unknown, name), evidence),
            "error" => EventVerdict.Bounce(email, "", reason, new(BounceReason.System, Permanence.Transient, name), evidence),
            "deferred" => EventVerdict.Delayed(email, "", reason, evidence),
            "spam" or "complaint" => EventVerdict.Complaint(email, evidence),
            "unsubscribed" or "unsubscribe" => EventVerdict.Left(email, evidence),
            "delivered" => EventVerdict.Delivered(email, reason, evidence),
            "request" or "sent" or "opened" or "unique_opened" or "uniqueOpened" or "proxy_open" or "unique_proxy_open" or "click" or "clicked" or "list_addition" or "contact_updated" or "contact_deleted" =>
                EventVerdict.Nothing(evidence),
            _ => EventVerdict.Unknown(Form, name),
        };
    }
}
