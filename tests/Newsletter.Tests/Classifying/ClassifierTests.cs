using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

public sealed class ClassifierTests
{
    /// <summary>The folder is the expectation: Fixtures/Classifying/bounce/domino.eml.</summary>
    private static IEnumerable<TestCaseData> Fixtures() =>
        from file in Directory.EnumerateFiles(Folder, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let kind = Path.GetFileName(Path.GetDirectoryName(file)!)
        select new TestCaseData(file, kind).SetArgDisplayNames($"{kind}/{Path.GetFileNameWithoutExtension(file)}");

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "Classifying");

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
    [TestCase("opensmtpd-full-mailbox", "ida@harbour.example 5.2.2 transient mailbox-full")]
    [TestCase("dovecot-sieve-reject", "ida@harbour.example  transient filtered")]
    [TestCase("user-unknown-after-data", "ida@harbour.example 5.0.0 transient filtered")]
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
}
