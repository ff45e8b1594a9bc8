using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Mailroom;

/// <summary>Standard Webhooks: HMAC-SHA256 over <c>id.timestamp.body</c>, in <c>webhook-signature</c> as <c>v1,BASE64</c>, several of them while a secret is replaced.</summary>
/// <remarks>Source: the Standard Webhooks specification 1.0. Asymmetric signatures (<c>v1a</c>) are passed over.</remarks>
internal sealed class WebhookProof(NotificationOptions options) : INotificationProof
{
    private const string Prefix = "whsec_";
    private const int MostSignatures = 10;
    private const int LongestId = 200;

    private readonly List<byte[]> secrets = options.Keys.Select(Secret).OfType<byte[]>().ToList();

    public string Trust => "signature";

    /// <summary>The octets of a secret, 24 to 64; null where it is none.</summary>
    public static byte[]? Secret(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && Proofing.Base64(key[Prefix.Length..], 64) is { Length: >= 24 and <= 64 } octets ? octets : null;

    public Task<Proof> CheckAsync(PostedNotification posted, DateTimeOffset now, CancellationToken ct) => Task.FromResult(Check(posted, now));

    private Proof Check(PostedNotification posted, DateTimeOffset now)
    {
        if (posted.Header("webhook-id") is not { Length: > 0 and <= LongestId } id || posted.Header("webhook-timestamp") is not { } stamp || posted.Header("webhook-signature") is not { } signatures)
            return new Proof.Missing("webhook-id, webhook-timestamp or webhook-signature is missing");
        if (Proofing.Seconds(stamp) is not { } signed)
            return new Proof.Wrong("webhook-timestamp is no number of seconds since 1970");
        if (!IsSigned($"{id}.{stamp}.", posted.Body.Span, signatures))
            return new Proof.Wrong("no signature fits the secret");
        return Proofing.Fault(signed, now, options.ActualTolerance) is { } fault ? new Proof.Wrong(fault) : new Proof.Holds(string.Create(CultureInfo.InvariantCulture, $"{options.Name}\n{id}\n"));
    }

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
