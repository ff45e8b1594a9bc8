using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Addresses;

/// <summary>The addresses of ours that lead back to a delivery: written into its letter, read when mail comes to them.</summary>
/// <remarks>
/// No RFC defines VERP. The seal is there since anyone can write to these addresses, and a forged bounce must not stop a reader's mail.
/// Prefixes: <c>r-</c> Return-Path, <c>u-</c> unsubscribe by mail, <c>a-</c> answer (Reply-To), <c>b-</c> Return-Path of a probe,
/// <c>t-</c> conversation, <c>f-</c> reply handed on to the editor.
/// </remarks>
/// <param name="tokens">Seals and reads the tokens.</param>
/// <param name="domain">The domain whose mail comes back to us (<c>Returns:Domain</c>), as A-label.</param>
/// <param name="messageIdDomain">The right side of our Message-IDs: the domain of the From address.</param>
/// <param name="baseUrl">The public address of our pages, without the last slash.</param>
public sealed class OurAddresses(SealedTokens tokens, string domain, string messageIdDomain, string baseUrl)
{
    /// <summary>The author (From) of all our letters; null: not known here.</summary>
    public EmailAddress? Author { get; init; }

    /// <summary>Whether a letter of this author may be ours.</summary>
    public bool MayBeAuthor(string address) => Author is null || Author.Equals(EmailAddress.Read(address));

    /// <summary>The envelope sender of a delivery.</summary>
    public string ReturnPath(DeliveryId delivery) => $"r-{tokens.Write(TokenPurpose.ReturnPath, delivery)}@{domain}";

    /// <summary>The mailto address of List-Unsubscribe: any mail to it ends the subscription.</summary>
    public string UnsubscribeMail(DeliveryId delivery) => $"u-{tokens.Write(TokenPurpose.Unsubscribe, delivery)}@{domain}";

    /// <summary>The one-click address (RFC 8058): POST acts, GET shows a page.</summary>
    public string UnsubscribeUrl(DeliveryId delivery) => $"{baseUrl}/u/{tokens.Write(TokenPurpose.Unsubscribe, delivery)}";

    /// <summary>The page on which who has left comes back (POST): <see cref="TokenPurpose.TakeBack"/>.</summary>
    public string TakeBackUrl(FarewellId farewell) => $"{baseUrl}/back/{tokens.Write(TokenPurpose.TakeBack, farewell.Value, farewell.Subscriber.Value)}";

    /// <summary>The farewell of such a page's token; null where the seal does not hold.</summary>
    public FarewellId? ReadTakeBackToken(string token) => tokens.ReadNumbers(TokenPurpose.TakeBack, token) is var (farewell, subscriber) ? new(farewell, new(subscriber)) : null;

    /// <summary>The page of choices that a letter leads to: <see cref="TokenPurpose.Preferences"/>.</summary>
    public string PreferencesUrl(DeliveryId delivery) => $"{baseUrl}/p/{tokens.Write(TokenPurpose.Preferences, delivery)}";

    /// <summary>The delivery of such a page's token; null where the seal does not hold.</summary>
    public DeliveryId? ReadPreferencesToken(string token) => tokens.Read(TokenPurpose.Preferences, token);

    /// <summary>A subscriber's own page: <see cref="TokenPurpose.OwnPage"/>.</summary>
    public string OwnPageUrl(ReaderMailId mail) => $"{baseUrl}/own/{tokens.Write(TokenPurpose.OwnPage, mail.Value, mail.Subscriber.Value)}";

    /// <summary>The mail of such a page's token; null where the seal does not hold.</summary>
    public ReaderMailId? ReadOwnPageToken(string token) => tokens.ReadNumbers(TokenPurpose.OwnPage, token) is var (mail, subscriber) ? new(mail, new(subscriber)) : null;

    /// <summary>The page on which a new address is taken (POST): <see cref="TokenPurpose.NewAddress"/>.</summary>
    public string NewAddressUrl(ReaderMailId mail) => $"{baseUrl}/address/{tokens.Write(TokenPurpose.NewAddress, mail.Value, mail.Subscriber.Value)}";

    /// <summary>The mail of such a page's token; null where the seal does not hold.</summary>
    public ReaderMailId? ReadNewAddressToken(string token) => tokens.ReadNumbers(TokenPurpose.NewAddress, token) is var (mail, subscriber) ? new(mail, new(subscriber)) : null;

    /// <summary>The page on which a sign-up is confirmed (POST): <see cref="TokenPurpose.Confirm"/>.</summary>
    public string ConfirmUrl(SignUpId signUp) => $"{baseUrl}/confirm/{tokens.Write(TokenPurpose.Confirm, signUp.Value, signUp.MadeAt)}";

    /// <summary>The sign-up of such a page's token; null where the seal does not hold.</summary>
    public SignUpId? ReadConfirmToken(string token) => tokens.ReadNumbers(TokenPurpose.Confirm, token) is var (signUp, made) ? new(signUp, made) : null;

    /// <summary>What a sign-up form carries with it: when it was shown (UTC milliseconds; 0: it stands on a page that is not ours) and in which words.</summary>
    public string FormToken(long shown, long wording) => tokens.Write(TokenPurpose.Form, shown, wording);

    /// <summary>Both of them; null where the seal does not hold.</summary>
    public (long Shown, long Wording)? ReadFormToken(string token) => tokens.ReadNumbers(TokenPurpose.Form, token);

    /// <summary>Both, for a letter that has both: they hold the same token.</summary>
    public (string Url, string Mail) Unsubscribe(DeliveryId delivery)
    {
        var token = tokens.Write(TokenPurpose.Unsubscribe, delivery);
        return ($"{baseUrl}/u/{token}", $"u-{token}@{domain}");
    }

    /// <summary>A Reply-To that comes back to us and names the delivery.</summary>
    public string ReplyTo(DeliveryId delivery) => $"a-{tokens.Write(TokenPurpose.Reply, delivery)}@{domain}";

    /// <summary>A Reply-To that comes back into a conversation.</summary>
    public string Thread(long thread) => $"t-{tokens.Write(TokenPurpose.Thread, thread, 0)}@{domain}";

    /// <summary>The Reply-To of a reply that is handed on to the editor: what the editor writes to it goes to that reply's writer.</summary>
    public string Forward(long thread, long reply) => $"f-{tokens.Write(TokenPurpose.Forward, thread, reply)}@{domain}";

    /// <summary>The Message-ID of an answer, without its angle brackets: the same for one form or mail, however often it comes.</summary>
    /// <param name="reply">What is answered.</param>
    /// <param name="key">The form's or mail's own.</param>
    public string AnswerId(long reply, string key) =>
        string.Create(CultureInfo.InvariantCulture, $"answer-{reply}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..20]}@{messageIdDomain}");

    /// <summary>The conversation that an address of ours names; null where it names none or its seal does not hold.</summary>
    public ThreadSeal? ReadThread(string address)
    {
        if (address.Trim('<', '>', ' ').Split('@') is not [[var letter, '-', .. var token], var host] || !host.Equals(domain, StringComparison.OrdinalIgnoreCase))
            return null;
        return letter switch
        {
            't' or 'T' when tokens.ReadNumbers(TokenPurpose.Thread, token) is var (thread, _) => new(thread, null),
            'f' or 'F' when tokens.ReadNumbers(TokenPurpose.Forward, token) is var (thread, reply) => new(thread, reply),
            _ => null,
        };
    }

    /// <summary>Whether an address has the form of a sealed one of ours, whatever its seal: an answer to it would be one to ourselves. People may have addresses at the same domain.</summary>
    public bool AreOurs(EmailAddress address) => address.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase) && HaveSealedForm(address);

    /// <summary>Whether the part before the @ has the form of a sealed one, at whatever domain.</summary>
    public static bool HaveSealedForm(EmailAddress address) =>
        address.Value.Split('@')[0] is [var letter, '-', .. { Length: >= 16 } token]
        && char.IsAsciiLetter(letter) && token.All(sign => char.IsAsciiLetter(sign) || sign is >= '2' and <= '7');

    /// <summary>The Message-ID without its angle brackets: the same for every attempt of a delivery (RFC 5322 §3.6.4).</summary>
    public string MessageId(DeliveryId delivery) => $"m-{tokens.Write(TokenPurpose.MessageId, delivery)}@{messageIdDomain}";

    /// <summary>The envelope sender of a probe, and its Message-ID without angle brackets.</summary>
    public (string ReturnPath, string MessageId) Probe(ProbeId probe)
    {
        var token = tokens.Write(TokenPurpose.Probe, new(new(probe.Value), probe.Subscriber));
        return ($"b-{token}@{domain}", $"b-{token}@{messageIdDomain}");
    }

    /// <summary>The probe whose Return-Path or Message-ID this is, without angle brackets; null for any other word.</summary>
    public ProbeId? ReadProbe(string word) =>
        word.Split('@') is [var local, var host] && (host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.Equals(messageIdDomain, StringComparison.OrdinalIgnoreCase))
        && ReadLocal(TokenPurpose.Probe, local) is { } named ? new(named.Edition.Value, named.Subscriber) : null;

    /// <summary>The delivery that an address of ours names, for one purpose; null where it is not ours, of another purpose, or its seal does not hold.</summary>
    public DeliveryId? ReadRecipient(TokenPurpose purpose, string address) =>
        address.Trim('<', '>', ' ').Split('@') is [var local, var host] && host.Equals(domain, StringComparison.OrdinalIgnoreCase) ? ReadLocal(purpose, local) : null;

    /// <summary>The delivery that a Message-ID of ours names, with or without angle brackets; null for any other.</summary>
    public DeliveryId? ReadMessageId(string messageId) =>
        messageId.Trim('<', '>', ' ').Split('@') is [var local, var host] && host.Equals(messageIdDomain, StringComparison.OrdinalIgnoreCase)
            ? ReadLocal(TokenPurpose.MessageId, local)
            : null;

    /// <summary>The delivery of an unsubscribe link's token; null where the seal does not hold.</summary>
    public DeliveryId? ReadUnsubscribeToken(string token) => tokens.Read(TokenPurpose.Unsubscribe, token);

    private DeliveryId? ReadLocal(TokenPurpose purpose, string local) =>
        local.Length > 2 && local[1] == '-' && char.ToLowerInvariant(local[0]) == Prefix(purpose) ? tokens.Read(purpose, local.AsSpan(2)) : null;

    private static char Prefix(TokenPurpose purpose) => purpose switch
    {
        TokenPurpose.ReturnPath => 'r',
        TokenPurpose.Unsubscribe => 'u',
        TokenPurpose.Reply => 'a',
        TokenPurpose.MessageId => 'm',
        TokenPurpose.Probe => 'b',
        _ => 'p',
    };
}
