using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>Amazon SES tells in JSON what became of a letter; SNS sends it by mail to whoever subscribes so.</summary>
public sealed class SesNoticeTests
{
    [TestCase("""
        "notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"ida@harbour.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}
        """, "bounce", "ida@harbour.example 5.1.1 permanent user-unknown")]
    [TestCase("""
        "eventType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"emailAddress":"ida@harbour.example"}]}
        """, "bounce", "ida@harbour.example  transient mailbox-full")]
    [TestCase("""
        "notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"Suppressed","bouncedRecipients":[{"emailAddress":"Ida <ida@harbour.example>"},{"emailAddress":"olof@harbour.example","diagnosticCode":"552 5.2.2 mailbox full"}]}
        """, "bounce", "ida@harbour.example  permanent user-unknown; olof@harbour.example 5.2.2 transient mailbox-full")]
    [TestCase("""
        "notificationType":"Complaint","complaint":{"complaintFeedbackType":"abuse","complainedRecipients":[{"emailAddress":"ida@harbour.example"}]}
        """, "complaint", "ida@harbour.example  unknown other")]
    [TestCase("""
        "notificationType":"Delivery","delivery":{"recipients":["ida@harbour.example"],"smtpResponse":"250 2.6.0 Message received"}
        """, "delivered", "ida@harbour.example 2.6.0 unknown other")]
    [TestCase("""
        "eventType":"DeliveryDelay","deliveryDelay":{"delayType":"MailboxFull","delayedRecipients":[{"emailAddress":"ida@harbour.example","status":"4.2.2","diagnosticCode":"smtp; 452 4.2.2 over quota"}]}
        """, "delayed", "ida@harbour.example 4.2.2 transient mailbox-full")]
    public void What_it_says_of_whom_is_read(string notice, string kind, string expected)
    {
        var mail = Classify($"{{{notice}}}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below\n");

        Assert.That(mail.Kind, Is.EqualTo(kind), mail.Evidence);
        Assert.That(string.Join("; ", mail.Recipients.Select(each => $"{each.Address} {each.Status} {each.Verdict.PermanenceWord} {each.Verdict.ReasonWord}")), Is.EqualTo(expected));
    }

    [TestCase("""{"notificationType":"Bounce"}""")]
    [TestCase("""{"notificationType":"Bounce","bounce":{"bouncedRecipients":{"emailAddress":7}}}""")]
    [TestCase("""{"notificationType":["Bounce"],"bounce":null""")]
    [TestCase("""{"Type":"SubscriptionConfirmation","Token":"abc"}""")]
    [TestCase("[[[[[[[[[[[[[[[[[[[[[[[[")]
    [TestCase("""{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"\ud800"}]}}""")]
    [TestCase("""{"notificationType":"\udc00","\ud800":7}""")]
    public void What_is_no_such_notice_ends_no_other_way_than_other_mail(string json)
    {
        Assert.That(Classify(json).Recipients, Is.Empty);
    }

    private static ReturnedMail Classify(string body) => Classifier.Classify(Encoding.UTF8.GetBytes(
        $"From: SES <no-reply@sns.amazonaws.com>\nTo: ses@lists.example.org\nSubject: AWS Notification Message\nContent-Type: text/plain; charset=UTF-8\nx-amz-sns-message-id: 1af9f4b7\n\n{body}"));
}
