using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>Makes and checks the hashes that chain the audit log's lines: HMAC-SHA-256, for who can rewrite a table could rewrite a chain without a key as well.</summary>
/// <remarks>
/// A hash is the key's id, a dot and the HMAC in lower-case hexadecimal. It is taken over netstrings (octets in decimal, a colon, the text as UTF-8, a comma), one behind the other: the words
/// <c>newsletter audit 1</c>, the key's id, number, time in UTC milliseconds since the epoch, actor, act, subject, detail and the hash before. No text can run into its neighbour so.
/// The key is HKDF-SHA-256 (RFC 5869) of the key file's secret without salt, its info <c>newsletter audit</c>.
/// </remarks>
public sealed class AuditSeal(KeyRing ring)
{
    private const string Purpose = "audit";
    private readonly byte current = ring.Current;
    private readonly Dictionary<byte, byte[]> keys = ring.Keys.Keys.ToDictionary(id => id, id => ring.For(id, Purpose)!);

    /// <summary>The line's hash by the current key.</summary>
    public string Hash(AuditLine line) => Hash(current, line);

    /// <summary>Whether the hash is the line's, by whichever key of the ring it names.</summary>
    public bool Fits(AuditLine line, string hash) => KeyOf(hash) is { } id && Same(Hash(id, line), hash);

    /// <summary>The seal on the chain's end: who takes the last lines away cannot make the one that fits the rest.</summary>
    public string End(long seq, string hash) => End(current, seq, hash);

    /// <summary>Whether the seal is that of this end. A log that nothing was ever written in has none.</summary>
    public bool IsEnd(long seq, string hash, string seal) => seq == 0 ? hash.Length + seal.Length == 0 : KeyOf(seal) is { } id && Same(End(id, seq, hash), seal);

    /// <summary>An address that is no subscriber's, as a subject: a keyed hash, by which its owner's question can be answered and nobody else's.</summary>
    public string Subject(EmailAddress address) => $"address {Seal(current, "newsletter audit address", address.Key)[..24]}";

    private string Hash(byte id, AuditLine line) => Seal(id, "newsletter audit 1", Number(id), Number(line.Seq), Number(line.At.ToUnixTimeMilliseconds()), line.Actor, line.Act, line.Subject, line.Detail, line.Previous);

    private string End(byte id, long seq, string hash) => Seal(id, "newsletter audit end", Number(seq), hash);

    private string Seal(byte id, params ReadOnlySpan<string> texts)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys[id]);
        foreach (var text in texts)
            hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text)}:{text},")));
        return $"{Number(id)}.{Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    /// <summary>Null where the text is no hash, or of a key that the ring has not.</summary>
    private byte? KeyOf(string hash) => byte.TryParse(hash.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && keys.ContainsKey(id) ? id : null;

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
