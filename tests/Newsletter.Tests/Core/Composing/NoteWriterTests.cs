using System.Text;
using MimeKit;
using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

public sealed class NoteWriterTests
{
    [Test]
    public void A_handed_on_reply_comes_from_us_and_is_answered_to_the_reader()
    {
        var note = Some() with { FromName = "Anna Grün by Field Notes", ReplyTo = EmailAddress.Read("anna@example.com"), InReplyTo = "x1@example.com", AnswersMail = true };

        var letter = Write(note);

        using var message = MimeMessage.Load(new MemoryStream(letter.Bytes.ToArray()));
        Assert.Multiple(() =>
        {
            Assert.That(message.From.Mailboxes.Single().Address, Is.EqualTo("editor@example.org"));
            Assert.That(message.From.Mailboxes.Single().Name, Is.EqualTo("Anna Grün by Field Notes"));
            Assert.That(message.ReplyTo.ToString(), Is.EqualTo("anna@example.com"));
            Assert.That(message.InReplyTo, Is.EqualTo("x1@example.com"));
            Assert.That(message.Headers["Auto-Submitted"], Is.EqualTo("auto-replied"));
            Assert.That(message.Headers.Contains(HeaderId.ListUnsubscribe), Is.False);
            Assert.That(message.TextBody!.ReplaceLineEndings("\n"), Is.EqualTo("Grüße\n.\nFrom me\n"));
            Assert.That((letter.Delivery, letter.Sender, letter.Recipient), Is.EqualTo(((DeliveryId?)null, "", "editor@example.net")));
        });
        Assert.That(Dkim.Verify(letter.Bytes), Is.EqualTo(new[] { true, true }));
    }

    [TestCase("Hi\r\nBcc: evil@example.com", "x@y")]
    [TestCase("Hi", "x@y>\r\nBcc: <evil@example.com")]
    [TestCase("Hi\nBcc: evil@example.com\n\nbody", "x@y z")]
    public void What_a_stranger_wrote_starts_no_field(string subject, string inReplyTo)
    {
        var letter = Write(Some() with { Subject = subject, InReplyTo = inReplyTo, FromName = subject });

        using var message = MimeMessage.Load(new MemoryStream(letter.Bytes.ToArray()));
        Assert.That(message.Headers.Contains(HeaderId.Bcc), Is.False);
        Assert.That(Encoding.ASCII.GetString(letter.Bytes.Span), Does.Not.Match("(?m)^Bcc"));
    }

    private static Letter Write(Note note) => new NoteWriter(Tests.Some.Publication(), Dkim.Seal).Write(note);

    private static Note Some() => new()
    {
        To = EmailAddress.Read("editor@example.net")!,
        Subject = "Re: Issue 149",
        Text = "Grüße\n.\nFrom me\n",
        MessageId = "n-1@example.org",
        Date = DateTimeOffset.UnixEpoch,
    };
}
