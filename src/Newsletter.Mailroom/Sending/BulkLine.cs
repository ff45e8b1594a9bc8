using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using Newsletter.Sending;
using AuthenticationException = MailKit.Security.AuthenticationException;

namespace Newsletter.Mailroom;

/// <summary>One line to a relay for many letters, opened by us: socket, greeting, TLS, EHLO, AUTH with MailKit's mechanisms. It says what the relay offers.</summary>
internal sealed class BulkLine : IDisposable
{
    // The strongest first; what is said in clear text comes last, and only over TLS or to this machine (RelayOptions).
    private static readonly string[] Mechanisms = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"];

    // A mechanism asks three times at most (SCRAM); who goes on asking has no end.
    private const int MostQuestions = 8;

    private readonly RelayStream octets;
    private readonly HashSet<string> offers = new(StringComparer.OrdinalIgnoreCase);

    private BulkLine(RelayStream octets) => (this.octets, Dialogue) = (octets, new(octets, octets));

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
    public bool IsOver => Dialogue.HasUnread || octets.IsOver;

    /// <summary>Opens a line.</summary>
    /// <param name="relay">Where to.</param>
    /// <param name="reached">Told how far it has come.</param>
    /// <param name="stop">Ends the opening.</param>
    /// <exception cref="Exception">Those of <see cref="RelayTrouble"/>.</exception>
    public static async Task<BulkLine> OpenAsync(RelayOptions relay, Action<SmtpStage> reached, CancellationToken stop)
    {
        reached(SmtpStage.Connect);
        var line = new BulkLine(new(await RelayLine.ConnectAsync(relay, stop), relay.Timeout) { Stop = stop });
        try
        {
            line.Greet(relay);
            reached(SmtpStage.SignIn);
            if (relay.User.Length > 0)
                line.SignIn(relay);
            line.octets.Stop = CancellationToken.None; // between two letters one may stop, inside one not
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    /// <summary>For how long the relay was waited for so far.</summary>
    public TimeSpan Waited => octets.Waited;

    /// <summary>From now on it is waited for no longer than this lasts.</summary>
    public void Hurry(CancellationToken stop) => octets.Stop = stop;

    /// <summary>Says goodbye; the relay gets a moment for its own and no more.</summary>
    public void Quit()
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        octets.Stop = moment.Token;
        try
        {
            Dialogue.Ask("QUIT");
        }
        catch (Exception e) when (RelayTrouble.IsOfTheLine(e))
        {
            // It is closed either way.
        }
    }

    public void Dispose() => Dialogue.Dispose();

    private void Greet(RelayOptions relay)
    {
        if (relay.Security is RelaySecurity.Tls)
            Encrypt(relay);
        Demand(Dialogue.Read());
        Hello();
        if (relay.Security is not RelaySecurity.StartTls)
            return;

        // StartTls, never "when available": an offer that someone takes out of the dialogue must not end in clear text.
        if (!offers.Contains("STARTTLS"))
            throw new NotSupportedException("no STARTTLS");
        Demand(Dialogue.Ask("STARTTLS"));
        if (Dialogue.HasUnread)
            throw new IOException("the relay spoke in clear text behind its consent to STARTTLS"); // CVE-2011-0411: it would count as encrypted
        Encrypt(relay);
        Hello();
    }

    private void Hello()
    {
        var reply = Dialogue.Ask($"EHLO {Dns.GetHostName()}");
        offers.Clear();
        MostOctets = null;
        if (reply.Code is >= 500 and < 600) // RFC 5321 §4.1.4: a server without extensions
            reply = Dialogue.Ask($"HELO {Dns.GetHostName()}");
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

    private void Encrypt(RelayOptions relay)
    {
        X509Certificate2? shown = null;
        var pin = relay.CertificateFingerprint.Replace(":", "", StringComparison.Ordinal);
        var secure = new SslStream(octets, leaveInnerStreamOpen: false, (_, certificate, _, errors) =>
        {
            shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()); // the one given is gone with the handshake
            return pin.Length > 0 ? certificate?.GetCertHashString(HashAlgorithmName.SHA256).Equals(pin, StringComparison.OrdinalIgnoreCase) is true : errors is SslPolicyErrors.None;
        });
        try
        {
            secure.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = relay.Host,
                // Asking the authority about each connection would stop the sending whenever the authority is away.
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            });
        }
        catch (System.Security.Authentication.AuthenticationException e)
        {
            throw new TlsRefusedException(shown, e);
        }
        Dialogue = new(secure, octets);
        octets.Gathers = true;
    }

    private void SignIn(RelayOptions relay)
    {
        var name = Array.Find(Mechanisms, name => offers.Contains($"AUTH {name}")) ?? throw new NotSupportedException("no sign-in");
        var mechanism = SaslMechanism.Create(name, new NetworkCredential(relay.User, relay.Password))!;
        var first = mechanism.SupportsInitialResponse ? $" {(mechanism.Challenge(null) is { Length: > 0 } initial ? initial : "=")}" : "";
        var reply = Dialogue.Ask($"AUTH {mechanism.MechanismName}{first}");
        for (var question = 1; reply.Code == 334; question++)
        {
            if (question > MostQuestions)
                throw new IOException("the relay asks without an end at the sign-in");
            reply = Dialogue.Ask(Answer(mechanism, reply.Words));
        }
        if (!reply.IsPositive)
            throw new AuthenticationException(reply.Words, Refusal(reply));
    }

    private static string Answer(SaslMechanism mechanism, string question)
    {
        try
        {
            return mechanism.Challenge(question) ?? "";
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
