using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

public sealed class DkimSealTests
{
    private const string Header = "From: Field Notes <editor@example.org>\r\nTo: anna@example.com\r\nSubject: a  folded\r\n\tsubject\r\nDate: Sun, 22 Nov 2026 18:00:00 +0000\r\n" +
                                  "Message-ID: <m-1@example.org>\r\nList-Unsubscribe: <https://example.org/u/abc>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
                                  "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n";

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_795_370_400);

    [Test]
    public void Both_signatures_verify() => Assert.That(Dkim.Verify(Signed(Header, "Dear  reader,\r\n\r\nhello \t there  \r\n\r\n\r\n")), Is.EqualTo(new[] { true, true }));

    [TestCase("")]
    [TestCase("\r\n")]
    [TestCase("no line end")]
    [TestCase("  \r\n\t\r\nx\r\n   \r\n")]
    [TestCase(" starts with a blank\r\n")]
    public void Odd_bodies_verify(string body) => Assert.That(Dkim.Verify(Signed(Header, body)), Is.EqualTo(new[] { true, true }));

    [Test]
    public void Any_body_of_blanks_and_line_ends_verifies() =>
        Gen.Int[0, 4].Select(i => new[] { "a", " ", "\t", "\r\n", "bc" }[i]).Array[0, 12].Select(string.Concat).Sample(body => Dkim.Verify(Signed(Header, body)).All(ok => ok), iter: 100);

    [TestCase("Subject: a  folded\r\n\tsubject", "SUBJECT:   a folded  subject  ", Description = "refolding and case")]
    [TestCase("hello", "hello  ", Description = "blanks at a line end")]
    public void What_a_relay_may_change_breaks_nothing(string before, string after) =>
        Assert.That(Dkim.Verify(Changed(before, after)), Is.EqualTo(new[] { true, true }));

    [TestCase("hello", "hallo")]
    [TestCase("Subject: a", "Subject: b")]
    [TestCase("/u/abc", "/u/abd")]
    [TestCase("List-Unsubscribe-Post:", "X-Was:")]
    [TestCase("text/plain", "text/html")]
    [TestCase("From: Field", "From: Evil <evil@example.com>\r\nFrom: Field")]
    [TestCase("To: anna", "Subject: second\r\nTo: anna")]
    [TestCase("To: anna", "Reply-To: evil@example.com\r\nTo: anna")]
    [TestCase("hello\r\n", "hello\r\nmore\r\n")]
    public void What_nobody_may_change_breaks_both(string before, string after) =>
        Assert.That(Dkim.Verify(Changed(before, after)), Is.EqualTo(new[] { false, false }));

    [Test]
    public void One_click_is_signed_fields_are_oversigned_and_no_length_is_given()
    {
        var signature = Dkim.Seal.Sign(Encoding.ASCII.GetBytes(Header), "x"u8, At).Replace("\r\n\t", "", StringComparison.Ordinal);

        Assert.That(signature, Does.Contain("h=from:from:to:to:reply-to:subject:subject:date:date:message-id:message-id:mime-version:content-type:content-type:" +
                                            "list-unsubscribe:list-unsubscribe:list-unsubscribe-post:list-unsubscribe-post;"));
        Assert.That(signature, Does.Contain("c=relaxed/relaxed").And.Contain("t=1795370400").And.Contain("a=rsa-sha256").And.Contain("a=ed25519-sha256").And.Not.Contain(" l="));
    }

    [Test]
    public void Lines_are_short_and_the_same_input_gives_the_same_octets()
    {
        var first = Dkim.Seal.Sign(Encoding.ASCII.GetBytes(Header), "x"u8, At);

        Assert.That(first.Split("\r\n"), Has.All.Length.LessThanOrEqualTo(78));
        Assert.That(Dkim.Seal.Sign(Encoding.ASCII.GetBytes(Header), "x"u8, At), Is.EqualTo(first));
    }

    [Test]
    public void Pkcs1_and_pkcs8_are_the_same_key()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Dkim.RsaPem);

        var key = DkimKey.Read("Example.ORG", "s1", rsa.ExportRSAPrivateKeyPem());

        Assert.That(key.PublicRecord, Is.EqualTo(Dkim.Seal.Keys[0].PublicRecord).And.StartWith("v=DKIM1; k=rsa; p=MII"));
        Assert.That((key.RecordName, key.Bits), Is.EqualTo(("s1._domainkey.example.org", 2048)));
    }

    /// <summary>RFC 8463 §A.2.</summary>
    [Test]
    public void The_record_of_Ed25519_is_the_bare_key() =>
        Assert.That(Dkim.Seal.Keys[1].PublicRecord, Is.EqualTo("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));

    /// <summary>The example of RFC 8410 §10.3, which names an attribute and the public key behind the private one.</summary>
    [Test]
    public void An_Ed25519_key_may_carry_its_public_half()
    {
        const string pem = "-----BEGIN PRIVATE KEY-----\nMHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PRIVATE KEY-----";

        Assert.That(DkimKey.Read("example.org", "s1", pem).PublicRecord, Is.EqualTo("v=DKIM1; k=ed25519; p=Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="));
    }

    /// <summary>RFC 8032 §7.1, the signature of no octets by the seed of test 1: the same octets from every signer.</summary>
    [Test]
    public void Ed25519_signs_as_its_standard_says() =>
        Assert.That(Convert.ToHexStringLower(Dkim.Seal.Keys[1].SignHash([])), Is.EqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"));

    [TestCase("", "there is no private key in PEM")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "there is no private key in PEM")]
    [TestCase("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "encrypted")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "cannot be read")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----", "cannot be read")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMAUGAytlcAAA\n-----END PRIVATE KEY-----", "cannot be read")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMA4CAQAwBQYDK2VwBAIEAA==\n-----END PRIVATE KEY-----", "32 octets")]
    public void A_file_without_a_usable_key_says_so(string pem, string says) =>
        Assert.That(() => DkimKey.Read("example.org", "s1", pem), Throws.TypeOf<FormatException>().With.Message.Contain(says));

    [TestCase("exa mple.org", "s1")]
    [TestCase("example.org", "s1; d=evil.example")]
    [TestCase("example.org\r\nX: y", "s1")]
    public void A_name_that_is_none_is_refused(string domain, string selector) =>
        Assert.That(() => DkimKey.Read(domain, selector, Dkim.Ed25519Pem), Throws.TypeOf<FormatException>());

    [Test]
    public void A_short_key_is_refused() =>
        Assert.That(() => DkimKey.Read("example.org", "s1", Dkim.MakeRsa(768)), Throws.TypeOf<FormatException>().With.Message.Contain("768 bits"));

    [Test]
    public void Without_keys_nothing_is_signed() => Assert.That(DkimSeal.None.Sign(Encoding.ASCII.GetBytes(Header), "x"u8, At), Is.Empty);

    private static byte[] Signed(string header, string body)
    {
        var signature = Dkim.Seal.Sign(Encoding.ASCII.GetBytes(header), Encoding.ASCII.GetBytes(body), At);
        return Encoding.ASCII.GetBytes($"{signature}{header}\r\n{body}");
    }

    private static byte[] Changed(string before, string after)
    {
        var signed = Encoding.ASCII.GetString(Signed(Header, "Dear reader,\r\nhello\r\n"));
        var at = signed.IndexOf(before, StringComparison.Ordinal);
        return Encoding.ASCII.GetBytes($"{signed[..at]}{after}{signed[(at + before.Length)..]}");
    }
}
