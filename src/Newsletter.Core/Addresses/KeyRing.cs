using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Addresses;

/// <summary>The secrets that seal our addresses. New seals take the current key; seals of the older ones are still read.</summary>
/// <param name="Current">Id of the key that seals, 1 to 31.</param>
/// <param name="Keys">Key id to at least 32 secret bytes.</param>
public sealed record KeyRing(byte Current, IReadOnlyDictionary<byte, byte[]> Keys)
{
    /// <summary>The key of one purpose: HKDF-SHA-256 (RFC 5869), so that a token of one purpose is worth nothing for another. Null where the id is unknown.</summary>
    public byte[]? For(byte id, string purpose) =>
        Keys.TryGetValue(id, out var secret) ? HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.ASCII.GetBytes($"newsletter {purpose}")) : null;
}
