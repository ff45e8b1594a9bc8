using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;

namespace Newsletter.Returns;

/// <summary>A mail that came back, and the delivery of ours that it proves to be about.</summary>
/// <param name="Mail">What it is.</param>
/// <param name="Delivery">Null where no seal of ours holds; a name in the text proves nothing.</param>
public sealed record TracedMail(ReturnedMail Mail, DeliveryId? Delivery)
{
    /// <summary>The probe that it proves to be about; null for none.</summary>
    public ProbeId? Probe { get; init; }

    /// <summary>The reader whom it proves to be about; null for nobody.</summary>
    public SubscriberId? Reader => Delivery?.Subscriber ?? Probe?.Subscriber;

    /// <summary>Whether its sender is proven, and whether a program may answer it.</summary>
    public MailMarks Marks { get; init; } = MailMarks.None;

    /// <summary>What the editor is told about who it is from.</summary>
    public ReplySender From { get; init; } = new("", "");

    /// <summary>Reads a mail that came to one of our addresses. Any bytes give an answer.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="ours">Reads our seals.</param>
    /// <param name="envelopeRecipients">RCPT TO, where the way in tells it; null: the headers tell.</param>
    /// <param name="trusted">The hosts whose word on the sender is believed (RFC 8601); null: none.</param>
    public static TracedMail Read(ReadOnlyMemory<byte> raw, OurAddresses ours, IReadOnlyList<string>? envelopeRecipients = null, IReadOnlyCollection<string>? trusted = null) =>
        Read(IncomingMail.Read(raw), ours, envelopeRecipients, trusted);

    /// <summary>Reads one, and what the inbox keeps of it.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="ours">Reads our seals.</param>
    /// <param name="trusted">The hosts whose word on the sender is believed (RFC 8601).</param>
    public static (TracedMail Traced, ReceivedReply Reply) ReadWithReply(ReadOnlyMemory<byte> raw, OurAddresses ours, IReadOnlyCollection<string> trusted)
    {
        var mail = IncomingMail.Read(raw);
        return (Read(mail, ours, null, trusted), ReceivedReply.Of(mail, ReplyMail.Read(raw), ours));
    }

    /// <summary>Reads an event that a provider told over HTTP; whether it is the provider's own is not seen here.</summary>
    /// <param name="form">Whose words.</param>
    /// <param name="raw">One event.</param>
    /// <param name="ours">Reads our seals.</param>
    public static TracedMail Read(NotificationForm form, ReadOnlyMemory<byte> raw, OurAddresses ours) =>
        Of(Notification.Read(form, raw, word => SealOf(word, ours)), ours);

    private static TracedMail Read(IncomingMail mail, OurAddresses ours, IReadOnlyList<string>? envelopeRecipients, IReadOnlyCollection<string>? trusted) =>
        Of(Classifier.Classify(mail, word => SealOf(word, ours), envelopeRecipients ?? []), ours) with { Marks = MailMarks.Of(mail, trusted ?? []) };

    private static TracedMail Of(ReturnedMail mail, OurAddresses ours) =>
        mail.Origin.Seal is { } word ? new(mail, DeliveryOf(word, ours)) { Probe = ours.ReadProbe(word) } : new(mail, null);

    private static SealedWord? SealOf(string word, OurAddresses ours) =>
        ours.ReadRecipient(TokenPurpose.Unsubscribe, word) is not null ? SealedWord.Unsubscribe : DeliveryOf(word, ours) is not null || ours.ReadProbe(word) is not null ? SealedWord.Letter : null;

    private static DeliveryId? DeliveryOf(string word, OurAddresses ours) => word.Contains('@', StringComparison.Ordinal)
        ? ours.ReadMessageId(word) ?? ours.ReadRecipient(TokenPurpose.ReturnPath, word) ?? ours.ReadRecipient(TokenPurpose.Unsubscribe, word) ?? ours.ReadRecipient(TokenPurpose.Reply, word)
        : ours.ReadUnsubscribeToken(word);
}
