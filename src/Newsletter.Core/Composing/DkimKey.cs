using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NSec.Cryptography;

namespace Newsletter.Composing;

/// <summary>A private key that signs letters, and what has to be published for it (RFC 6376 §3.6.1, RFC 8463). Safe for many threads.</summary>
public abstract partial class DkimKey
{
    private const int LeastBits = 1024; // RFC 8301 §3.2: signers must not use less; 2048 is advised
    private const string Ed25519Oid = "1.3.101.112"; // RFC 8410 §3

    private DkimKey(string domain, string selector, string algorithm, string record)
    {
        if (!Name().IsMatch(domain) || !Name().IsMatch(selector))
            throw new FormatException($"'{selector}._domainkey.{domain}' is no DNS name: Dkim Domain and Selector take letters, digits, hyphens and dots");
        (Domain, Selector, Algorithm, PublicRecord) = (domain.ToLowerInvariant(), selector.ToLowerInvariant(), algorithm, record);
    }

    /// <summary><c>d=</c>, in lower case.</summary>
    public string Domain { get; }

    /// <summary><c>s=</c>, in lower case.</summary>
    public string Selector { get; }

    /// <summary><c>a=</c>: rsa-sha256 or ed25519-sha256.</summary>
    public string Algorithm { get; }

    /// <summary>Where the public key must stand.</summary>
    public string RecordName => $"{Selector}._domainkey.{Domain}";

    /// <summary>The TXT record that must stand there. Longer than 255 octets for RSA-2048: split it into several strings of one record.</summary>
    public string PublicRecord { get; }

    /// <summary>The key's length; 2048 is advised for RSA, 256 is Ed25519's.</summary>
    public abstract int Bits { get; }

    /// <summary>Reads a private key.</summary>
    /// <param name="domain">The signing domain, as A-label.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="pem">PEM text: PKCS#1 or PKCS#8, RSA or Ed25519.</param>
    /// <exception cref="FormatException">It is no such key, or shorter than 1024 bits; the message says what to do.</exception>
    public static DkimKey Read(string domain, string selector, string pem)
    {
        var (label, der) = PrivateKeyIn(pem);
        try
        {
            return label is "PRIVATE KEY" && Ed25519SeedIn(der) is { } seed ? new Ed25519Key(domain, selector, seed) : new RsaKey(domain, selector, RsaFrom(label, der));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or AsnContentException)
        {
            throw new FormatException($"the private key cannot be read ({e.Message}): it must be RSA or Ed25519", e);
        }
    }

    /// <summary>The signature of a SHA-256 hash: RSASSA-PKCS1-v1_5, or PureEdDSA over the hash (RFC 8463 §3).</summary>
    internal abstract byte[] SignHash(byte[] sha256);

    private static (string Label, byte[] Der) PrivateKeyIn(string pem)
    {
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
            switch (rest[found.Label].ToString())
            {
                case "RSA PRIVATE KEY" or "PRIVATE KEY":
                    return (rest[found.Label].ToString(), Convert.FromBase64String(rest[found.Base64Data].ToString()));
                case "ENCRYPTED PRIVATE KEY":
                    throw new FormatException("the private key is encrypted: decrypt it with 'openssl pkey -in FILE -out FILE.pem' and keep it readable by the service alone");
            }
        throw new FormatException("there is no private key in PEM ('-----BEGIN PRIVATE KEY-----'): make one with 'openssl genrsa -out FILE 2048'");
    }

    /// <summary>The 32 octets of a key in PKCS#8 (RFC 5958 §2, RFC 8410 §7), with or without its public half; null where it is a key of another kind.</summary>
    private static byte[]? Ed25519SeedIn(byte[] der)
    {
        var key = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        key.ReadInteger(); // the version
        if (key.ReadSequence().ReadObjectIdentifier() is not Ed25519Oid)
            return null;
        var seed = new AsnReader(key.ReadOctetString(), AsnEncodingRules.BER).ReadOctetString();
        return seed.Length is 32 ? seed : throw new CryptographicException($"an Ed25519 key has 32 octets, this one {seed.Length}");
    }

    private static RSAParameters RsaFrom(string label, byte[] der)
    {
        using var rsa = RSA.Create();
        if (label is "RSA PRIVATE KEY")
            rsa.ImportRSAPrivateKey(der, out _);
        else
            rsa.ImportPkcs8PrivateKey(der, out _);
        if (rsa.KeySize < LeastBits)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"the RSA key has {rsa.KeySize} bits, and receivers want 2048: make one with 'openssl genrsa -out FILE 2048'"));
        return rsa.ExportParameters(includePrivateParameters: true);
    }

    [GeneratedRegex(@"^(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$")]
    private static partial Regex Name();

    /// <summary>BouncyCastle's managed RSA takes 4.8 ms a signature, the platform's 0.3 ms. An RSA object is for one thread at a time, hence the bag.</summary>
    private sealed class RsaKey(string domain, string selector, RSAParameters key) : DkimKey(domain, selector, "rsa-sha256", RecordOf(key))
    {
        private readonly ConcurrentBag<RSA> idle = [];

        public override int Bits { get; } = key.Modulus!.Length * 8;

        internal override byte[] SignHash(byte[] sha256)
        {
            var rsa = idle.TryTake(out var kept) ? kept : RSA.Create(key);
            var signature = rsa.SignHash(sha256, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            idle.Add(rsa);
            return signature;
        }

        private static string RecordOf(RSAParameters key)
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent });
            return $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}";
        }
    }

    /// <summary>Its record holds the bare 32 octets, not a SubjectPublicKeyInfo (RFC 8463 §4). libsodium signs in half the time of OpenSSL.</summary>
    private sealed class Ed25519Key : DkimKey
    {
        private readonly Key key;

        public Ed25519Key(string domain, string selector, byte[] seed)
            : this(domain, selector, Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey))
        {
        }

        private Ed25519Key(string domain, string selector, Key key)
            : base(domain, selector, "ed25519-sha256", $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.RawPublicKey))}") => this.key = key;

        public override int Bits => 256;

        internal override byte[] SignHash(byte[] sha256) => SignatureAlgorithm.Ed25519.Sign(key, sha256);
    }
}
