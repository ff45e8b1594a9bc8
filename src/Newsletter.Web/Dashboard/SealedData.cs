using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Newsletter.Addresses;

namespace Newsletter.Web;

/// <summary>Seals what ASP.NET puts into cookies and forms with the publication's own keys: one key file, the same in every process and after a restart.</summary>
/// <remarks>AES-256-GCM: key id, 96 bits of nonce, 128 bits of tag, text. Each purpose has a key of its own (<see cref="KeyRing.For"/>).</remarks>
internal sealed class SealedData(KeyRing ring, string purpose = "web") : IDataProtector
{
    private const int Nonce = 12, Tag = 16, Head = 1 + Nonce + Tag;

    public IDataProtector CreateProtector(string purpose) => new SealedData(ring, $"{Purpose} {Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(purpose)))}");

    private string Purpose { get; } = purpose;

    public byte[] Protect(byte[] plaintext)
    {
        var data = new byte[Head + plaintext.Length];
        data[0] = ring.Current;
        RandomNumberGenerator.Fill(data.AsSpan(1, Nonce));
        using var cipher = new AesGcm(ring.For(ring.Current, Purpose)!, Tag);
        cipher.Encrypt(data.AsSpan(1, Nonce), plaintext, data.AsSpan(Head), data.AsSpan(1 + Nonce, Tag));
        return data;
    }

    /// <exception cref="CryptographicException">Not sealed by us for this purpose, or altered.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < Head || ring.For(protectedData[0], Purpose) is not { } key)
            throw new CryptographicException("sealed by nobody we know");
        var plain = new byte[protectedData.Length - Head];
        using var cipher = new AesGcm(key, Tag);
        cipher.Decrypt(protectedData.AsSpan(1, Nonce), protectedData.AsSpan(Head), protectedData.AsSpan(1 + Nonce, Tag), plain);
        return plain;
    }
}
