using System.Globalization;
using System.Text;
using MimeKit;

namespace Newsletter.Cli;

/// <summary>Two mails as a server and a reader would send them back, made from letters that lie in the pickup folder.</summary>
/// <remarks>The same letter gives the same octets, so a second quickstart brings mail that has been handled already.</remarks>
internal static class QuickstartMail
{
    /// <summary>The report of a server that knows no such user (RFC 3464), addressed to the letter's own envelope sender.</summary>
    public static byte[] Bounce(MimeMessage letter) => Bytes($"""
        Return-Path: <>
        Delivered-To: {Envelope(letter, "X-Sender")}
        Date: {Date(letter, 1)}
        From: MAILER-DAEMON@mx.college.example (Mail Delivery System)
        To: {Envelope(letter, "X-Sender")}
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <quickstart-bounce-{Envelope(letter, "X-Sender").Split('@')[0]}@mx.college.example>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="quickstart"

        --quickstart
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

        <{Envelope(letter, "X-Receiver")}>: host mx.college.example said: 550 5.1.1 User unknown in virtual mailbox table (in reply to RCPT TO command)

        --quickstart
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.college.example

        Final-Recipient: rfc822; {Envelope(letter, "X-Receiver")}
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.college.example
        Diagnostic-Code: smtp; 550 5.1.1 User unknown in virtual mailbox table

        --quickstart
        Content-Type: text/rfc822-headers

        Message-ID: <{letter.MessageId}>
        From: {letter.From}
        Subject: {letter.Subject}

        --quickstart--

        """);

    /// <summary>What a reader answers by pressing reply.</summary>
    public static byte[] Reply(MimeMessage letter)
    {
        var reply = new MimeMessage(
            [new MailboxAddress(letter.To.Mailboxes.First().Name, Envelope(letter, "X-Receiver"))],
            [letter.ReplyTo.Mailboxes.Concat(letter.From.Mailboxes).First()],
            $"Re: {letter.Subject}",
            new TextPart("plain") { Text = $"Thank you for this one: I printed it for the tea room.\nWhat happened to the quiet queue in the end?\n\n> {letter.Subject}\n" })
        {
            Date = letter.Date.AddHours(2),
            InReplyTo = letter.MessageId,
            MessageId = $"quickstart-reply-{letter.MessageId}",
        };
        reply.References.Add(letter.MessageId!);
        reply.Headers.Insert(0, new Header("Return-Path", $"<{Envelope(letter, "X-Receiver")}>"));
        using var bytes = new MemoryStream();
        reply.WriteTo(FormatOptions.Default, bytes);
        return bytes.ToArray();
    }

    private static string Envelope(MimeMessage letter, string field) => (letter.Headers[field] ?? "").Trim('<', '>', ' ');

    private static string Date(MimeMessage letter, int hoursLater) => letter.Date.AddHours(hoursLater).ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
}
