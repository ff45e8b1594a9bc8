using System.Text.Json;

namespace Newsletter.Classifying;

/// <summary>Finds which letter an event is about: by a seal, in whatever member the provider gives it back (headers, arguments of our own, the whole bounce).</summary>
internal static class EventOrigin
{
    private const int MaxTexts = 200;
    private const int MaxIds = 20;

    /// <summary>Reads it.</summary>
    /// <param name="told">The event.</param>
    /// <param name="letterIds">The letter's own Message-ID, as far as the event names it.</param>
    /// <param name="seals">Reads the sender's seals; null where nobody asks.</param>
    public static Origin Read(JsonElement told, IEnumerable<string> letterIds, SealReader? seals)
    {
        var ids = letterIds.Select(id => id.Trim('<', '>', ' ')).Where(id => id.Length is > 2 and <= 320 && id.Contains('@')).Distinct(StringComparer.Ordinal).Take(MaxIds).ToList();
        return OriginReader.Of(Texts(told, "").Take(MaxTexts), ids, seals);
    }

    /// <summary>The Message-ID that the letter bore, in those members where a provider keeps ours. Postmark and Brevo have numbers of their own there, and Amazon's <c>messageId</c> is its own as well.</summary>
    public static IEnumerable<string> LetterIds(NotificationForm form, JsonElement told) => form switch
    {
        NotificationForm.Ses => told.Part("mail") is { } mail
            ? mail.List("headers", 200).Where(header => header.Text("name").Equals("Message-ID", StringComparison.OrdinalIgnoreCase)).Select(header => header.Text("value")) : [],
        NotificationForm.SendGrid => [told.Text("smtp-id")],
        NotificationForm.Mailgun => [told.Text("event-data", "message", "headers", "message-id")],
        NotificationForm.Generic => [told.Text("messageId")],
        _ => [],
    };

    /// <summary>Every text in it, with where it stands.</summary>
    private static IEnumerable<(string Place, string Value)> Texts(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.String => [(place, EventJson.Short(value))],
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value, member.Name)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(each => Texts(each, place)),
        _ => [],
    };
}
