using System.Net.Sockets;
using System.Security.Cryptography;
using MailKit.Security;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Opens one line to a relay: socket, TLS, EHLO, AUTH.</summary>
internal sealed class RelayLine(RelayOptions relay)
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GreetingTime = TimeSpan.FromMinutes(5); // RFC 5321 §4.5.3.2.1

    /// <summary>How far it has come.</summary>
    public SmtpStage Stage { get; private set; } = SmtpStage.Connect;

    /// <summary>What lies below the client; null before it is connected.</summary>
    public RelayStream? Octets { get; private set; }

    /// <summary>A client that is connected and signed in. Throws what MailKit throws; nothing is left open then.</summary>
    public async Task<LetterClient> OpenAsync(CancellationToken stop)
    {
        // Asking the authority about each connection would stop the sending whenever the authority is away.
        var client = new LetterClient { CheckCertificateRevocation = false };
        if (relay.CertificateFingerprint.Length > 0)
            client.ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString(HashAlgorithmName.SHA256)
                .Equals(relay.CertificateFingerprint.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase) is true;
        try
        {
            using var patience = Patience(relay, stop);
            // The time after the dot counts for every answer: less makes second copies.
            Octets = new(await ConnectAsync(relay, patience.Token), relay.Timeout);
            await client.ConnectAsync(Octets, relay.Host, relay.ActualPort, Security, patience.Token);
            Stage = SmtpStage.SignIn;
            if (relay.User.Length > 0)
                await client.AuthenticateAsync(relay.User, relay.Password, patience.Token);
            return client;
        }
        catch
        {
            client.Dispose();
            Octets?.Dispose();
            throw;
        }
    }

    /// <summary>For as long as the whole opening may take.</summary>
    public static CancellationTokenSource Patience(RelayOptions relay, CancellationToken stop)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(relay.Timeout < GreetingTime ? relay.Timeout : GreetingTime);
        return patience;
    }

    /// <summary>StartTls, never StartTlsWhenAvailable: an offer that someone takes out of the dialogue must not end in clear text.</summary>
    private SecureSocketOptions Security => relay.Security switch
    {
        RelaySecurity.Tls => SecureSocketOptions.SslOnConnect,
        RelaySecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };

    /// <summary>A socket of ours, for NoDelay: with MailKit's own, Nagle's algorithm and delayed acknowledgement cost 40 ms a letter.</summary>
    public static async Task<Socket> ConnectAsync(RelayOptions relay, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(ConnectTime);
            await socket.ConnectAsync(relay.Host, relay.ActualPort, patience.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
