using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Subscribers;

/// <summary>What is wrong in the section <c>SignUp</c> is said by its key, with what to write.</summary>
public sealed class SignUpOptionsTests
{
    [TestCase("SignUp:Forms:0:Name=Main Form", "SignUp:Forms:0:Name is no name for a form; write lower-case letters, digits and hyphens, such as main")]
    [TestCase("SignUp:Forms:0:Nmae=main", "SignUp:Forms:0:Nmae is no key of the configuration; did you mean SignUp:Forms:0:Name?")]
    [TestCase("SignUp:Forms:0:Fields:0:Name=email", "SignUp:Forms:0:Fields:0:Name is no name for a field")]
    [TestCase("SignUp:Forms:0:Fields:0:Requird=true", "did you mean SignUp:Forms:0:Fields:0:Required?")]
    [TestCase("SignUp:PrivacyUrl=privacy.html", "SignUp:PrivacyUrl is no web address; write it as https://example.org/privacy")]
    [TestCase("SignUp:NameServer=ns1.example.org", "SignUp:NameServer is no address of a name server; write it as 192.0.2.53 or 192.0.2.53:5353")]
    [TestCase("SignUp:ConfirmWithin=00:00:05", "SignUp:ConfirmWithin")]
    [TestCase("SignUp:MailsPerAddress=many", "SignUp:MailsPerAddress is not a whole number in its range")]
    [TestCase("SignUp:Forms:0:Topics:0=tides", "the form main names the topic tides, which is none of Topics; add it there, or take it out")]
    public void It_is_said_before_anything_begins(string pair, string words)
    {
        using var folder = new TemporaryFolder();
        var configuration = Settings.Load(new(folder.Path), null, ["Publication:Name=Field Notes", "Publication:FromAddress=editor@example.org", "Publication:PostalAddress=1 Mill Lane", "Publication:BaseUrl=https://news.example.org", pair]);

        Assert.That(() => Wiring.CheckSettings(configuration, new(folder.Path)), Throws.TypeOf<SettingException>().With.Message.Contains(words));
    }

    [Test]
    public void Two_forms_have_two_names()
    {
        using var folder = new TemporaryFolder();
        var configuration = Settings.Load(new(folder.Path), null, ["SignUp:Forms:0:Name=one", "SignUp:Forms:1:Name=one"]);

        Assert.That(() => configuration.Read<SignUpOptions>("SignUp"), Throws.TypeOf<SettingException>().With.Message.Contains("SignUp:Forms has two named 'one'; each needs a name of its own"));
    }

    [Test]
    public void A_list_of_domains_that_cannot_be_read_is_said()
    {
        using var folder = new TemporaryFolder();

        Assert.That(() => DisposableFile.Read(new() { DisposableDomains = "none.txt" }, new(folder.Path)), Throws.TypeOf<SettingException>().With.Message.StartsWith("SignUp:DisposableDomains names none.txt, which cannot be read"));
    }
}
