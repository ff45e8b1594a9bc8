namespace Newsletter.Classifying;

/// <summary>What a word that carries the sender's seal says.</summary>
public enum SealedWord
{
    /// <summary>It names one letter: a Return-Path (VERP), a Message-ID, an answer address.</summary>
    Letter,

    /// <summary>It names one letter and is where its reader writes to leave (RFC 2369 §3.2).</summary>
    Unsubscribe,
}

/// <summary>Reads the sender's own seals: null for a word that has none or whose seal does not hold.</summary>
/// <param name="word">An address, a Message-ID without brackets, or (from a link) one segment of a path; at most 320 characters, from outside.</param>
/// <remarks>Anyone can write to a sender's addresses and name anybody: only a seal that holds (an HMAC, say) proves which letter a mail is about.</remarks>
public delegate SealedWord? SealReader(string word);

/// <summary>Which letter of the sender's a returned mail is about, as far as it proves and names one.</summary>
/// <param name="Seal">The word whose seal holds; null where none does.</param>
/// <param name="Proof">Where it stands: <c>Delivered-To</c>, <c>Message-ID of the returned part</c>; empty where there is none.</param>
/// <param name="MessageIds">The Message-IDs that the mail names as original, without brackets; they prove nothing. At most 20.</param>
public sealed record Origin(string? Seal, string Proof, IReadOnlyList<string> MessageIds)
{
    /// <summary>Nothing proven, nothing named.</summary>
    public static Origin Unknown { get; } = new(null, "", []);

    /// <summary>Of a provider's event: whether it tells the letter's own Message-ID or envelope sender, and none bears a seal that holds. Then the letter is another's.</summary>
    public bool IsAnothers { get; init; }

    /// <summary>Of a provider's event: the letter's author (From), where that is all it tells of the letter; it proves nothing. Empty where it does not.</summary>
    public string Author { get; init; } = "";

    /// <summary>Of a provider's event: to whom the letter went, where it tells that beside whom it is about. Amazon names the last address of a redirection in a bounce.</summary>
    public IReadOnlyList<string> SentTo { get; init; } = [];
}

/// <summary>Finds the sender's sealed words in a mail that came back.</summary>
/// <remarks>First the address it came to (VERP), which no far server changes; then what it returns of the letter; then what it says it answers.</remarks>
internal static class OriginReader
{
    private const int MaxIds = 20;
    private static readonly string[] DeliveryHeaders = ["Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To", "To", "Cc"];
    private static readonly string[] ReturnedHeaders = ["Return-Path", "Message-ID", "List-Unsubscribe", "Reply-To", "X-Envelope-From", "Sender"];

    public static Origin Read(IncomingMail mail, SealReader? seals, IReadOnlyList<string> envelopeRecipients)
    {
        var ids = MessageIds(mail);
        return Of(Places(mail, envelopeRecipients, ids), ids, seals);
    }

    /// <summary>The first place whose text has a word with a seal that holds.</summary>
    public static Origin Of(IEnumerable<(string Place, string Value)> places, IReadOnlyList<string> ids, SealReader? seals)
    {
        if (seals is null)
            return new(null, "", ids);
        foreach (var (place, value) in places)
            if (Words(value).FirstOrDefault(word => seals(word) is not null) is { } found)
                return new(found, place, ids);
        return new(null, "", ids);
    }

    /// <summary>Whether the mail came to an address for leaving whose seal holds.</summary>
    public static bool CameToLeave(IncomingMail mail, SealReader? seals, IReadOnlyList<string> envelopeRecipients) =>
        seals is not null && Recipients(mail, envelopeRecipients).SelectMany(place => Addresses(place.Value)).Any(word => seals(word) is SealedWord.Unsubscribe);

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

    private static IEnumerable<string> Words(string value) => Addresses(value).Concat(PathSegments(value));

    /// <summary>What could be an address in a header value; a limit on how many, since each costs a hash.</summary>
    private static IEnumerable<string> Addresses(string value) =>
        value.Split([' ', '\t', '\r', '\n', ',', ';', '<', '>', '"', '(', ')', ':', '?'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length <= 320 && word.Contains('@')).Take(50);

    /// <summary>The unsubscribe link of List-Unsubscribe: all that some feedback loops leave of the sender in a letter (RFC 6590).</summary>
    private static IEnumerable<string> PathSegments(string value) =>
        value.Contains("://", StringComparison.Ordinal)
            ? value.Split(['/', '<', '>', ' ', ',', '?', '#', '&', '='], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length is > 15 and <= 80 && word.All(char.IsAsciiLetterOrDigit)).Take(10)
            : [];

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
