using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>What went wrong on a line to a relay, as an outcome: what, where and the remedy. No secret stands in it.</summary>
internal static class RelayTrouble
{
    /// <summary>Whether it is the world's fault and not ours: what the far end, the network or the certificate can do.</summary>
    public static bool IsOfTheLine(Exception e) => e is SocketException or IOException or TimeoutException or OperationCanceledException or ProtocolException
        or SmtpCommandException or SslHandshakeException or TlsRefusedException or AuthenticationException or ServiceNotConnectedException or ServiceNotAuthenticatedException;

    /// <summary>While opening: finding, connecting, greeting, TLS, EHLO, AUTH.</summary>
    public static SmtpOutcome WhileOpening(Exception e, SmtpStage stage, RelayOptions relay)
    {
        var at = $"relay {relay.Host}:{relay.ActualPort}";
        return e switch
        {
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                Unreachable($"{at} is not found: {e.Message}", "check Host in Relays, and this machine's DNS"),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                Unreachable($"{at} refuses the connection", "check Host and Port in Relays, and that the relay runs"),
            SocketException => Unreachable($"{at} cannot be reached: {e.Message}", "check Host and Port in Relays, and the network"),
            OperationCanceledException or TimeoutException => Unreachable($"{at} does not answer", "check Host, Port and Security in Relays, and a firewall between"),
            SslHandshakeException { ServerCertificate: null } or TlsRefusedException { Certificate: null } when IsBroken(e) =>
                Unreachable($"the line to {at} broke while TLS was agreed on", "if it stays so: check Port and Security in Relays"),
            SslHandshakeException tls => OfTls(tls.ServerCertificate as X509Certificate2, tls, at, relay),
            TlsRefusedException tls => OfTls(tls.Certificate, tls, at, relay),
            NotSupportedException when stage is SmtpStage.SignIn => Ours($"{at} offers no sign-in that we know", "leave User in Relays empty, or use the port for submission (587 or 465)"),
            NotSupportedException => Ours($"{at} does not offer STARTTLS", "set Security in Relays to Tls (port 465), or to None for a relay on this machine"),
            AuthenticationException { InnerException: SmtpCommandException reply } => SignInReply((int)reply.StatusCode, reply.Message),
            AuthenticationException => SignInReply(535, e.Message),
            SmtpCommandException reply => SmtpReplies.Read(stage, (int)reply.StatusCode, reply.Message) with { Remedy = $"{at} said so before any letter: see what its operator asks of senders" },
            _ => Unreachable($"the line to {at} broke: {e.Message}", "check Port and Security in Relays: Tls speaks TLS at once, StartTls begins in clear text"),
        };
    }

    /// <summary>While sending: the stage says whether the letter has been given.</summary>
    public static SmtpOutcome WhileSending(Exception e, SmtpStage stage) => e switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } reply => SmtpReplies.Read(SmtpStage.Sender, (int)reply.StatusCode, reply.Message),
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } reply => SmtpReplies.Read(SmtpStage.Recipient, (int)reply.StatusCode, reply.Message),
        SmtpCommandException { ErrorCode: SmtpErrorCode.MessageNotAccepted } reply => SmtpReplies.Read(SmtpStage.AfterDot, (int)reply.StatusCode, reply.Message),
        SmtpCommandException reply => SmtpReplies.Read(stage, (int)reply.StatusCode, reply.Message),
        ServiceNotAuthenticatedException => SmtpReplies.Read(SmtpStage.Sender, 530, e.Message) with { Remedy = "set User and Password in Relays" },
        TimeoutException or OperationCanceledException => SmtpReplies.Lost(stage, "no answer within the Timeout in Relays"),
        _ => SmtpReplies.Lost(stage, $"the line was lost: {e.Message}"),
    };

    private static SmtpOutcome SignInReply(int code, string words) =>
        SmtpReplies.Read(SmtpStage.SignIn, code, words) with { Remedy = "check User and Password in Relays (NEWSLETTER_Relays__0__Password in the environment)" };

    private static SmtpOutcome.Refused OfTls(X509Certificate2? certificate, Exception tls, string at, RelayOptions relay)
    {
        if (certificate is null)
            return Ours($"{at} does not speak TLS as expected: {FirstLine(tls.InnerException?.Message ?? tls.Message)}",
                "check Port and Security in Relays: Tls speaks TLS at once, StartTls begins in clear text");
        var fingerprint = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        return Ours(
            $"{at} shows a certificate that is not valid for {relay.Host} (subject {certificate.Subject}, until {certificate.NotAfter:yyyy-MM-dd})",
            $"use the name in its certificate as Host in Relays, or, if it is known to be the right one, set CertificateFingerprint to {fingerprint}");
    }

    /// <summary>The line was lost or slow, as at the relay's restart: nothing was said about TLS itself.</summary>
    private static bool IsBroken(Exception? e)
    {
        while (e is not (null or IOException or SocketException or OperationCanceledException or TimeoutException))
            e = e.InnerException;
        return e is not null;
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();

    private static SmtpOutcome.Deferred Unreachable(string words, string remedy) => new(null, null, SmtpReplies.OneLine(words), SmtpScope.Relay) { Remedy = remedy };

    private static SmtpOutcome.Refused Ours(string words, string remedy) => new(null, null, SmtpReplies.OneLine(words), SmtpScope.Relay) { Remedy = remedy };
}
