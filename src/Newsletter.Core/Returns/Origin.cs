using Newsletter.Addresses;

namespace Newsletter.Returns;

/// <summary>Which letter of ours a returned mail is about, and how that is proven. Only a sealed token proves it; a name in the text does not.</summary>
/// <param name="Delivery">Null where no seal holds.</param>
/// <param name="Proof">Where the seal stands: <c>Delivered-To</c>, <c>Message-ID of the returned part</c>; empty where there is none.</param>
/// <param name="MessageIds">The Message-IDs that the mail names as original, without brackets, whether ours or not; at most 20.</param>
public sealed record Origin(DeliveryId? Delivery, string Proof, IReadOnlyList<string> MessageIds)
{
    /// <summary>Nothing proven, nothing named.</summary>
    public static Origin Unknown { get; } = new(null, "", []);
}

/// <summary>Finds the sealed tokens of ours in a mail that came back.</summary>
/// <remarks>First the address it came to (VERP), which no far server changes; then what it returns of our letter; then what it says it answers.</remarks>
internal static class OriginReader
{
    private const int MaxIds = 20;
    private static readonly string[] DeliveryHeaders = ["Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To", "To", "Cc"];
    private static readonly string[] ReturnedHeaders = ["Return-Path", "Message-ID", "List-Unsubscribe", "Reply-To", "X-Envelope-From", "Sender"];

    public static Origin Read(IncomingMail mail, OurAddresses? ours, IReadOnlyList<string> envelopeRecipients)
    {
        var ids = MessageIds(mail);
        if (ours is null)
            return new(null, "", ids);
        foreach (var (place, value) in Places(mail, envelopeRecipients, ids))
            if (Delivery(ours, value) is { } delivery)
                return new(delivery, place, ids);
        return new(null, "", ids);
    }

    /// <summary>Whether the mail came to an address of ours of this purpose whose seal holds.</summary>
    public static bool CameTo(IncomingMail mail, OurAddresses? ours, IReadOnlyList<string> envelopeRecipients, TokenPurpose purpose) =>
        ours is not null && Recipients(mail, envelopeRecipients).SelectMany(place => Words(place.Value)).Any(word => ours.ReadRecipient(purpose, word) is not null);

    private static IEnumerable<(string Place, string Value)> Places(IncomingMail mail, IReadOnlyList<string> envelope, IReadOnlyList<string> ids)
    {
        foreach (var place in Recipients(mail, envelope))
            yield return place;
        foreach (var header in mail.Returned.Where(header => ReturnedHeaders.Contains(header.Name, StringComparer.OrdinalIgnoreCase)))
            yield return ($"{header.Name} of the returned part", header.Value);
        foreach (var id in ids)
            yield return ("a Message-ID it names", id);
    }

    private static IEnumerable<(string Place, string Value)> Recipients(IncomingMail mail, IReadOnlyList<string> envelope)
    {
        foreach (var recipient in envelope)
            yield return ("envelope recipient", recipient);
        foreach (var name in DeliveryHeaders)
            foreach (var value in mail.All(name))
                yield return (name, value);
    }

    private static DeliveryId? Delivery(OurAddresses ours, string value)
    {
        foreach (var word in Words(value))
        {
            if (ours.ReadMessageId(word) is { } byId)
                return byId;
            foreach (var purpose in (ReadOnlySpan<TokenPurpose>)[TokenPurpose.ReturnPath, TokenPurpose.Unsubscribe, TokenPurpose.Reply])
                if (ours.ReadRecipient(purpose, word) is { } byAddress)
                    return byAddress;
        }
        return ByLink(ours, value);
    }

    /// <summary>The unsubscribe link of List-Unsubscribe: all that some feedback loops leave of us in a letter (RFC 6590).</summary>
    private static DeliveryId? ByLink(OurAddresses ours, string value)
    {
        foreach (var rest in value.Split("/u/").Skip(1).Take(5))
            if (ours.ReadUnsubscribeToken(string.Concat(rest.TakeWhile(char.IsAsciiLetterOrDigit).Take(80))) is { } delivery)
                return delivery;
        return null;
    }

    /// <summary>What could be an address in a header value; a limit on how many, since each costs a hash.</summary>
    private static IEnumerable<string> Words(string value) =>
        value.Split([' ', '\t', '\r', '\n', ',', ';', '<', '>', '"', '(', ')', ':', '?'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length <= 320 && word.Contains('@')).Take(50);

    private static List<string> MessageIds(IncomingMail mail)
    {
        var named = mail.ReturnedValue("Message-ID") is { } returned ? [returned] : new List<string>();
        named.AddRange(mail.StatusValues("Original-Message-ID", "X-Original-Message-ID", "Original-Envelope-Id"));
        named.AddRange(mail.All("In-Reply-To"));
        named.AddRange(mail.All("References"));
        return named.SelectMany(value => value.Split([' ', '\t', '\r', '\n', '<', '>', ','], StringSplitOptions.RemoveEmptyEntries))
            .Where(word => word.Length is > 2 and <= 320).Distinct(StringComparer.Ordinal).Take(MaxIds).ToList();
    }
}
