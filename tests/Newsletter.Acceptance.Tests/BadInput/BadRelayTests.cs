using System.Net;
using System.Net.Sockets;

namespace Newsletter.Acceptance.Tests.BadInput;

/// <summary>Relays that take no letters: what, where and the remedy in one line, exit code 3, and no edition begun: the same command sends once it is mended.</summary>
public sealed class BadRelayTests : IDisposable
{
    private readonly APublication publication = new();

    [Test]
    public async Task A_host_that_nobody_knows_is_said()
    {
        var run = await SendAsync(25, "Relays:0:Host=relay.invalid", "Relays:0:Security=None");

        SaysAndBeganNothing(run, "relay relay.invalid:25 is not found", "check Host in Relays");
    }

    [Test]
    public async Task A_port_that_refuses_is_said()
    {
        var port = Machine.FreePort();

        var run = await SendAsync(port, "Relays:0:Security=None");

        SaysAndBeganNothing(run, $"relay 127.0.0.1:{port} refuses the connection", "check Host and Port in Relays");
    }

    [Test]
    public async Task A_wrong_password_is_said_and_never_shown_and_the_right_one_sends()
    {
        await using var server = new LoopbackSmtp { Credentials = ("me", "right") };

        var run = await SendAsync(server.Port, "Relays:0:Security=None", "Relays:0:User=me", "Relays:0:Password=sesame");

        SaysAndBeganNothing(run, "wrong user or password", $"127.0.0.1:{server.Port}", "check User and Password in Relays");
        Assert.That(run.Errors, Does.Not.Contain("sesame"));
        var again = await SendAsync(server.Port, "Relays:0:Security=None", "Relays:0:User=me", "Relays:0:Password=right");
        Assert.That((again.Code, server.Letters.Count), Is.EqualTo((0, 3)), again.Errors);
    }

    [Test]
    public async Task A_relay_without_starttls_gets_nothing_in_clear_text()
    {
        await using var server = new LoopbackSmtp();

        var run = await SendAsync(server.Port, "Relays:0:Host=localhost");

        SaysAndBeganNothing(run, $"relay localhost:{server.Port} does not offer STARTTLS", "set Security in Relays");
        Assert.That(server.Commands.Where(command => command.Contains("MAIL", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase(LoopbackTls.Offered, "StartTls")]
    [TestCase(LoopbackTls.FromTheStart, "Tls")]
    public async Task A_certificate_that_nobody_signed_is_said_with_its_fingerprint_and_taken_once_it_is_set(LoopbackTls tls, string security)
    {
        await using var server = new LoopbackSmtp { Tls = tls };
        var fingerprint = server.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);

        var run = await SendAsync(server.Port, "Relays:0:Host=localhost", $"Relays:0:Security={security}");

        SaysAndBeganNothing(run, "certificate that is not valid for localhost", $"set CertificateFingerprint to {fingerprint}");
        var again = await SendAsync(server.Port, "Relays:0:Host=localhost", $"Relays:0:Security={security}", $"Relays:0:CertificateFingerprint={fingerprint}");
        Assert.That((again.Code, server.Letters.Count), Is.EqualTo((0, 3)), again.Errors);
    }

    [TestCase("Tls", "check Port and Security in Relays")]
    [TestCase("StartTls", "set Security in Relays")]
    public async Task A_port_that_speaks_no_tls_is_said(string security, string remedy)
    {
        await using var server = new LoopbackSmtp();

        var run = await SendAsync(server.Port, "Relays:0:Host=localhost", $"Relays:0:Security={security}");

        SaysAndBeganNothing(run, $"localhost:{server.Port}", remedy);
    }

    [TestCase("", "the line to relay")]
    [TestCase("554 5.7.1 your network is not welcome", "your network is not welcome")]
    [TestCase("421 4.3.2 too busy", "too busy")]
    public async Task A_relay_that_hangs_up_at_the_greeting_is_said(string greeting, string words)
    {
        await using var server = new LoopbackSmtp
        {
            Script = moment => moment.Stage is not LoopbackStage.Greeting ? null : greeting.Length == 0 ? new LoopbackAnswer.HangUp() : new LoopbackAnswer.ReplyAndHangUp(greeting),
        };

        var run = await SendAsync(server.Port, "Relays:0:Security=None");

        SaysAndBeganNothing(run, words, $"127.0.0.1:{server.Port}");
    }

    [Test]
    public async Task What_is_no_mail_server_is_said()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var answering = AnswerAsync(listener);

        var run = await SendAsync(port, "Relays:0:Security=None");

        listener.Stop();
        await answering;
        SaysAndBeganNothing(run, $"127.0.0.1:{port}", "check Port and Security in Relays");
    }

    [Test]
    public async Task A_relay_that_refuses_us_in_the_middle_pauses_the_edition_and_resumed_it_ends_with_one_letter_each()
    {
        await using var server = new LoopbackSmtp();
        server.Script = moment => moment is { Stage: LoopbackStage.Sender, Kept: >= 2 } ? new LoopbackAnswer.Reply("550 5.7.1 sender blocked") : null;

        var run = await SendAsync(server.Port, "Relays:0:Security=None", "Relays:0:Connections=1");
        server.Script = _ => null;
        var paused = await SendAsync(server.Port, "Relays:0:Security=None");
        var resume = await publication.Newsletter.RunAsync("resume", "1");
        var again = await SendAsync(server.Port, "Relays:0:Security=None");

        Assert.That((run.Code, paused.Code, resume.Code, again.Code), Is.EqualTo((3, 1, 0, 0)), run.Errors + again.Errors);
        Assert.That(run.ErrorLines.Single(line => line.StartsWith("newsletter:", StringComparison.Ordinal)), Does.Contain("sender blocked").And.Contain("newsletter resume 1"));
        Assert.That(again.Errors, Does.Not.Contain("of 4"), "the count on the way adds up too");
        Assert.That(paused.ErrorLines.Single(), Does.Contain("newsletter resume 1"));
        Assert.That(server.Letters.SelectMany(letter => letter.To), Is.EquivalentTo(new[] { "reader1@example.com", "reader2@example.com", "reader3@example.com" }));
    }

    public void Dispose() => publication.Dispose();

    private async Task<Ran> SendAsync(int port, params string[] settings)
    {
        if (!File.Exists(publication.Database))
            await publication.AddReadersAsync(3);
        return await publication.Newsletter.RunAsync(["send", "5", "--now", .. new[] { "Relays:0:Host=127.0.0.1", $"Relays:0:Port={port}" }.Concat(settings).SelectMany(setting => new[] { "--set", setting })]);
    }

    private void SaysAndBeganNothing(Ran run, params string[] words)
    {
        APublication.Says(run, 3, [.. words, "nothing was sent"]);
        Assert.That((publication.Count("editions"), publication.Count("deliveries"), Directory.Exists(publication.File("outbox"))), Is.EqualTo((0, 0, false)));
    }

    private static async Task AnswerAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
