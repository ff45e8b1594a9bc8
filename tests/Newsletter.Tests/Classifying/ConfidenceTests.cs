using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>How sure a verdict is, and where the words stand that gave it.</summary>
public sealed class ConfidenceTests
{
    [TestCase("5.1.1 User unknown", Confidence.High)]
    [TestCase("5.2.2 mailbox full", Confidence.High)]
    [TestCase("5.1.1 mailbox is full", Confidence.Low, Description = "the status says that the address is dead, the words that it lives")]
    [TestCase("User unknown", Confidence.Medium)]
    [TestCase("5.0.0 User unknown", Confidence.Medium)]
    [TestCase("5.1.1 ???", Confidence.Medium)]
    [TestCase("???", Confidence.Low)]
    public void Words_and_status_confirm_or_doubt_one_another(string reply, Confidence expected) =>
        Assert.That(BounceRules.OfReply(550, null, reply).Confidence, Is.EqualTo(expected));

    [TestCase("Auto-Submitted: auto-replied\n", "I am away.", Confidence.High)]
    [TestCase("Subject: Automatic reply: News\n", "I am away.", Confidence.Medium)]
    [TestCase("Subject: Re: News\nIn-Reply-To: <1@fieldnotes.example>\n", "Thank you!", Confidence.Medium)]
    [TestCase("Subject: a question\n", "Who are you?", Confidence.Low)]
    public void A_standards_own_mark_is_surer_than_words_and_words_than_none(string headers, string text, Confidence expected) =>
        Assert.That(Classify($"From: Ida <ida@harbour.example>\n{headers}\n{text}\n").Confidence, Is.EqualTo(expected));

    [Test]
    public void The_evidence_of_a_report_names_part_and_line()
    {
        var mail = Classify("""
            Return-Path: <>
            From: MAILER-DAEMON@mx.harbour.example
            Subject: failure notice

            Hi. This is the mail program of mx.harbour.example.
            I'm afraid I wasn't able to deliver your
            message to the following addresses.

            <ida@harbour.example>:
            Sorry, no mailbox here by that name. (#5.1.1)
            """);

        Assert.That(mail.Evidence, Is.EqualTo("part 1 (text/plain), line 2: I'm afraid I wasn't able to deliver your"));
    }

    [Test]
    public void The_evidence_of_fields_names_the_line_of_the_recipient_that_decided()
    {
        var mail = Classify("""
            From: MAILER-DAEMON@mx.harbour.example
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.harbour.example

            Final-Recipient: rfc822; olof@harbour.example
            Action: delivered
            Status: 2.0.0

            Final-Recipient: rfc822; ida@harbour.example
            Action: failed
            Status: 5.1.1

            --b--
            """);

        Assert.That(mail.Evidence, Does.StartWith("part 2 (message/delivery-status), line 7: Action: failed; Status: 5.1.1"));
    }

    private static ReturnedMail Classify(string text) => Classifier.Classify(Encoding.UTF8.GetBytes(text));
}
