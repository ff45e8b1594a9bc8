using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Mailroom;

/// <summary>SendGrid's signed event webhook: ECDSA on P-256 with SHA-256 over timestamp and body, checked with the public key that it shows.</summary>
internal sealed class SendGridProof(NotificationOptions options) : INotificationProof
{
    private const string Signature = "X-Twilio-Email-Event-Webhook-Signature";
    private const string Timestamp = "X-Twilio-Email-Event-Webhook-Timestamp";
    private const int LongestSignature = 80; // two numbers of 32 octets in DER

    public string Trust => "signature";

    /// <summary>The key in base64, a SubjectPublicKeyInfo (RFC 5480); null where it is none of P-256.</summary>
    public static ECDsa? Key(string text)
    {
        if (Proofing.Base64(text.Trim(), 200) is not { } octets)
            return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(octets, out _);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
                return key;
        }
        catch (CryptographicException)
        {
            // Another kind of key, or none at all: there is no Try form.
        }
        key.Dispose();
        return null;
    }

    public Proof? Look(Func<string, string?> header, DateTimeOffset now)
    {
        if (header(Signature) is not { } given || header(Timestamp) is not { } stamp)
            return new Proof.Missing("it is not signed: turn on the signed event webhook at SendGrid");
        if (Proofing.Seconds(stamp) is not { } signed || Proofing.Base64(given, LongestSignature) is null)
            return new Proof.Wrong("signature or timestamp are none");
        return Proofing.Fault(signed, now, options.ActualTolerance) is { } fault ? new Proof.Wrong(fault) : null;
    }

    public Task<Proof> CheckAsync(PostedNotification posted, DateTimeOffset now, CancellationToken ct) => Task.FromResult(Look(posted.Header, now) ?? Check(posted));

    private Proof Check(PostedNotification posted) =>
        IsSigned([.. Encoding.ASCII.GetBytes(posted.Header(Timestamp)!), .. posted.Body.Span], Proofing.Base64(posted.Header(Signature)!, LongestSignature)!)
            ? new Proof.Holds() : new Proof.Wrong("the signature does not fit the verification key");

    private bool IsSigned(byte[] data, byte[] signature) => options.Keys.Any(text =>
    {
        using var key = Key(text); // made anew: one at work in two requests is not said to be safe
        return key is not null && key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    });
}
