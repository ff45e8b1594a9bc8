using System.ComponentModel.DataAnnotations;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

public sealed class RelayOptionsTests
{
    [TestCase(RelaySecurity.StartTls, 587)]
    [TestCase(RelaySecurity.Tls, 465)]
    [TestCase(RelaySecurity.None, 25)]
    public void The_port_follows_the_security_unless_it_is_given(RelaySecurity security, int port)
    {
        Assert.That(new RelayOptions { Host = "mail.example.org", Security = security }.ActualPort, Is.EqualTo(port));
        Assert.That(new RelayOptions { Host = "mail.example.org", Security = security, Port = 2525 }.ActualPort, Is.EqualTo(2525));
    }

    [TestCase("mail.example.org", RelaySecurity.None, false)]
    [TestCase("mail.example.org", RelaySecurity.StartTls, true)]
    [TestCase("127.0.0.1", RelaySecurity.None, true)]
    public void A_password_goes_in_clear_text_to_this_machine_only(string host, RelaySecurity security, bool allowed)
    {
        var options = new RelayOptions { Host = host, Security = security, User = "news", Password = "secret" };

        Assert.That(Validator.TryValidateObject(options, new(options), null, validateAllProperties: true), Is.EqualTo(allowed));
    }

    [Test]
    public void The_defaults_are_valid_and_keep_the_ten_minutes_after_the_dot()
    {
        var options = new RelayOptions { Host = "mail.example.org" };

        Assert.That(Validator.TryValidateObject(options, new(options), null, validateAllProperties: true), Is.True);
        Assert.That(options.Timeout, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }
}
