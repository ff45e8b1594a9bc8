using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns;

/// <summary>Which delivery of ours a mail is about.</summary>
public sealed class TracedMailTests
{
    private static readonly DeliveryId Delivery = DeliveryId.Of(12, 34);
    private static readonly OurAddresses Ours = Some.OurAddresses();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "Classifying");

    [Test]
    public void The_sealed_address_it_came_to_names_the_delivery_whatever_the_text_names()
    {
        var traced = Read($"Delivered-To: {Ours.ReturnPath(Delivery)}\n", "<someone@else.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n");

        Assert.That((traced.Delivery, traced.Mail.Origin.Proof), Is.EqualTo(((DeliveryId?)Delivery, "Delivered-To")));
        Assert.That(traced.Mail.Recipients.Single().Address, Is.EqualTo("someone@else.example"));
    }

    [Test]
    public void The_envelope_recipient_names_the_delivery()
    {
        var traced = TracedMail.Read("From: a@b.example\n\nhello\n"u8.ToArray(), Ours, [Ours.ReturnPath(Delivery)]);

        Assert.That(traced.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_returned_message_id_of_ours_names_the_delivery()
    {
        var traced = Read("", $"<ida@harbour.example>:\nno such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <{Ours.MessageId(Delivery)}>\nSubject: x\n\nhello\n");

        Assert.That(traced.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_reply_names_the_delivery_it_answers()
    {
        var traced = TracedMail.Read(Encoding.UTF8.GetBytes($"From: Ida <ida@harbour.example>\nSubject: Re: x\nIn-Reply-To: <{Ours.MessageId(Delivery)}>\n\nThank you!\n"), Ours);

        Assert.That(traced.Mail, Is.TypeOf<ReturnedMail.Reply>());
        Assert.That(traced.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_broken_seal_names_nothing()
    {
        var address = Ours.ReturnPath(Delivery).Replace("@", "a@", StringComparison.Ordinal);

        var traced = Read($"Delivered-To: {address}\n", "<ida@harbour.example>:\nno such user\n");

        Assert.That(traced.Delivery, Is.Null);
    }

    [Test]
    public void Any_mail_to_a_sealed_unsubscribe_address_is_an_unsubscribe()
    {
        var traced = TracedMail.Read(Encoding.UTF8.GetBytes($"From: Ida <ida@harbour.example>\nTo: {Ours.UnsubscribeMail(Delivery)}\nSubject: x\n\n\n"), Ours);

        Assert.That(traced.Mail, Is.TypeOf<ReturnedMail.Unsubscribe>().With.Property("BySealedAddress").True);
        Assert.That(traced.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_complaint_without_an_address_is_known_by_our_message_id()
    {
        var raw = File.ReadAllText(Path.Combine(Folder, "complaint", "opt-out-redacted.eml")).Replace("note12.ida@fieldnotes.example", Ours.MessageId(Delivery), StringComparison.Ordinal);

        var traced = TracedMail.Read(Encoding.UTF8.GetBytes(raw), Ours);

        Assert.That(traced.Mail, Is.TypeOf<ReturnedMail.Complaint>());
        Assert.That(traced.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_complaint_that_hides_all_but_the_unsubscribe_link_is_known_by_it()
    {
        var raw = File.ReadAllText(Path.Combine(Folder, "complaint", "opt-out-redacted.eml"))
            .Replace("Message-ID: <note12.ida@fieldnotes.example>", $"List-Unsubscribe: <{Ours.UnsubscribeUrl(Delivery)}>", StringComparison.Ordinal);

        var traced = TracedMail.Read(Encoding.UTF8.GetBytes(raw), Ours);

        Assert.That((traced.Delivery, traced.Mail.Origin.Proof), Is.EqualTo(((DeliveryId?)Delivery, "List-Unsubscribe of the returned part")));
    }

    [Test]
    public void The_headers_that_a_notice_of_amazon_ses_quotes_name_the_delivery()
    {
        var raw = $"From: SES <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message\nContent-Type: text/plain\nx-amz-sns-message-id: 1af9f4b7\n\n"
            + $$$"""{"notificationType":"Delivery","mail":{"headers":[{"name":"Message-ID","value":"<{{{Ours.MessageId(Delivery)}}}>"}]},"delivery":{"recipients":["ida@harbour.example"]}}""";

        Assert.That(TracedMail.Read(Encoding.UTF8.GetBytes(raw), Ours).Delivery, Is.EqualTo(Delivery));
    }

    private static TracedMail Read(string headers, string body) => TracedMail.Read(Encoding.UTF8.GetBytes(
        $"Return-Path: <>\nFrom: MAILER-DAEMON@mx.harbour.example\n{headers}Subject: failure notice\n\nHi. This is the qmail-send program.\nI wasn't able to deliver your message.\n\n{body}"), Ours);
}
