using System.Security.Cryptography;
using System.Text;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Refresh tokens that providers gave in place of the configured ones: in the store, sealed with a key of the key file (AES-256-GCM), so that a copy of the database opens no mailbox.</summary>
internal sealed class KeptTokens(MailboxStore store, KeyRing ring)
{
    private const string Purpose = "mailbox token";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>The token to use: the last that was given in place of the configured one, or that itself. One that cannot be opened any more counts as none.</summary>
    public async Task<string> FindAsync(string mailbox, string configured, CancellationToken ct) =>
        await store.FindTokenAsync(mailbox, Hash(configured), ct) is { } text && Open(text, mailbox) is { } token ? token : configured;

    /// <summary>Keeps a new one. Another token in the configuration ends it.</summary>
    public Task KeepAsync(string mailbox, string configured, string token, DateTimeOffset at) => store.KeepTokenAsync(mailbox, Hash(configured), Seal(token, mailbox), at);

    private string Seal(string token, string mailbox)
    {
        var plain = Encoding.UTF8.GetBytes(token);
        var whole = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(ring.For(ring.Current, Purpose)!, TagLength);
        cipher.Encrypt(whole.AsSpan(0, NonceLength), plain, whole.AsSpan(NonceLength + TagLength), whole.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(mailbox));
        return $"{ring.Current}:{Convert.ToBase64String(whole)}";
    }

    private string? Open(string text, string mailbox)
    {
        try
        {
            if (text.Split(':') is not [var id, var rest] || !byte.TryParse(id, provider: null, out var number) || ring.For(number, Purpose) is not { } key)
                return null;
            var whole = Convert.FromBase64String(rest);
            var plain = new byte[whole.Length - NonceLength - TagLength];
            using var cipher = new AesGcm(key, TagLength);
            cipher.Decrypt(whole.AsSpan(0, NonceLength), whole.AsSpan(NonceLength + TagLength), whole.AsSpan(NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(mailbox));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
