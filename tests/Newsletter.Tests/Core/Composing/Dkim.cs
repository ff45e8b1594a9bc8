using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Newsletter.Composing;
using Org.BouncyCastle.Crypto;

namespace Newsletter.Tests.Core.Composing;

/// <summary>Keys for the tests, and MimeKit as the other side that verifies.</summary>
internal static class Dkim
{
    public static string RsaPem { get; } = MakeRsa(2048);

    /// <summary>PKCS#8 of RFC 8410 §7 around the seed of RFC 8463 §A.2.</summary>
    public static string Ed25519Pem { get; } = new(PemEncoding.Write("PRIVATE KEY",
        [.. Convert.FromHexString("302e020100300506032b657004220420"), .. Convert.FromBase64String("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")]));

    public static DkimSeal Seal { get; } = new([DkimKey.Read("example.org", "s1", RsaPem), DkimKey.Read("example.org", "s2", Ed25519Pem)]);

    public static string MakeRsa(int bits)
    {
        using var rsa = RSA.Create(bits);
        return rsa.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>For each signature whether it verifies, by the published records alone.</summary>
    public static bool[] Verify(ReadOnlyMemory<byte> bytes, DkimSeal? seal = null)
    {
        using var message = MimeMessage.Load(new MemoryStream(bytes.ToArray()));
        var verifier = new DkimVerifier(new Zone((seal ?? Seal).Keys));
        var dos = FormatOptions.Default.Clone();
        dos.NewLineFormat = NewLineFormat.Dos;
        return [.. message.Headers.Where(header => header.Id is HeaderId.DkimSignature).Select(header => verifier.Verify(dos, message, header))];
    }

    private sealed class Zone(IReadOnlyList<DkimKey> keys) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            GetPublicKey(keys.Single(key => key.RecordName == $"{selector}._domainkey.{domain}").PublicRecord);

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
