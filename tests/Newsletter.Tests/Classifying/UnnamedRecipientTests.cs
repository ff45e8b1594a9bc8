using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>Reports that do not name whom they are about.</summary>
public sealed class UnnamedRecipientTests
{
    [TestCase("bounces-ida=harbour.example@lists.example.org", "ida@harbour.example")]
    [TestCase("b+12-ida=harbour.example@lists.example.org", "ida@harbour.example")]
    [TestCase("b+ida.olof=sea.harbour.example@lists.example.org", "ida.olof@sea.harbour.example")]
    [TestCase("SRS0=ab12=Q7=harbour.example=ida@lists.example.org", null)]
    [TestCase("prvs=12ab=ida@lists.example.org", null)]
    [TestCase("ida@lists.example.org", null)]
    public void What_the_address_it_came_to_says_of_the_reader_is_read(string to, string? expected)
    {
        var mail = Classify($"Return-Path: <>\nFrom: postmaster@harbour.example\nTo: {to}\nSubject: Undeliverable\n\nThe mailbox you wrote to does not exist on this server.\n");

        Assert.That((mail.Kind, mail.Recipients.SingleOrDefault()?.Address), Is.EqualTo(("bounce", expected)));
    }

    [Test]
    public void A_mailbox_alone_is_one_of_the_server_that_reports()
    {
        var mail = Classify("From: Mail Delivery Subsystem <MAILER-DAEMON@harbour.example>\nTo: news@lists.example.org\nSubject: Mail Delivery Problem\n\n"
            + "Your mail to the following recipients could not be delivered because they take no attachments:\n\tida.olof\n");

        Assert.That(mail.Recipients.Single().Address, Is.EqualTo("ida.olof@harbour.example"));
    }

    [Test]
    public void A_report_of_a_failed_signature_says_whose_letter_it_was()
    {
        var mail = Classify("""
            From: filter@harbour.example
            To: dmarc@lists.example.org
            Content-Type: multipart/report; report-type=feedback-report; boundary=b

            --b
            Content-Type: message/feedback-report

            Feedback-Type: auth-failure
            Auth-Failure: dmarc

            --b
            Content-Type: text/rfc822-headers

            From: news@lists.example.org
            To: ida@harbour.example
            Subject: tides

            --b--
            """);

        Assert.That((mail.GetType(), mail.Recipients.Single().Address), Is.EqualTo((typeof(ReturnedMail.Other), "ida@harbour.example")));
    }

    [Test]
    public void A_report_that_a_robot_passes_on_as_text_is_read()
    {
        var mail = Classify("""
            Return-Path: <MAILER-DAEMON>
            From: MAILER-DAEMON@outer.example
            To: news@lists.example.org
            Subject: Undelivered Mail Returned to Sender
            Content-Type: text/plain

            The message returned below could not be delivered to one or more destinations.
            ---------------------------------
            Return-Path: <>
            Received: from relay.inner.example by inner.example; Tue, 5 May 2026 10:00:00 +0000
            From: MAILER-DAEMON@relay.inner.example
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary="x"

            --x
            Content-Type: message/delivery-status

            Reporting-MTA: dns; relay.inner.example

            Final-Recipient: rfc822; ida@harbour.example
            Action: failed
            Status: 4.4.1
            Diagnostic-Code: smtp; 421 service not available, closing transmission channel
            --x--
            """);

        Assert.That(mail.Recipients.Select(each => $"{each.Address} {each.Status} {each.Verdict.PermanenceWord}"), Is.EqualTo(new[] { "ida@harbour.example 4.4.1 transient" }));
    }

    private static ReturnedMail Classify(string text) => Classifier.Classify(Encoding.UTF8.GetBytes(text));
}
