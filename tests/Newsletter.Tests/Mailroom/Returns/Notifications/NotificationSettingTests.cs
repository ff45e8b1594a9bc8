using Microsoft.Extensions.Configuration;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Returns.Notifications;

/// <summary>A key that is missing or none is said at start, with its name and what to do.</summary>
public sealed class NotificationSettingTests
{
    private const string Arn = "Topics:0=arn:aws:sns:eu-west-1:123456789012:bounces";

    [TestCase("Kind=Ses", "Topics is missing: name the SNS topic")]
    [TestCase("Kind=Ses|Topics:0=bounces", "Topics holds one that is no SNS topic")]
    [TestCase("Kind=Ses|Topics:0=arn:aws:sns:evil.example/:123456789012:x", "Topics holds one that is no SNS topic")]
    [TestCase("Kind=SendGrid", "Keys is missing: the verification key")]
    [TestCase("Kind=SendGrid|Keys:0=SG.abcdefghijklmnop", "Keys is no verification key of SendGrid")]
    [TestCase("Kind=Mailgun", "Keys is missing: the HTTP webhook signing key")]
    [TestCase("Kind=Mailgun|Keys:0=short", "Keys is too short")]
    [TestCase("Kind=Generic", "Keys is missing: a secret, whsec_")]
    [TestCase("Kind=Generic|Keys:0=whsec_c2hvcnQ=", "Keys is no secret")]
    [TestCase("Kind=Postmark", "Keys is missing: Postmark signs nothing, so give User and Password, or Keys")]
    [TestCase("Kind=Postmark|User=postmark", "Keys is missing")]
    [TestCase("Kind=Brevo|User=brevo|Password=short", "Password is too short")]
    [TestCase("Kind=Brevo|Keys:0=short", "Keys holds one that is too short")]
    [TestCase("Kind=Ses|Name=Our Topic|" + Arn, "Name is no end of an address")]
    [TestCase("Kind=Ses|Name=|" + Arn, "Name is missing")]
    [TestCase("Kind=Pigeon", "Kind is not one of Ses, SendGrid, Mailgun, Postmark, Brevo, Generic")]
    [TestCase("Kind=Ses|Tolerance=30.00:00:00|" + Arn, "Tolerance")]
    [TestCase("Kind=Ses|Secret=x|" + Arn, "Secret is no key of the configuration")]
    public void One_that_is_missing_or_none_is_said(string settings, string words)
    {
        var error = Assert.Throws<SettingException>(() => NotificationSources.Read(Of(0, settings)))!;

        Assert.That(error.Message, Does.StartWith("Returns:Notifications:0:").And.Contain(words));
    }

    [Test]
    public void Two_with_one_name_are_refused()
    {
        var both = new ConfigurationBuilder().AddConfiguration(Of(0, $"Kind=Ses|Name=bounces|{Arn}")).AddConfiguration(Of(1, $"Kind=Ses|Name=bounces|{Arn}")).Build();

        Assert.That(() => NotificationSources.Read(both), Throws.TypeOf<SettingException>().With.Message.Contains("two have the name bounces"));
    }

    [Test]
    public void Several_of_one_kind_are_right()
    {
        var both = new ConfigurationBuilder().AddConfiguration(Of(0, $"Kind=Ses|Name=bounces|{Arn}")).AddConfiguration(Of(1, $"Kind=Ses|Name=complaints|{Arn}")).Build();

        Assert.That(NotificationSources.Read(both).Select(each => each.Name), Is.EqualTo(new[] { "bounces", "complaints" }));
    }

    private static IConfigurationRoot Of(int at, string settings)
    {
        var pairs = settings.Split('|').Select(each => each.Split('=', 2)).ToDictionary(pair => $"Returns:Notifications:{at}:{pair[0]}", pair => (string?)pair[1]);
        pairs.TryAdd($"Returns:Notifications:{at}:Name", "some");
        return new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
    }
}
