using System.Net;
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
            Octets = new(await ConnectAsync(relay, patience.Token), relay.Timeout) { Stop = patience.Token };
            client.Connect(Octets, relay.Host, relay.ActualPort, Security, patience.Token);
            Stage = SmtpStage.SignIn;
            if (relay.User.Length > 0) // its blocking twin answers questions without an end
                await client.AuthenticateAsync(relay.User, relay.Password, patience.Token);
            Octets.Stop = CancellationToken.None; // between two letters one may stop, inside one not
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
    /// <remarks>Its waits are its own: a socket that has once waited in .NET's way wakes .NET's thread for sockets at every answer, for nobody.</remarks>
    public static async Task<Socket> ConnectAsync(RelayOptions relay, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(ConnectTime);
        var addresses = IPAddress.TryParse(relay.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(relay.Host, patience.Token);
        var failed = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
            try
            {
                Connect(socket, new(address, relay.ActualPort), patience.Token);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                failed = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw failed;
    }

    private static void Connect(Socket socket, IPEndPoint to, CancellationToken stop)
    {
        try
        {
            socket.Connect(to);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            while (!socket.Poll(RelayStream.Glance, SelectMode.SelectWrite))
                stop.ThrowIfCancellationRequested();
            if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0)
                throw new SocketException(error);
        }
    }
}
