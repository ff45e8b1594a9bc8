using MailKit;
using MailKit.Net.Smtp;
using MimeKit;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>MailKit's client, told what it cannot know: the letter is ready and measured, which DSN parameters to use, how far the transaction has come.</summary>
internal sealed class LetterClient : SmtpClient
{
    private const int LongestEnvelopeId = 100; // RFC 3461 §4.4
    private Letter? letter;

    public LetterClient() => DeliveryStatusNotificationType = MailKit.Net.Smtp.DeliveryStatusNotificationType.HeadersOnly; // RET=HDRS

    /// <summary>The command whose answer is awaited, or the last one that was.</summary>
    public SmtpStage Stage { get; private set; }

    /// <summary>Hands over one letter; the relay's words when it was accepted. MailKit adds DSN parameters only where DSN is offered.</summary>
    public string Send(Letter next)
    {
        (letter, Stage) = (next, SmtpStage.Sender);
        using var message = ReadyMessage.Of(next, () => Stage = SmtpStage.Data, () => Stage = SmtpStage.AfterDot);
        return Send(FormatOptions.Default, message, new MailboxAddress("", next.Sender), [new MailboxAddress("", next.Recipient)], CancellationToken.None);
    }

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
    {
        base.OnSenderAccepted(message, mailbox, response);
        Stage = SmtpStage.Recipient;
    }

    protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
    {
        base.OnRecipientAccepted(message, mailbox, response);
        Stage = SmtpStage.Data;
    }

    protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
    {
        // An unsigned letter is as ready as a signed one.
    }

    protected override long GetSize(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) => letter!.Length;

    protected override string? GetEnvelopeId(MimeMessage message) => letter!.MessageId.Length <= LongestEnvelopeId ? letter.MessageId : null;

    /// <summary>SUCCESS would ask for a mail a reader. Nobody is told of a letter from the null sender.</summary>
    protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
        letter!.Sender.Length > 0 ? DeliveryStatusNotification.Failure | DeliveryStatusNotification.Delay : DeliveryStatusNotification.Never;
}
