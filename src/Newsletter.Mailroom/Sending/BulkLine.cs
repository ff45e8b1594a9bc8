using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using Newsletter.Sending;
using AuthenticationException = MailKit.Security.AuthenticationException;

namespace Newsletter.Mailroom;

/// <summary>One line to a relay for many letters, opened by us: socket, greeting, TLS, EHLO, AUTH with MailKit's mechanisms. It says what the relay offers.</summary>
internal sealed class BulkLine : IAsyncDisposable
{
    // The strongest first; what is said in clear text comes last, and only over TLS or to this machine (RelayOptions).
    private static readonly string[] Mechanisms = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"];

    // A mechanism asks three times at most (SCRAM); who goes on asking has no end.
    private const int MostQuestions = 8;

    private readonly Socket socket;
    private readonly HashSet<string> offers = new(StringComparer.OrdinalIgnoreCase);

    private BulkLine(Socket socket, SmtpDialogue dialogue) => (this.socket, Dialogue) = (socket, dialogue);

    public SmtpDialogue Dialogue { get; private set; }

    /// <summary>RFC 2920: commands may follow one another without waiting.</summary>
    public bool Pipelines => offers.Contains("PIPELINING");

    /// <summary>RFC 3030: a letter goes with its length instead of a final dot.</summary>
    public bool TakesChunks => offers.Contains("CHUNKING");

    /// <summary>RFC 3461: delivery status notifications can be asked for.</summary>
    public bool TellsOfDelivery => offers.Contains("DSN");

    /// <summary>RFC 1870.</summary>
    public bool TakesSize => offers.Contains("SIZE");

    /// <summary>The most octets of a letter (RFC 1870 §4); 0 or null: none is announced.</summary>
    public long? MostOctets { get; private set; }

    /// <summary>RFC 6531: addresses beyond ASCII.</summary>
    public bool TakesUtf8 => offers.Contains("SMTPUTF8");

    /// <summary>Whether the relay has closed the line, or spoken unasked (421) to do so.</summary>
    public bool IsOver => Dialogue.HasUnread || socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Opens a line.</summary>
    /// <param name="relay">Where to.</param>
    /// <param name="reached">Told how far it has come.</param>
    /// <param name="stop">Ends the opening.</param>
    /// <exception cref="Exception">Those of <see cref="RelayTrouble"/>.</exception>
    public static async Task<BulkLine> OpenAsync(RelayOptions relay, Action<SmtpStage> reached, CancellationToken stop)
    {
        reached(SmtpStage.Connect);
        var socket = await RelayLine.ConnectAsync(relay, stop);
        var line = new BulkLine(socket, new(new NetworkStream(socket, ownsSocket: true), relay.Timeout));
        try
        {
            await line.GreetAsync(relay, stop);
            reached(SmtpStage.SignIn);
            if (relay.User.Length > 0)
                await line.SignInAsync(relay, stop);
            return line;
        }
        catch
        {
            await line.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says goodbye; the relay gets a moment for its own and no more.</summary>
    public async Task QuitAsync()
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await Dialogue.AskAsync("QUIT", moment.Token);
        }
        catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
        {
            // It is closed either way.
        }
    }

    public ValueTask DisposeAsync() => Dialogue.DisposeAsync();

    private async Task GreetAsync(RelayOptions relay, CancellationToken stop)
    {
        if (relay.Security is RelaySecurity.Tls)
            await EncryptAsync(relay, stop);
        Demand(await Dialogue.ReadAsync(stop));
        await HelloAsync(stop);
        if (relay.Security is not RelaySecurity.StartTls)
            return;

        // StartTls, never "when available": an offer that someone takes out of the dialogue must not end in clear text.
        if (!offers.Contains("STARTTLS"))
            throw new NotSupportedException("no STARTTLS");
        Demand(await Dialogue.AskAsync("STARTTLS", stop));
        if (Dialogue.HasUnread)
            throw new IOException("the relay spoke in clear text behind its consent to STARTTLS"); // CVE-2011-0411: it would count as encrypted
        await EncryptAsync(relay, stop);
        await HelloAsync(stop);
    }

    private async Task HelloAsync(CancellationToken stop)
    {
        var reply = await Dialogue.AskAsync($"EHLO {Dns.GetHostName()}", stop);
        offers.Clear();
        MostOctets = null;
        if (reply.Code is >= 500 and < 600) // RFC 5321 §4.1.4: a server without extensions
            reply = await Dialogue.AskAsync($"HELO {Dns.GetHostName()}", stop);
        Demand(reply);
        foreach (var offer in reply.Words.Split('\n').Skip(1))
        {
            var words = offer.Trim().Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            offers.Add(words[0]);
            if (words[0].Equals("SIZE", StringComparison.OrdinalIgnoreCase) && words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var most))
                MostOctets = most;
            if (words[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase))
                offers.UnionWith(words.Skip(1).Select(word => $"AUTH {word}"));
        }
    }

    private async Task EncryptAsync(RelayOptions relay, CancellationToken stop)
    {
        X509Certificate2? shown = null;
        var pin = relay.CertificateFingerprint.Replace(":", "", StringComparison.Ordinal);
        var secure = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, certificate, _, errors) =>
        {
            shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()); // the one given is gone with the handshake
            return pin.Length > 0 ? certificate?.GetCertHashString(HashAlgorithmName.SHA256).Equals(pin, StringComparison.OrdinalIgnoreCase) is true : errors is SslPolicyErrors.None;
        });
        try
        {
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = relay.Host,
                // Asking the authority about each connection would stop the sending whenever the authority is away.
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            }, stop);
        }
        catch (System.Security.Authentication.AuthenticationException e)
        {
            throw new TlsRefusedException(shown, e);
        }
        Dialogue = new(secure, relay.Timeout);
    }

    private async Task SignInAsync(RelayOptions relay, CancellationToken stop)
    {
        var name = Array.Find(Mechanisms, name => offers.Contains($"AUTH {name}")) ?? throw new NotSupportedException("no sign-in");
        var mechanism = SaslMechanism.Create(name, new NetworkCredential(relay.User, relay.Password))!;
        var first = mechanism.SupportsInitialResponse ? $" {(await mechanism.ChallengeAsync(null, stop) is { Length: > 0 } initial ? initial : "=")}" : "";
        var reply = await Dialogue.AskAsync($"AUTH {mechanism.MechanismName}{first}", stop);
        for (var question = 1; reply.Code == 334; question++)
        {
            if (question > MostQuestions)
                throw new IOException("the relay asks without an end at the sign-in");
            reply = await Dialogue.AskAsync(await AnswerAsync(mechanism, reply.Words, stop), stop);
        }
        if (!reply.IsPositive)
            throw new AuthenticationException(reply.Words, Refusal(reply));
    }

    private static async Task<string> AnswerAsync(SaslMechanism mechanism, string question, CancellationToken stop)
    {
        try
        {
            return await mechanism.ChallengeAsync(question, stop) ?? "";
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new IOException($"the relay's question at the sign-in makes no sense: {e.Message}", e);
        }
    }

    private static void Demand(SmtpReply reply)
    {
        if (!reply.IsPositive)
            throw Refusal(reply);
    }

    private static SmtpCommandException Refusal(SmtpReply reply) => new(SmtpErrorCode.UnexpectedStatusCode, (SmtpStatusCode)reply.Code, reply.Words);
}

/// <summary>TLS did not come to be.</summary>
/// <param name="certificate">What the relay showed; null where it never came to that.</param>
/// <param name="inner">Why.</param>
internal sealed class TlsRefusedException(X509Certificate2? certificate, Exception inner) : Exception(inner.Message, inner)
{
    public X509Certificate2? Certificate => certificate;
}
