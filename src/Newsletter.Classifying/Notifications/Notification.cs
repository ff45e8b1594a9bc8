using System.Runtime.InteropServices;
using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Reads what a provider tells over HTTP about letters. Pure, as <see cref="Classifier"/>: any bytes give an answer, in bounded time.</summary>
/// <remarks>Whether the provider wrote them is not seen here; who hands them over has checked it.</remarks>
public static class Notification
{
    private const int MaxEvents = 10_000;

    /// <summary>The events of one request, each as its own JSON. Null where the body is no JSON, or holds more than 10,000.</summary>
    /// <param name="form">Whose. An event of Amazon's is the whole request, envelope and all.</param>
    /// <param name="body">As it came.</param>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Split(NotificationForm form, ReadOnlyMemory<byte> body)
    {
        using var document = EventJson.Parse(body, maxDepth: 500); // an event that is nested too deep must not take the others with it
        if (document is null)
            return null;
        var root = document.RootElement;
        if (form is NotificationForm.Generic && root.ValueKind is JsonValueKind.Object && root.TryGetProperty("events", out var events) && events.ValueKind is JsonValueKind.Array)
            root = events;
        if (root.ValueKind is not JsonValueKind.Array || form is NotificationForm.Ses)
            return [body];
        return root.GetArrayLength() <= MaxEvents ? [.. root.EnumerateArray().Select(each => (ReadOnlyMemory<byte>)JsonMarshal.GetRawUtf8Value(each).ToArray())] : null;
    }

    /// <summary>What an event says. One that is not understood is <see cref="ReturnedMail.Unrecognised"/>.</summary>
    /// <param name="form">Whose words.</param>
    /// <param name="raw">One event of <see cref="Split"/>.</param>
    /// <param name="seals">Reads the seals of the sender's own addresses; null where only the class is wanted.</param>
    public static ReturnedMail Read(NotificationForm form, ReadOnlyMemory<byte> raw, SealReader? seals = null)
    {
        using var document = EventJson.Parse(raw);
        if (document is null)
            return new ReturnedMail.Unrecognised { Evidence = $"{form}: no JSON, or JSON nested too deep" };
        if (form is not NotificationForm.Ses)
            return Of(form, document.RootElement, seals);
        if (SesEvents.Unwrap(document.RootElement) is not { } message)
            return Of(form, document.RootElement, seals); // given without its envelope
        using var inner = EventJson.Parse(message);
        return inner is null ? SesEvents.OfText(message.Span) : Of(form, inner.RootElement, seals);
    }

    /// <summary>The provider's own name for an event, the same however often it tells it; null where it gives none.</summary>
    public static string? IdOf(NotificationForm form, ReadOnlyMemory<byte> raw)
    {
        using var document = EventJson.Parse(raw);
        var id = document is null ? "" : form switch
        {
            NotificationForm.Ses => document.RootElement.Text("MessageId"),
            NotificationForm.SendGrid => document.RootElement.Text("sg_event_id"),
            NotificationForm.Mailgun => document.RootElement.Text("event-data", "id"),
            _ => "",
        };
        return id.Length is > 0 and <= 200 ? id : null;
    }

    private static ReturnedMail Of(NotificationForm form, JsonElement told, SealReader? seals)
    {
        var mail = form switch
        {
            NotificationForm.Ses => SesEvents.Of(told) ?? EventVerdict.Unknown(form, told.Text("eventType")),
            NotificationForm.SendGrid => SendGridEvents.Of(told),
            NotificationForm.Mailgun => MailgunEvents.Of(told),
            NotificationForm.Postmark => PostmarkEvents.Of(told),
            NotificationForm.Brevo => BrevoEvents.Of(told),
            _ => GenericEvents.Of(told),
        };
        return mail with { Origin = EventOrigin.Read(form, told, seals) };
    }
}
