using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Mailroom;

/// <summary>Standard Webhooks: HMAC-SHA256 over <c>id.timestamp.body</c>, in <c>webhook-signature</c> as <c>v1,BASE64</c>, several of them while a secret is replaced.</summary>
/// <remarks>Source: the Standard Webhooks specification 1.0. Asymmetric signatures (<c>v1a</c>) are passed over.</remarks>
internal sealed class WebhookProof(NotificationOptions options) : INotificationProof
{
    private const string Prefix = "whsec_";
    private const string Id = "webhook-id";
    private const string Timestamp = "webhook-timestamp";
    private const string Signature = "webhook-signature";
    private const int MostSignatures = 10;
    private const int LongestId = 200;

    private readonly List<byte[]> secrets = options.Keys.Select(Secret).OfType<byte[]>().ToList();

    public string Trust => "signature";

    /// <summary>The octets of a secret, 24 to 64; null where it is none.</summary>
    public static byte[]? Secret(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && Proofing.Base64(key[Prefix.Length..], 64) is { Length: >= 24 and <= 64 } octets ? octets : null;

    public Proof? Look(Func<string, string?> header, DateTimeOffset now)
    {
        if (header(Id) is not { Length: > 0 and <= LongestId } || header(Timestamp) is not { } stamp || header(Signature) is null)
            return new Proof.Missing($"{Id}, {Timestamp} or {Signature} is missing");
        if (Proofing.Seconds(stamp) is not { } signed)
            return new Proof.Wrong($"{Timestamp} is no number of seconds since 1970");
        return Proofing.Fault(signed, now, options.ActualTolerance) is { } fault ? new Proof.Wrong(fault) : null;
    }

    public Task<Proof> CheckAsync(PostedNotification posted, DateTimeOffset now, CancellationToken ct) => Task.FromResult(Look(posted.Header, now) ?? Check(posted));

    private Proof Check(PostedNotification posted) => IsSigned($"{posted.Header(Id)}.{posted.Header(Timestamp)}.", posted.Body.Span, posted.Header(Signature)!)
        ? new Proof.Holds(string.Create(CultureInfo.InvariantCulture, $"{options.Name}\n{posted.Header(Id)}\n")) : new Proof.Wrong("no signature fits the secret");

    private bool IsSigned(string before, ReadOnlySpan<byte> body, string signatures)
    {
        var given = signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(each => each.StartsWith("v1,", StringComparison.Ordinal)).Take(MostSignatures)
            .Select(each => Proofing.Base64(each[3..], 32)).OfType<byte[]>().ToList();
        var found = false;
        foreach (var secret in secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            hmac.AppendData(Encoding.UTF8.GetBytes(before));
            hmac.AppendData(body);
            var right = hmac.GetHashAndReset();
            foreach (var signature in given)
                found |= CryptographicOperations.FixedTimeEquals(right, signature);
        }
        return found;
    }
}
