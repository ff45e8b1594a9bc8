using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;

namespace Newsletter.Returns;

/// <summary>What follows from knowing that an event is a provider's own, and not a mail that anyone may have written.</summary>
public static class EventTrace
{
    private const int LongestBody = 20_000;
    private static readonly JsonSerializerOptions Shown = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How far back a letter may lie that an event without a seal is about: providers try for days, and complaints come late.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(14);

    /// <summary>How long one example of an event that is not understood, or proves no letter of ours, stands for all of its kind in the inbox: an account may be another program's as well.</summary>
    public static readonly TimeSpan ShownFor = TimeSpan.FromDays(1);

    /// <summary>By whose address the delivery may be looked for. Null where a seal names it, and where the letter bore a Message-ID, an envelope sender or an author that is not ours: then it is another's mail in the same account.</summary>
    public static EmailAddress? AddressOf(TracedMail traced, OurAddresses ours) =>
        traced.Mail.Origin is { Seal: null, IsAnothers: false, MessageIds.Count: 0, Author: var author } && (author.Length == 0 || ours.MayBeAuthor(author))
        && traced.Mail.Recipients is [var first, ..] ? EmailAddress.Read(first.Address) : null;

    /// <summary>Whether the event names addresses, and none of them is the reader's: a provider names exactly whom it means.</summary>
    public static bool IsAboutAnother(TracedMail traced, EmailAddress reader)
    {
        var named = traced.Mail.Recipients.Select(each => each.Address).Concat(traced.Mail.Origin.SentTo).Select(EmailAddress.Read).OfType<EmailAddress>().ToList();
        return named.Count > 0 && !named.Contains(reader);
    }

    /// <summary>The same event, about the newest delivery to its address.</summary>
    public static TracedMail To(this TracedMail traced, DeliveryId delivery) => traced.With("delivery") with { Delivery = delivery };

    /// <summary>The same event, about the newest probe to its address.</summary>
    public static TracedMail To(this TracedMail traced, ProbeId probe) => traced.With("probe") with { Probe = probe };

    /// <summary>What the editor reads of an event that is shown: its members, a line each.</summary>
    /// <param name="form">Whose words.</param>
    /// <param name="kind">What it was read as.</param>
    /// <param name="raw">The event.</param>
    public static ReceivedReply Reply(NotificationForm form, string kind, ReadOnlyMemory<byte> raw) =>
        new("", $"{form}", null, $"A notification of {form}: {kind}", Text(raw), "", []);

    private static TracedMail With(this TracedMail traced, string what) =>
        traced with { Mail = traced.Mail with { Origin = traced.Mail.Origin with { Proof = $"no seal: the newest {what} of {Reach.TotalDays:0} days to the address that the provider names" } } };

    private static string Text(ReadOnlyMemory<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw.Span);
        try { text = JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(text), Shown); }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { /* shown as it came */ }
        return text.Length <= LongestBody ? text : text[..LongestBody];
    }
}
