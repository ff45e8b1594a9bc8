using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Mailroom;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Against a real Dovecot.</summary>
public sealed class ImapMailboxTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task What_waits_is_handed_over_once_and_filed_in_folders_that_are_made()
    {
        await using var servers = await MailServers.StartAsync();
        await SendAsync(servers, "r-1@returns.test");
        await SendAsync(servers, "r-2@returns.test");
        var mailbox = new ImapMailbox(Options(servers));
        var seen = new List<string>();

        for (var run = 0; run < 2; run++)
            await mailbox.ReceiveAsync(raw =>
            {
                seen.Add(MimeMessage.Load(new MemoryStream(raw.ToArray()), Stop).Headers["Delivered-To"] ?? "");
                return Task.FromResult<Filing?>(seen.Count == 1 ? Filing.Processed : Filing.Unmatched);
            }, Stop);

        Assert.That(seen, Is.EquivalentTo(new[] { "r-1@returns.test", "r-2@returns.test" }));
        Assert.That((Count(servers, ".Processed"), Count(servers, ".Unmatched"), Count(servers, "")), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public async Task What_another_reader_files_meanwhile_is_no_trouble_and_is_filed_once()
    {
        await using var servers = await MailServers.StartAsync();
        await SendAsync(servers, "r-1@returns.test");
        await SendAsync(servers, "r-2@returns.test");
        var another = new ImapMailbox(Options(servers)).ReceiveAsync;

        await new ImapMailbox(Options(servers)).ReceiveAsync(async _ =>
        {
            await another(_ => Task.FromResult<Filing?>(Filing.Processed), Stop);
            return Filing.Unmatched;
        }, Stop);

        Assert.That((Count(servers, ".Processed"), Count(servers, ".Unmatched"), Count(servers, "")), Is.EqualTo((2, 0, 0)));
    }

    [Test]
    public async Task A_mail_whose_taking_fails_stays()
    {
        await using var servers = await MailServers.StartAsync();
        await SendAsync(servers, "r-1@returns.test");

        await Assert.ThrowsAsync<InvalidOperationException>(() => new ImapMailbox(Options(servers)).ReceiveAsync(_ => throw new InvalidOperationException(), Stop));

        Assert.That(Count(servers, ""), Is.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_password_is_said_in_one_line_without_the_password()
    {
        await using var servers = await MailServers.StartAsync();

        var trouble = await Assert.ThrowsAsync<MailboxException>(() => new ImapMailbox(Options(servers, "wrong-one")).ReceiveAsync(_ => Task.FromResult<Filing?>(Filing.Processed), Stop));

        Assert.That(trouble!.Message, Does.Contain("refused the account").And.Contain("bounces@returns.test").And.Not.Contain("wrong-one").And.Not.Contain("\n"));
    }

    [Test]
    public async Task A_server_that_is_away_is_said_in_one_line()
    {
        var nobody = new ReturnsMailboxOptions { Kind = MailboxKind.Imap, Host = "127.0.0.1", Port = Machine.FreePort(), User = "a", Password = "b", Security = RelaySecurity.None };

        var trouble = await Assert.ThrowsAsync<MailboxException>(() => new ImapMailbox(nobody).ReceiveAsync(_ => Task.FromResult<Filing?>(Filing.Processed), Stop));

        Assert.That(trouble!.Message, Does.Contain("cannot be reached").And.Not.Contain("\n"));
    }

    private static ReturnsMailboxOptions Options(MailServers servers, string password = MailServers.Password) =>
        new() { Kind = MailboxKind.Imap, Host = "127.0.0.1", Port = servers.ImapPort, User = MailServers.Bounces, Password = password, Security = RelaySecurity.None };

    private static int Count(MailServers servers, string folder) => ((string[])["new", "cur"])
        .Select(part => Path.Combine(servers.MaildirOf(MailServers.Bounces), folder, part)).Where(Directory.Exists).Sum(path => Directory.GetFiles(path).Length);

    private static async Task SendAsync(MailServers servers, string to)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.SubmissionPort, SecureSocketOptions.None, Stop);
        var letter = new MimeMessage([MailboxAddress.Parse("ann@readers.test")], [MailboxAddress.Parse(to)], "Re: an issue", new TextPart("plain") { Text = "hello" });
        await client.SendAsync(letter, MailboxAddress.Parse("ann@readers.test"), [MailboxAddress.Parse(to)], Stop);
        await client.DisconnectAsync(quit: true, Stop);
        await servers.WaitUntilQueueIsEmptyAsync();
    }
}
