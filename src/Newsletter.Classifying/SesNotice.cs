using System.Text;
using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads the notifications of Amazon SES (bounce, complaint, delivery, delay): JSON, by mail or as SNS sends it over HTTP.</summary>
/// <remarks>Source: Amazon SES Developer Guide, "Amazon SNS notification contents" and "event data that Amazon SES publishes".</remarks>
internal static class SesNotice
{
    private const int MaxRecipients = 200;
    private static readonly JsonReaderOptions Bounds = new() { MaxDepth = 16 };

    /// <summary>Null unless SNS passed it on and it is a notice about a letter. The headers that it quotes of the letter are kept with the mail.</summary>
    public static ReturnedMail? Read(IncomingMail mail)
    {
        if (mail.Header("x-amz-sns-message-id") is null || mail.Json.Length == 0)
            return null;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(mail.Json), Bounds); // what stands behind the value is SNS's footer
            using var document = JsonDocument.ParseValue(ref reader);
            KeepHeaders(mail, document.RootElement);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReturnedMail? Of(JsonElement notice)
    {
        var type = Text(notice, "notificationType") is { Length: > 0 } given ? given : Text(notice, "eventType");
        var evidence = Classifier.Line($"Amazon SES notification: {type}");
        return type switch
        {
            "Bounce" when Part(notice, "bounce") is { } bounce => OfBounce(bounce, evidence),
            "Complaint" when Part(notice, "complaint") is { } complaint => new ReturnedMail.Complaint(
                Recipients(complaint, "complainedRecipients", RecipientOutcome.Delivered, ""), Text(complaint, "complaintFeedbackType") is { Length: > 0 } kind ? kind : "abuse") { Evidence = evidence },
            "Delivery" when Part(notice, "delivery") is { } delivery => new ReturnedMail.Delivered(Recipients(delivery, "recipients", RecipientOutcome.Delivered, Text(delivery, "smtpResponse"))) { Evidence = evidence },
            "DeliveryDelay" or "Delivery Delay" when Part(notice, "deliveryDelay") is { } delay => new ReturnedMail.Delayed(
                [.. Recipients(delay, "delayedRecipients", RecipientOutcome.Delayed, "").Select(each => each with { Verdict = each.Verdict with { Permanence = Permanence.Transient } })]) { Evidence = evidence },
            _ => null,
        };
    }

    private static ReturnedMail.Bounce OfBounce(JsonElement bounce, string evidence)
    {
        var kind = $"{Text(bounce, "bounceType")} {Text(bounce, "bounceSubType")}";
        var failed = Recipients(bounce, "bouncedRecipients", RecipientOutcome.Failed, "").ConvertAll(each => each.Verdict.Reason is BounceReason.Other ? each with { Verdict = OfKind(kind) } : each);
        return new(failed, failed is [var first, ..] ? first.Verdict : OfKind(kind)) { Evidence = Classifier.Line($"{evidence}: {kind}: {failed.FirstOrDefault()?.Verdict.Words}") };
    }

    /// <summary>What SES itself makes of it, where the server's words tell nothing. An address on its suppression list bounced hard before.</summary>
    private static BounceVerdict OfKind(string kind) => kind switch
    {
        "Permanent NoEmail" or "Permanent Suppressed" or "Permanent OnAccountSuppressionList" => new(BounceReason.UserUnknown, Permanence.Permanent, kind),
        "Transient MailboxFull" => new(BounceReason.MailboxFull, Permanence.Transient, kind),
        "Transient MessageTooLarge" => new(BounceReason.Size, Permanence.Transient, kind),
        "Transient ContentRejected" or "Transient AttachmentRejected" => new(BounceReason.ContentRejected, Permanence.Transient, kind),
        _ => new(BounceReason.Other, kind.StartsWith("Transient", StringComparison.Ordinal) ? Permanence.Transient : Permanence.Unknown, kind),
    };

    private static List<ReturnedRecipient> Recipients(JsonElement part, string name, RecipientOutcome outcome, string reply)
    {
        var recipients = new List<ReturnedRecipient>();
        if (!part.TryGetProperty(name, out var list) || list.ValueKind is not JsonValueKind.Array)
            return recipients;
        foreach (var one in list.EnumerateArray().Take(MaxRecipients))
        {
            var (address, words) = one.ValueKind is JsonValueKind.String ? (one.GetString(), reply) : (Text(one, "emailAddress"), Text(one, "diagnosticCode"));
            if (address is null || Addressing.FindIn(address) is not [var seen, ..])
                continue;
            var status = EnhancedStatus.Read(Text(one, "status")) is { IsTelling: true } telling ? telling : EnhancedStatus.Find(words) ?? EnhancedStatus.Read(Text(one, "status"));
            recipients.Add(new(seen.Address, status, outcome is RecipientOutcome.Delivered ? new(BounceReason.Other, Permanence.Unknown, "") : BounceRules.Of(status, SmtpCode.Find(words), near: [words], far: []), outcome));
        }
        return recipients;
    }

    private static void KeepHeaders(IncomingMail mail, JsonElement notice)
    {
        if (mail.Returned.Count == 0 && Part(notice, "mail") is { } letter && letter.TryGetProperty("headers", out var headers) && headers.ValueKind is JsonValueKind.Array)
            mail.Returned.AddRange(headers.EnumerateArray().Take(200).Select(header => new ReturnedHeader(Text(header, "name"), Text(header, "value"))));
    }

    private static JsonElement? Part(JsonElement notice, string name) =>
        notice.ValueKind is JsonValueKind.Object && notice.TryGetProperty(name, out var part) && part.ValueKind is JsonValueKind.Object ? part : null;

    private static string Text(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : "";
}
