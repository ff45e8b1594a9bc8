using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Newsletter.Acceptance.Tests.Servers;

public sealed class MailServersTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task A_letter_to_a_reader_arrives_and_one_to_nobody_comes_back_to_the_address_that_names_it()
    {
        await using var servers = await MailServers.StartAsync();
        servers.AddUser("ann@readers.test");

        await SendAsync(servers, "r-1-ann@returns.test", "ann@readers.test");
        await SendAsync(servers, "r-2-bob@returns.test", "bob@readers.test");
        await servers.WaitUntilQueueIsEmptyAsync();

        var bounce = Read(servers.MailboxOf(MailServers.Bounces).Single());
        var status = ((MultipartReport)bounce.Body!).OfType<MessageDeliveryStatus>().Single().StatusGroups[1];
        Assert.That(Read(servers.MailboxOf("ann@readers.test").Single()).Headers["Delivered-To"], Is.EqualTo("ann@readers.test"));
        Assert.That(servers.MailboxOf("bob@readers.test"), Is.Empty);
        Assert.That(bounce.Headers["Delivered-To"], Is.EqualTo("r-2-bob@returns.test"));
        Assert.That((status["Action"], status["Status"], status["Final-Recipient"]), Is.EqualTo(("failed", "5.1.1", "rfc822; bob@readers.test")));
    }

    [Test]
    public async Task What_comes_back_can_be_read_by_imap()
    {
        await using var servers = await MailServers.StartAsync();
        await SendAsync(servers, "ann@readers.test", "u-7@returns.test");
        await servers.WaitUntilQueueIsEmptyAsync();
        using var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", servers.ImapPort, SecureSocketOptions.None, Stop);

        await client.AuthenticateAsync(MailServers.Bounces, MailServers.Password, Stop);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Stop);
        var mail = await client.Inbox.GetMessageAsync(0, Stop);

        Assert.That(client.Inbox.Count, Is.EqualTo(1));
        Assert.That(mail.Headers["Delivered-To"], Is.EqualTo("u-7@returns.test"));
    }

    [Test]
    public async Task A_domain_outside_this_world_is_refused_at_once()
    {
        await using var servers = await MailServers.StartAsync();

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => SendAsync(servers, "r-3@returns.test", "carl@elsewhere.test"));

        Assert.That((refusal?.ErrorCode, refusal?.StatusCode), Is.EqualTo((SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.MailboxUnavailable)));
    }

    [Test]
    public async Task Nothing_is_left_behind()
    {
        var servers = await MailServers.StartAsync();
        var folder = Path.GetFullPath(Path.Combine(servers.MaildirOf("x"), "../../.."));
        var there = Directory.Exists(folder);

        await servers.DisposeAsync();

        Assert.That((there, Directory.Exists(folder)), Is.EqualTo((true, false)));
        var refused = await Assert.CatchAsync(() => SendAsync(servers, "a@returns.test", "b@readers.test"));
        Assert.That(refused, Is.InstanceOf<System.Net.Sockets.SocketException>());
    }

    private static MimeMessage Read(byte[] mail) => MimeMessage.Load(new MemoryStream(mail), Stop);

    private static async Task SendAsync(MailServers servers, string from, string to)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.SubmissionPort, SecureSocketOptions.None, Stop);
        var letter = new MimeMessage([MailboxAddress.Parse("news@weekly.test")], [MailboxAddress.Parse(to)], "An issue", new TextPart("plain") { Text = "hello" });
        await client.SendAsync(letter, MailboxAddress.Parse(from), [MailboxAddress.Parse(to)], Stop);
        await client.DisconnectAsync(quit: true, Stop);
    }
}
