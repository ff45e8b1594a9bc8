using System.Security.Cryptography;
using System.Text;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>A request that says that it comes from a provider.</summary>
/// <param name="Body">As it came.</param>
/// <param name="Header">The value of a header; null where there is none, or more than one.</param>
public sealed record PostedNotification(ReadOnlyMemory<byte> Body, Func<string, string?> Header);

/// <summary>Whether a request comes from whom it says. The words are for the log, and hold nothing of what came.</summary>
internal abstract record Proof
{
    private Proof()
    {
    }

    /// <summary>It does.</summary>
    /// <param name="Scope">What tells this request from another with the same words; empty where the words do.</param>
    /// <param name="Once">Where the proof is good for one request alone.</param>
    public sealed record Holds(string Scope = "", OnceOnly? Once = null) : Proof;

    /// <summary>It does, and tells of no letter; what it asked for is done.</summary>
    public sealed record Settled(string What) : Proof;

    /// <summary>It brings no proof.</summary>
    public sealed record Missing(string Why) : Proof;

    /// <summary>It brings one that does not hold.</summary>
    public sealed record Wrong(string Why) : Proof;

    /// <summary>It cannot be told now.</summary>
    public sealed record NotNow(string Why) : Proof;
}

/// <summary>A provider's way to prove itself.</summary>
internal interface INotificationProof
{
    /// <summary>What it rests on, for the record: <c>signature</c> or <c>secret</c>.</summary>
    string Trust { get; }

    /// <summary>What the headers alone say against it, before the body is waited for; null: nothing, or they say nothing.</summary>
    Proof? Look(Func<string, string?> header, DateTimeOffset now) => null;

    /// <summary>Looks at a request. Nothing that comes from outside makes it throw.</summary>
    Task<Proof> CheckAsync(PostedNotification posted, DateTimeOffset now, CancellationToken ct);
}

/// <summary>What all proofs have in common.</summary>
internal static class Proofing
{
    /// <summary>Clocks differ; a time that lies further ahead was not written by one.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>Whether a text is one of some secrets, in a time that tells nothing of them.</summary>
    public static bool IsOneOf(string text, IEnumerable<string> secrets)
    {
        var (hash, found) = (SHA256.HashData(Encoding.UTF8.GetBytes(text)), false);
        foreach (var secret in secrets)
            found |= CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        return found;
    }

    /// <summary>An instant as seconds since 1970, ten or eleven digits; null for anything else.</summary>
    public static DateTimeOffset? Seconds(string text) =>
        text.Length is 10 or 11 && text.All(char.IsAsciiDigit) ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)) : null;

    /// <summary>Why a signed time is not taken; null where it is.</summary>
    public static string? Fault(DateTimeOffset signed, DateTimeOffset now, TimeSpan tolerance) =>
        signed < now - tolerance ? "its signed time is older than Tolerance" : signed > now + Ahead ? "its signed time lies ahead: look at the clock of this machine" : null;

    /// <summary>Octets in base64, at most so many; null for anything else.</summary>
    public static byte[]? Base64(string text, int most)
    {
        if (text.Length > most * 4 / 3 + 4)
            return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
