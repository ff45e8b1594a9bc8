using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Newsletter.Composing;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace Newsletter.Tests.Shared;

public sealed class DkimCheckTests
{
    private static readonly string Pem = NewRsaPem();
    private static readonly DkimKey Key = DkimKey.Read("weekly.test", "s1", Pem);
    private static readonly Dictionary<string, string> Zone = new() { [Key.RecordName] = Key.PublicRecord };

    [Test]
    public async Task A_good_signature_passes_and_one_changed_octet_breaks_it()
    {
        var mail = SignedByMimeKit();
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(mail).Replace("good news", "fake news", StringComparison.Ordinal));

        var verdicts = await DkimCheck.VerifyAsync([mail, changed], Zone);

        Assert.That(verdicts[0], Is.EqualTo([new DkimVerdict("weekly.test", "rsa-sha256", Passes: true, "")]));
        Assert.That(verdicts[1].Single().Passes, Is.False);
    }

    [Test]
    public async Task Without_the_key_in_the_zone_nothing_passes()
    {
        var verdict = (await DkimCheck.VerifyAsync(SignedByMimeKit(), new Dictionary<string, string>())).Single();

        Assert.That(verdict.Passes, Is.False);
        Assert.That(verdict.Fault, Is.Not.Empty);
    }

    [Test]
    public async Task A_mail_without_signature_has_no_verdict() =>
        Assert.That(await DkimCheck.VerifyAsync("From: a@b.test\r\n\r\nhello\r\n"u8.ToArray(), Zone), Is.Empty);

    [Test]
    public async Task Both_our_signatures_stand_in_the_eyes_of_another_program()
    {
        DkimKey[] keys = [Key, DkimKey.Read("weekly.test", "s2", Ed25519Pem())];
        const string header = "From: news@weekly.test\r\nTo: ann@readers.test\r\nSubject: An\r\n  issue\r\nDate: Sun, 22 Nov 2026 08:00:00 +0000\r\n";
        const string body = "good  news \r\n\r\n\r\n";

        var signatures = new DkimSeal(keys).Sign(Encoding.ASCII.GetBytes(header), Encoding.ASCII.GetBytes(body), DateTimeOffset.UtcNow);
        var verdicts = await DkimCheck.VerifyAsync(Encoding.ASCII.GetBytes($"{signatures}{header}\r\n{body}"), keys.ToDictionary(key => key.RecordName, key => key.PublicRecord));

        Assert.That(verdicts, Is.EqualTo(
        [
            new DkimVerdict("weekly.test", "rsa-sha256", Passes: true, ""),
            new DkimVerdict("weekly.test", "ed25519-sha256", Passes: true, ""),
        ]));
    }

    private static byte[] SignedByMimeKit()
    {
        var mail = new MimeMessage([MailboxAddress.Parse("news@weekly.test")], [MailboxAddress.Parse("ann@readers.test")], "An issue", new TextPart("plain") { Text = "good news" });
        mail.Prepare(EncodingConstraint.SevenBit);
        using var pem = new MemoryStream(Encoding.ASCII.GetBytes(Pem));
        new DkimSigner(pem, "weekly.test", "s1").Sign(mail, [HeaderId.From, HeaderId.Subject]);
        using var bytes = new MemoryStream();
        mail.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, bytes, CancellationToken.None);
        return bytes.ToArray();
    }

    private static string NewRsaPem()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportRSAPrivateKeyPem();
    }

    private static string Ed25519Pem() => new(PemEncoding.Write(
        "PRIVATE KEY", PrivateKeyInfoFactory.CreatePrivateKeyInfo(new Ed25519PrivateKeyParameters(new SecureRandom())).GetDerEncoded()));
}
