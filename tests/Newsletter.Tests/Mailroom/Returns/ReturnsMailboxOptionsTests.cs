using Microsoft.Extensions.Configuration;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Returns;

public sealed class ReturnsMailboxOptionsTests
{
    [TestCase("Kind=Lmtp")]
    [TestCase("Kind=Lmtp", "Path=lmtp.sock")]
    [TestCase("Kind=Lmtp", "Host=::1", "Port=24")]
    [TestCase("Kind=Lmtp", "Host=0.0.0.0", "FromAnywhere=true")]
    [TestCase("Kind=Pop3", "Host=pop.example", "User=a")]
    [TestCase("Kind=Imap", "Host=imap.example", "User=a", "OAuth2:ClientId=x", "OAuth2:Provider=Google", "OAuth2:RefreshToken=y")]
    public void These_are_right(params string[] settings) => Assert.That(() => Read(settings), Throws.Nothing);

    [TestCase("FromAnywhere", "Kind=Lmtp", "Host=0.0.0.0")]
    [TestCase("no address", "Kind=Lmtp", "Host=mail.example")]
    [TestCase("a POP3 mailbox needs its server", "Kind=Pop3", "User=a")]
    [TestCase("clear text", "Kind=Pop3", "Host=pop.example", "User=a", "Security=None")]
    [TestCase("OAuth2:TokenEndpoint is missing", "Kind=Imap", "Host=imap.example", "User=a", "OAuth2:ClientId=x", "OAuth2:RefreshToken=y")]
    [TestCase("OAuth2:TokenEndpoint is no https address", "Kind=Imap", "Host=imap.example", "User=a", "OAuth2:ClientId=x", "OAuth2:RefreshToken=y", "OAuth2:TokenEndpoint=http://tokens.example")]
    [TestCase("OAuth2:RefreshToken is missing", "Kind=Imap", "Host=imap.example", "User=a", "OAuth2:ClientId=x", "OAuth2:Provider=Google")]
    [TestCase("OAuth2:ClientID_", "Kind=Imap", "Host=imap.example", "User=a", "OAuth2:ClientID_=x")]
    [TestCase("Renew", "Kind=Imap", "Host=imap.example", "User=a", "Renew=00:29:00")]
    public void These_are_said_with_their_key(string words, params string[] settings) =>
        Assert.That(Assert.Throws<SettingException>(() => Read(settings))!.Message, Does.Contain(words));

    private static IReadOnlyList<ReturnsMailboxOptions> Read(string[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(each => each.Split('=', 2)).Select(each => KeyValuePair.Create($"Returns:Mailboxes:0:{each[0]}", (string?)each[1]))).Build()
        .ReadList<ReturnsMailboxOptions>("Returns:Mailboxes");
}
