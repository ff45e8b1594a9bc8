using System.Text;
using Newsletter.Addresses;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns;

public sealed class ClassifierTests
{
    private static readonly DeliveryId Delivery = DeliveryId.Of(12, 34);
    private static readonly OurAddresses Ours = Some.OurAddresses();

    /// <summary>The folder is the expectation: Fixtures/Returns/bounce/domino.eml.</summary>
    private static IEnumerable<TestCaseData> Fixtures() =>
        from file in Directory.EnumerateFiles(Folder, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let kind = Path.GetFileName(Path.GetDirectoryName(file)!)
        select new TestCaseData(file, kind).SetArgDisplayNames($"{kind}/{Path.GetFileNameWithoutExtension(file)}");

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "Returns");

    [TestCaseSource(nameof(Fixtures))]
    public void A_mail_is_classified_as_its_folder_says(string file, string kind)
    {
        var mail = Classifier.Classify(File.ReadAllBytes(file));

        Assert.That(mail.Kind, Is.EqualTo(kind), mail.Evidence);
        Assert.That(mail.Evidence, Is.Not.Empty);
    }

    [TestCase("postfix-user-unknown", "ida@harbour.example 5.1.1 permanent user-unknown")]
    [TestCase("dovecot-lmtp-user-unknown", "ida@harbour.example 5.1.1 permanent user-unknown")]
    [TestCase("full-mailbox-with-a-wrong-code", "ida@harbour.example 5.1.1 transient mailbox-full")]
    [TestCase("expired-after-retries", "ida@harbour.example 4.4.1 transient network")]
    [TestCase("groups-without-a-blank-line", "ida@harbour.example 5.1.1 permanent user-unknown; olof@harbour.example 5.2.2 transient mailbox-full")]
    [TestCase("eai-address", "rök@harbour.example 5.1.1 permanent user-unknown")]
    [TestCase("spam-refusal", "ida@harbour.example 5.7.1 transient content-rejected")]
    [TestCase("missing-end-boundary", "ida@harbour.example 5.1.1 permanent user-unknown")]
    [TestCase("qmail-two-addresses", "ida@harbour.example 5.1.1 permanent user-unknown; olof@harbour.example 5.2.2 transient mailbox-full")]
    [TestCase("exim-unrouteable", "ida@nowhere.example  permanent host-unknown")]
    [TestCase("exim-refused-at-mail-from", "ida@harbour.example 5.1.7 transient policy")]
    [TestCase("exchange-2003", "ida@harbour.example  permanent user-unknown")]
    [TestCase("domino", "ida@harbour.example  permanent user-unknown")]
    [TestCase("sendmail-transcript", "ida@nowhere.example  permanent host-unknown")]
    [TestCase("iso-2022-jp", "ida@harbour.example  permanent user-unknown")]
    [TestCase("utf-7", "ida@harbour.example  permanent user-unknown")]
    [TestCase("html-only", "ida@harbour.example 5.1.1 permanent user-unknown")]
    public void A_bounce_names_whom_why_and_whether_the_address_is_dead(string name, string expected)
    {
        var mail = Classifier.Classify(File.ReadAllBytes(Path.Combine(Folder, "bounce", $"{name}.eml")));

        Assert.That(string.Join("; ", mail.Recipients.Select(each => $"{each.Address} {each.Status} {each.Verdict.PermanenceWord} {each.Verdict.ReasonWord}")), Is.EqualTo(expected));
    }

    [Test]
    public void A_bounce_that_names_nobody_still_says_that_the_address_is_dead()
    {
        var mail = Classifier.Classify(File.ReadAllBytes(Path.Combine(Folder, "bounce", "names-nobody.eml")));

        Assert.That(mail, Is.TypeOf<ReturnedMail.Bounce>().With.Property("Summary").Property("Permanence").EqualTo(Permanence.Permanent));
    }

    [Test]
    public void The_sealed_address_it_came_to_names_the_delivery_whatever_the_text_names()
    {
        var mail = Classify($"Delivered-To: {Ours.ReturnPath(Delivery)}\n", "<someone@else.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n");

        Assert.That(mail.Origin, Is.EqualTo(mail.Origin with { Delivery = Delivery, Proof = "Delivered-To" }));
        Assert.That(mail.Recipients.Single().Address, Is.EqualTo("someone@else.example"));
    }

    [Test]
    public void The_envelope_recipient_names_the_delivery()
    {
        var mail = Classifier.Classify("From: a@b.example\n\nhello\n"u8.ToArray(), Ours, [Ours.ReturnPath(Delivery)]);

        Assert.That(mail.Origin.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_returned_message_id_of_ours_names_the_delivery()
    {
        var mail = Classify("", $"<ida@harbour.example>:\nno such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <{Ours.MessageId(Delivery)}>\nSubject: x\n\nhello\n");

        Assert.That(mail.Origin.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_reply_names_the_delivery_it_answers()
    {
        var mail = Classifier.Classify(Encoding.UTF8.GetBytes($"From: Ida <ida@harbour.example>\nSubject: Re: x\nIn-Reply-To: <{Ours.MessageId(Delivery)}>\n\nThank you!\n"), Ours);

        Assert.That(mail, Is.TypeOf<ReturnedMail.Reply>());
        Assert.That(mail.Origin.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_broken_seal_names_nothing()
    {
        var address = Ours.ReturnPath(Delivery).Replace("@", "a@", StringComparison.Ordinal);

        var mail = Classify($"Delivered-To: {address}\n", "<ida@harbour.example>:\nno such user\n");

        Assert.That(mail.Origin.Delivery, Is.Null);
    }

    [Test]
    public void Any_mail_to_a_sealed_unsubscribe_address_is_an_unsubscribe()
    {
        var mail = Classifier.Classify(Encoding.UTF8.GetBytes($"From: Ida <ida@harbour.example>\nTo: {Ours.UnsubscribeMail(Delivery)}\nSubject: x\n\n\n"), Ours);

        Assert.That(mail, Is.EqualTo(mail is ReturnedMail.Unsubscribe found ? found with { BySealedAddress = true } : null));
        Assert.That(mail.Origin.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_complaint_without_an_address_is_known_by_our_message_id()
    {
        var raw = File.ReadAllText(Path.Combine(Folder, "complaint", "opt-out-redacted.eml")).Replace("note12.ida@fieldnotes.example", Ours.MessageId(Delivery), StringComparison.Ordinal);

        var mail = Classifier.Classify(Encoding.UTF8.GetBytes(raw), Ours);

        Assert.That(mail, Is.TypeOf<ReturnedMail.Complaint>());
        Assert.That(mail.Origin.Delivery, Is.EqualTo(Delivery));
    }

    [Test]
    public void A_complaint_that_hides_all_but_the_unsubscribe_link_is_known_by_it()
    {
        var raw = File.ReadAllText(Path.Combine(Folder, "complaint", "opt-out-redacted.eml"))
            .Replace("Message-ID: <note12.ida@fieldnotes.example>", $"List-Unsubscribe: <{Ours.UnsubscribeUrl(Delivery)}>", StringComparison.Ordinal);

        var mail = Classifier.Classify(Encoding.UTF8.GetBytes(raw), Ours);

        Assert.That(mail.Origin, Is.EqualTo(mail.Origin with { Delivery = Delivery, Proof = "List-Unsubscribe of the returned part" }));
    }

    private static ReturnedMail Classify(string headers, string body) => Classifier.Classify(Encoding.UTF8.GetBytes(
        $"Return-Path: <>\nFrom: MAILER-DAEMON@mx.harbour.example\n{headers}Subject: failure notice\n\nHi. This is the qmail-send program.\nI wasn't able to deliver your message.\n\n{body}"), Ours);
}
