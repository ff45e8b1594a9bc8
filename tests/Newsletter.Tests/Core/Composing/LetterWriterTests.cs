using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using MimeKit;
using MimeKit.Utils;
using Newsletter.Addresses;
using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

public sealed partial class LetterWriterTests
{
    private static readonly DeliveryId Delivery = DeliveryId.Of(7, 42);
    private static readonly DateTimeOffset Date = new(2026, 11, 2, 9, 0, 0, TimeSpan.FromHours(1));

    [Test]
    public void A_letter_has_the_fields_that_receivers_ask_for()
    {
        var letter = Write();
        var ours = Some.OurAddresses();

        using var message = Parsed(letter);
        Assert.Multiple(() =>
        {
            Assert.That(message.From.ToString(), Is.EqualTo("\"Field Notes\" <editor@example.org>"));
            Assert.That(message.To.ToString(), Is.EqualTo("\"Anna\" <anna@example.com>"));
            Assert.That(message.ReplyTo.ToString(), Is.EqualTo(ours.ReplyTo(Delivery)));
            Assert.That(message.Subject, Is.EqualTo("Hello Anna"));
            Assert.That(message.Headers["Date"], Is.EqualTo("Mon, 02 Nov 2026 08:00:00 +0000"));
            Assert.That(message.MessageId, Is.EqualTo(letter.MessageId).And.EqualTo(ours.MessageId(Delivery)));
            Assert.That(message.Headers["List-Id"], Is.EqualTo("Field Notes <field-notes.example.org>"));
            Assert.That(message.Headers["List-Unsubscribe"], Is.EqualTo($"<{ours.UnsubscribeUrl(Delivery)}>, <mailto:{ours.UnsubscribeMail(Delivery)}?subject=unsubscribe>"));
            Assert.That(message.Headers["List-Unsubscribe-Post"], Is.EqualTo("List-Unsubscribe=One-Click"));
            Assert.That(message.Headers["List-Post"], Is.EqualTo("NO"));
            Assert.That(message.Headers["Precedence"], Is.EqualTo("bulk"));
            Assert.That(message.Headers["Feedback-ID"], Is.EqualTo("149:field-notes:newsletter:exampleorgmail"));
            Assert.That(message.Headers["Auto-Submitted"], Is.Null);
            Assert.That(message.Headers.Contains(HeaderId.ReturnPath), Is.False);
            Assert.That((letter.Sender, letter.Recipient), Is.EqualTo((ours.ReturnPath(Delivery), "anna@example.com")));
        });
    }

    [Test]
    public void Text_comes_first_and_html_last_and_both_are_what_was_written()
    {
        using var message = Parsed(Write());

        var parts = ((Multipart)message.Body!).Cast<TextPart>().ToList();

        Assert.That(parts.Select(part => part.ContentType.MimeType), Is.EqualTo(new[] { "text/plain", "text/html" }));
        Assert.That(Unix(parts[0].Text), Is.EqualTo("Dear Anna,\n\nFrom here on: grüße. https://news.example.org/u/" + Token + "\n.hidden\n"));
        Assert.That(Unix(parts[1].Text), Is.EqualTo("<p>Dear Anna,</p>\n<a href=\"https://news.example.org/u/" + Token + "\">leave</a>"));
    }

    [Test]
    public void Both_signatures_verify_and_each_field_stands_once()
    {
        var letter = Write();

        var header = Encoding.ASCII.GetString(letter.Bytes.Span)[..Encoding.ASCII.GetString(letter.Bytes.Span).IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        var names = Regex.Matches(header, "^([!-9;-~]+):", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Where(name => name is not "DKIM-Signature");
        Assert.That(Dkim.Verify(letter.Bytes), Is.EqualTo(new[] { true, true }));
        Assert.That(names, Is.Unique);
    }

    [Test]
    public void Every_attempt_has_the_same_octets()
    {
        var again = Write().Bytes.ToArray();

        Assert.That(again, Is.EqualTo(Write().Bytes.ToArray()));
    }

    [TestCase("Anna\r\nBcc: evil@example.com")]
    [TestCase("Anna\0")]
    [TestCase("anna@evil.example")]
    [TestCase("Buy at http://evil.example")]
    [TestCase("www.evil.example")]
    [TestCase("=?utf-8?q?evil?=")]
    [TestCase("   ")]
    [TestCase("Anna Anna Anna Anna Anna Anna Anna Anna Anna Anna Anna Anna Anna Anna")]
    public void A_name_that_is_none_stays_out_of_the_header(string name)
    {
        using var message = Parsed(Write(name));

        Assert.That(message.To.ToString(), Is.EqualTo("anna@example.com"));
        Assert.That(message.Headers.Contains(HeaderId.Bcc), Is.False);
    }

    [TestCase("Zoë Müller")]
    [TestCase("O'Neil, \"Bob\"")]
    [TestCase("Владимир Константинопольский-Преображенский")]
    [TestCase("山田 太郎")]
    [TestCase("👩‍👩‍👧")]
    public void A_name_of_any_letters_comes_through(string name)
    {
        using var message = Parsed(Write(name));

        Assert.That(message.To.Mailboxes.Single().Name, Is.EqualTo(name));
    }

    [Test]
    public void An_address_beyond_ascii_keeps_its_domain_as_A_label()
    {
        var letter = Writer().Write(Delivery, EmailAddress.Read("anna@bücher.example")!, new PersonalValues());

        Assert.That(letter.Recipient, Is.EqualTo("anna@xn--bcher-kva.example"));
        Assert.That(letter.Bytes.ToArray().Any(octet => octet > 127), Is.False);
    }

    [Test]
    public void Whatever_the_texts_hold_the_wire_is_clean_and_the_texts_come_back() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((name, body, subject) =>
        {
            var text = Real(body);
            var letter = Writer(text: Template.Of(text), html: Template.Of(text + text), subject: Template.Of(Real(subject))).Write(Delivery, EmailAddress.Read("a@example.com")!, new() { Name = name });

            AssertClean(letter);
            using var message = Parsed(letter);
            Assert.That(Unix(message.TextBody!), Is.EqualTo(Unix(text)));
            Assert.That(Dkim.Verify(letter.Bytes), Is.EqualTo(new[] { true, true }));
        }, iter: 60);

    [Test]
    public void A_long_line_a_dot_and_From_are_hidden()
    {
        var text = $"From me\n.\n..\n{new string('x', 3000)}From {new string('.', 200)}\ntrailing \t\nFrom\n=3D";

        var letter = Writer(text: Template.Of(text)).Write(Delivery, EmailAddress.Read("a@example.com")!, new());

        AssertClean(letter);
        using var message = Parsed(letter);
        Assert.That(Unix(message.TextBody!), Is.EqualTo(text));
    }

    [Test]
    public void A_text_that_is_mostly_not_ascii_goes_out_as_base64()
    {
        var text = "Здравствуйте, {{ subscriber.name }}! " + string.Concat(Enumerable.Repeat("Это письмо написано по-русски. ", 40));

        var letter = Writer(text: Template.Read(text, Place.Text, [])).Write(Delivery, EmailAddress.Read("a@example.com")!, new() { Name = "Анна" });

        AssertClean(letter);
        using var message = Parsed(letter);
        Assert.That(((Multipart)message.Body!)[0].Headers[HeaderId.ContentTransferEncoding], Is.EqualTo("base64"));
        Assert.That(message.TextBody, Does.StartWith("Здравствуйте, Анна!"));
    }

    [TestCase("a subject of plain words that is much longer than one line of a header may be and so has to be folded somewhere in between")]
    [TestCase("Grüße — und noch viel mehr Text, der länger ist als eine Zeile im Kopf eines Briefes sein darf, damit gefaltet wird")]
    [TestCase("=?utf-8?q?not_a_word?=")]
    [TestCase("日本語の件名はとても長いので、いくつかの符号化された語に分けなければなりません。そうですよね。")]
    public void A_subject_comes_through(string subject)
    {
        var letter = Writer(subject: Template.Of(subject)).Write(Delivery, EmailAddress.Read("a@example.com")!, new());

        AssertClean(letter);
        using var message = Parsed(letter);
        Assert.That(message.Subject, Is.EqualTo(subject));
    }

    [Test]
    public void An_empty_subject_falls_back_to_the_title()
    {
        using var message = Parsed(Writer(subject: Template.Of("")).Write(Delivery, EmailAddress.Read("a@example.com")!, new()));

        Assert.That(message.Subject, Is.EqualTo("Issue 149"));
    }

    [Test]
    public void A_wrong_address_of_ours_is_said_before_anything_is_sent()
    {
        var publication = new Publication { Name = "N", FromAddress = "nobody", PostalAddress = "x", BaseUrl = "https://example.org" };

        Assert.That(() => new LetterWriter(Issue(), publication, Some.OurAddresses(), DkimSeal.None, Date),
            Throws.ArgumentException.With.Message.Contain("Publication:FromAddress 'nobody'"));
    }

    private static string Token => Some.OurAddresses().UnsubscribeUrl(Delivery).Split('/')[^1];

    private static Letter Write(string name = "Anna") => Writer().Write(Delivery, EmailAddress.Read("anna@example.com")!, new() { Name = name });

    private static LetterWriter Writer(Template? subject = null, Template? text = null, Template? html = null) =>
        new(Issue(subject, text, html), Some.Publication(), Some.OurAddresses(), Dkim.Seal, Date);

    private static RenderedIssue Issue(Template? subject = null, Template? text = null, Template? html = null) => new()
    {
        Number = 149,
        Slug = "0149",
        Title = "Issue 149",
        Lang = "en",
        WebHtml = "",
        WebUrl = "https://news.example.org/issues/0149",
        Subject = subject ?? Template.Read("Hello {{ subscriber.name }}", Place.Header, []),
        Text = text ?? Template.Read("Dear {{ subscriber.name }},\n\nFrom here on: grüße. {{ unsubscribe_url }}\n.hidden\n", Place.Text, []),
        Html = html ?? Template.Read("<p>Dear {{ subscriber.name }},</p>\n<a href=\"{{ unsubscribe_url }}\">leave</a>", Place.Html, []),
    };

    private static MimeMessage Parsed(Letter letter) => MimeMessage.Load(new MemoryStream(letter.Bytes.ToArray()));

    private static string Unix(string text) => text.ReplaceLineEndings("\n");

    /// <summary>Line ends as mail has them, and no lone surrogate, which no encoding carries.</summary>
    private static string Real(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\r", "", StringComparison.Ordinal);

    private static void AssertClean(Letter letter)
    {
        var wire = Encoding.Latin1.GetString(letter.Bytes.Span);
        var lines = wire.Split("\r\n");
        var body = lines.SkipWhile(line => line.Length > 0).ToList();
        Assert.That(wire.Any(c => c is '\0' or > '\x7E' or (< ' ' and not ('\r' or '\n' or '\t'))), Is.False, "7-bit, no control characters");
        Assert.That(BareEnd().IsMatch(wire), Is.False, "no bare CR or LF");
        Assert.That(body.Max(line => line.Length), Is.LessThanOrEqualTo(76));
        Assert.That(lines.Max(line => line.Length), Is.LessThanOrEqualTo(200), "only tokens are longer than a line should be");
        Assert.That(body.Any(line => line.StartsWith("From ", StringComparison.Ordinal) || line.StartsWith('.') || line.EndsWith(' ')), Is.False);
        foreach (Match word in EncodedWord().Matches(wire))
            Assert.That(word.Length, Is.LessThanOrEqualTo(75));
        Assert.That(DateUtils.TryParse(Regex.Match(wire, "^Date: (.*)\r$", RegexOptions.Multiline).Groups[1].Value, out DateTimeOffset _), Is.True);
    }

    [GeneratedRegex("(?<!\r)\n|\r(?!\n)")]
    private static partial Regex BareEnd();

    [GeneratedRegex(@"=\?utf-8\?[bq]\?[^?\s]*\?=")]
    private static partial Regex EncodedWord();
}
