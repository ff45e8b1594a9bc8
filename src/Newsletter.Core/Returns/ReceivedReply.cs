using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>What the editor reads of a mail that is shown: plain text, as the writer claims to be.</summary>
/// <param name="Sender">The address in From; empty where there is none. Anyone can write any.</param>
/// <param name="SenderName">The display name in From; empty for none.</param>
/// <param name="AnswerTo">Where an answer goes: Reply-To, else From; null where neither is an address we would write to.</param>
/// <param name="Subject">Decoded, one line; empty for none.</param>
/// <param name="Body">The first text with what it quotes, lines ended by LF; HTML as its words. At most 2,000 lines.</param>
/// <param name="MessageId">Its own Message-ID without brackets; empty for none.</param>
/// <param name="Attachments">Names of attached files, at most 20; the files themselves are in the stored mail.</param>
public sealed record ReceivedReply(
    string Sender, string SenderName, EmailAddress? AnswerTo, string Subject, string Body, string MessageId, IReadOnlyList<string> Attachments)
{
    private const int MaxName = 200;

    /// <summary>Reads a mail for the inbox. Any bytes give one.</summary>
    public static ReceivedReply Read(ReadOnlyMemory<byte> raw)
    {
        var mail = IncomingMail.Read(raw);
        var replyTo = Addressing.FindIn(mail.Header("Reply-To") ?? "") is [var first, ..] ? first.Address : mail.From;
        return new(
            Classifier.Line(mail.From), Short(mail.FromName), EmailAddress.Read(replyTo) ?? EmailAddress.Read(mail.From), Classifier.Line(mail.Subject),
            string.Join('\n', mail.WholeText).Trim(), Classifier.Line(mail.Header("Message-ID")?.Trim().Trim('<', '>') ?? ""),
            mail.Attachments.Take(20).Select(Short).ToList());
    }

    private static string Short(string text) => Classifier.Line(text) is { Length: > MaxName } whole ? whole[..MaxName] : Classifier.Line(text);
}
