using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Newsletter.Tests.Shared;

public sealed class LoopbackSmtpTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task A_letter_arrives_as_it_was_sent()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };

        await SendAsync(server, Letter("one@readers.test", ".a dot first\r\n..and two"));

        var received = server.Letters.Single();
        var message = await MimeMessage.LoadAsync(new MemoryStream(received.Bytes.ToArray()), Stop);
        Assert.That((received.From, received.To.Single(), received.MessageId, received.Size),
            Is.EqualTo(("r-1@returns.test", "one@readers.test", "one@readers.test", received.Bytes.Length)));
        Assert.That(message.TextBody?.TrimEnd(), Is.EqualTo(".a dot first\n..and two"));
    }

    [Test]
    public async Task It_keeps_five_thousand_letters_from_eight_connections()
    {
        await using var server = new LoopbackSmtp();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(connection => SendAsync(server,
            [.. Enumerable.Range(0, 625).Select(i => Letter($"{connection}-{i}@readers.test", "hello"))])));

        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(5000));
        Assert.That((server.Kept, server.Connections), Is.EqualTo((5000, 8)));
    }

    [TestCase(LoopbackStage.Sender, "451 4.3.0 later", SmtpStatusCode.ErrorInProcessing)]
    [TestCase(LoopbackStage.Recipient, "450 4.2.1 busy", SmtpStatusCode.MailboxBusy)]
    [TestCase(LoopbackStage.Recipient, "550 5.1.1 no such user", SmtpStatusCode.MailboxUnavailable)]
    [TestCase(LoopbackStage.Data, "451 4.3.0 later", SmtpStatusCode.ErrorInProcessing)]
    [TestCase(LoopbackStage.Letter, "554 5.7.1 no", SmtpStatusCode.TransactionFailed)]
    public async Task A_script_may_refuse_one_of_many_at_any_stage(LoopbackStage stage, string reply, SmtpStatusCode expected)
    {
        await using var server = new LoopbackSmtp { Script = at => at.Stage == stage && at.Transaction == 2 ? new LoopbackAnswer.Reply(reply) : null };
        using var client = await ConnectAsync(server);
        await SendAsync(client, Letter("first@readers.test"));

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => SendAsync(client, Letter("second@readers.test")));
        await SendAsync(client, Letter("third@readers.test"));

        Assert.That(refusal?.StatusCode, Is.EqualTo(expected));
        Assert.That(server.Letters.Select(letter => letter.To[0]), Is.EqualTo(["first@readers.test", "third@readers.test"]));
    }

    [TestCase(true, 1)]
    [TestCase(false, 0)]
    public async Task It_may_hang_up_after_the_dot_with_or_without_the_letter(bool keeps, int kept)
    {
        LoopbackAnswer answer = keeps ? new LoopbackAnswer.KeepAndHangUp() : new LoopbackAnswer.HangUp();
        await using var server = new LoopbackSmtp { Script = at => at.Stage is LoopbackStage.Letter ? answer : null };

        var fault = await Assert.CatchAsync(() => SendAsync(server, Letter("one@readers.test")));

        Assert.That(fault, Is.InstanceOf<SmtpProtocolException>().Or.InstanceOf<IOException>());
        Assert.That(server.Kept, Is.EqualTo(kept));
    }

    [Test]
    public async Task With_421_it_hangs_up()
    {
        await using var server = new LoopbackSmtp { Script = at => at.Kept == 1 ? new LoopbackAnswer.ReplyAndHangUp("421 4.7.0 too much") : null };
        using var client = await ConnectAsync(server);
        await SendAsync(client, Letter("first@readers.test"));

        await Assert.CatchAsync(() => SendAsync(client, Letter("second@readers.test")));

        Assert.That(client.IsConnected, Is.False);
    }

    [Test]
    public async Task A_stalled_client_waits_until_it_gives_up()
    {
        await using var server = new LoopbackSmtp { Script = at => at.Stage is LoopbackStage.Letter ? new LoopbackAnswer.Stall() : null };
        using var client = await ConnectAsync(server);
        client.Timeout = 100;

        var fault = await Assert.CatchAsync(() => SendAsync(client, Letter("one@readers.test")));

        Assert.That(fault, Is.InstanceOf<TimeoutException>().Or.InstanceOf<IOException>());
        Assert.That(server.Kept, Is.Zero);
    }

    [TestCase("PLAIN", "right", true)]
    [TestCase("LOGIN", "right", true)]
    [TestCase("PLAIN", "wrong", false)]
    public async Task With_credentials_only_who_knows_them_may_send(string mechanism, string password, bool welcome)
    {
        await using var server = new LoopbackSmtp { Credentials = ("editor", "right") };
        using var client = await ConnectAsync(server);
        client.AuthenticationMechanisms.RemoveWhere(offered => offered != mechanism);

        var stranger = await Assert.CatchAsync(() => SendAsync(client, Letter("one@readers.test")));
        var fault = await FaultOfAsync(() => client.AuthenticateAsync("editor", password, Stop));

        Assert.That(stranger, Is.InstanceOf<ServiceNotAuthenticatedException>());
        Assert.That(fault is null, Is.EqualTo(welcome));
    }

    [TestCase(LoopbackTls.Offered, SecureSocketOptions.StartTls)]
    [TestCase(LoopbackTls.FromTheStart, SecureSocketOptions.SslOnConnect)]
    public async Task A_conversation_may_be_encrypted(LoopbackTls tls, SecureSocketOptions options)
    {
        await using var server = new LoopbackSmtp { Tls = tls };
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        client.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            errors is SslPolicyErrors.RemoteCertificateChainErrors && certificate!.GetCertHashString() == server.Certificate.GetCertHashString();
        await client.ConnectAsync("127.0.0.1", server.Port, options, Stop);

        await SendAsync(client, Letter("one@readers.test"));

        Assert.That((client.IsSecure, server.Kept), Is.EqualTo((true, 1)));
    }

    [TestCase("MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nSubject: x\n\nhello\r\n.\r\n", "550 5.6.0")]
    [TestCase("MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nSubject: é\r\n\r\nhello\r\n.\r\n", "550 5.6.1")]
    [TestCase("MAIL FROM:<a@b.test> BODY=8BITMIME\r\nRCPT TO:<c@d.test>\r\nDATA\r\nSubject: é\r\n\r\nhello\r\n.\r\n", "250 2.0.0")]
    [TestCase("RCPT TO:<c@d.test>\r\n", "503 5.5.1")]
    [TestCase("MAIL FROM:<a@b.test>\r\nDATA\r\n", "554 5.5.1")]
    [TestCase("MAIL FROM:a@b.test\r\n", "501 5.5.4")]
    [TestCase("NONSENSE\r\n", "500 5.5.1")]
    public async Task It_is_strict(string said, string lastReply)
    {
        await using var server = new LoopbackSmtp();

        var replies = await TalkAsync(server, $"EHLO tests\r\n{said}QUIT\r\n");

        Assert.That(replies[^2], Does.StartWith(lastReply));
    }

    [Test]
    public async Task A_line_of_more_than_998_octets_is_refused()
    {
        await using var server = new LoopbackSmtp();

        var replies = await TalkAsync(server, $"HELO tests\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n{new string('x', 999)}\r\n.\r\nQUIT\r\n");

        Assert.That(replies[^2], Does.StartWith("500 5.6.0"));
    }

    private static MimeMessage Letter(string to, string text = "hello") => new(
        [MailboxAddress.Parse("news@weekly.test")], [MailboxAddress.Parse(to)], "An issue", new TextPart("plain") { Text = text }) { MessageId = to };

    private static async Task<SmtpClient> ConnectAsync(LoopbackSmtp server)
    {
        // A socket of our own with NoDelay: MailKit's own waits 40 ms a letter for Nagle.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", server.Port);
        var client = new SmtpClient();
        await client.ConnectAsync(socket, "127.0.0.1", server.Port, SecureSocketOptions.None, Stop);
        return client;
    }

    private static async Task SendAsync(LoopbackSmtp server, params MimeMessage[] letters)
    {
        using var client = await ConnectAsync(server);
        foreach (var letter in letters)
            await SendAsync(client, letter);
        await client.DisconnectAsync(quit: true, Stop);
    }

    private static Task<string> SendAsync(SmtpClient client, MimeMessage letter) =>
        client.SendAsync(letter, MailboxAddress.Parse("r-1@returns.test"), letter.To.Mailboxes, Stop);

    private static async Task<Exception?> FaultOfAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (AuthenticationException e)
        {
            return e;
        }
    }

    private static async Task<string[]> TalkAsync(LoopbackSmtp server, string said)
    {
        using var client = new TcpClient("127.0.0.1", server.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(said));
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
