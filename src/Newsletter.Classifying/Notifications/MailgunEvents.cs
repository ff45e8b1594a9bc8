using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads Mailgun's webhooks.</summary>
/// <remarks>Source: Mailgun, "Webhook payloads" and "Event structure". A failure of severity <c>temporary</c> is one that is still tried.</remarks>
internal static class MailgunEvents
{
    private const NotificationForm Form = NotificationForm.Mailgun;

    public static ReturnedMail Of(JsonElement told)
    {
        if (told.Part("event-data") is not { } data)
            return EventVerdict.Unknown(Form, "");
        var (name, to) = (data.Text("event"), data.Text("recipient"));
        return name switch
        {
            "failed" => OfFailed(data, to),
            "rejected" => EventVerdict.Withheld(to, new(BounceReason.Policy, Permanence.Transient, "rejected"), $"Mailgun event: rejected: {data.Text("reject", "reason")} {data.Text("reject", "description")}"),
            "complained" => EventVerdict.Complaint(to, "Mailgun event: complained"),
            "unsubscribed" => EventVerdict.Left(to, "Mailgun event: unsubscribed"),
            "delivered" => EventVerdict.Delivered(to, Words(data), "Mailgun event: delivered"),
            "accepted" or "opened" or "clicked" or "stored" or "email_validation" or "list_member_uploaded" or "list_member_upload_error" or "list_uploaded" => EventVerdict.Nothing($"Mailgun event: {name}"),
            _ => EventVerdict.Unknown(Form, name),
        };
    }

    private static ReturnedMail OfFailed(JsonElement data, string to)
    {
        var (reason, words) = (data.Text("reason"), Words(data));
        var status = data.Text("delivery-status", "enhanced-code");
        var evidence = $"Mailgun event: failed {data.Text("severity")} {reason}: {words}";
        return (data.Text("severity"), reason) switch
        {
            ("temporary", _) => EventVerdict.Delayed(to, status, words, evidence),
            (_, "suppress-unsubscribe") => EventVerdict.Left(to, evidence),
            (_, "suppress-complaint") => EventVerdict.Complaint(to, evidence),
            (_, "suppress-bounce") => EventVerdict.Withheld(to, new(BounceReason.UserUnknown, Permanence.Permanent, reason), evidence),
            (_, "espblock") => EventVerdict.Bounce(to, status, words, new(BounceReason.Blocked, Permanence.Transient, reason), evidence),
            _ => EventVerdict.Bounce(to, status, words, null, evidence),
        };
    }

    /// <summary>Code and words of the far server; where it said nothing, Mailgun describes what happened.</summary>
    private static string Words(JsonElement data)
    {
        var said = data.Text("delivery-status", "message") is { Length: > 0 } message ? message : data.Text("delivery-status", "description");
        return $"{data.Text("delivery-status", "code")} {said}".Trim();
    }
}
