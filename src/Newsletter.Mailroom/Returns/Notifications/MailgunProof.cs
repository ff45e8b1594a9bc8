using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Mailgun signs a timestamp and a token, not the words: HMAC-SHA256 of both. So each token is good for one request alone.</summary>
internal sealed class MailgunProof(NotificationOptions options) : INotificationProof
{
    private const int LongestToken = 200;
    private static readonly JsonSerializerOptions Json = new() { MaxDepth = 32 };

    public string Trust => "signature";

    public Task<Proof> CheckAsync(PostedNotification posted, DateTimeOffset now, CancellationToken ct) => Task.FromResult(Check(posted, now));

    private Proof Check(PostedNotification posted, DateTimeOffset now)
    {
        if (Read(posted.Body.Span) is not { token: { Length: > 0 and <= LongestToken } token, signature: { Length: 64 } signature } given)
            return new Proof.Missing("it is not signed");
        var stamp = given.timestamp.ValueKind is JsonValueKind.String or JsonValueKind.Number ? given.timestamp.GetRawText().Trim('"') : ""; // both are seen
        if (Proofing.Seconds(stamp) is not { } signed)
            return new Proof.Wrong("its timestamp is no number of seconds since 1970");
        if (!IsSigned(Encoding.UTF8.GetBytes(stamp + token), signature))
            return new Proof.Wrong("the signature does not fit the HTTP webhook signing key");
        return Proofing.Fault(signed, now, options.ActualTolerance) is { } fault
            ? new Proof.Wrong(fault) : new Proof.Holds(Once: new OnceOnly(token, posted.Body, signed + options.ActualTolerance + Proofing.Ahead));
    }

    private bool IsSigned(byte[] data, string signature)
    {
        var (given, found) = (Encoding.UTF8.GetBytes(signature.ToLowerInvariant()), false);
        foreach (var key in options.Keys)
            found |= CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), data))), given);
        return found;
    }

    private static Signed? Read(ReadOnlySpan<byte> body)
    {
        try { return JsonSerializer.Deserialize<Request>(body, Json)?.signature; }
        catch (JsonException) { return null; }
    }

#pragma warning disable IDE1006 // the names of Mailgun's JSON
    private sealed record Request(Signed? signature);

    private sealed record Signed(JsonElement timestamp, string? token, string? signature);
#pragma warning restore IDE1006
}
