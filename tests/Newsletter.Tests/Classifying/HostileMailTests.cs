using System.Text;
using CsCheck;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>Whatever anyone sends to our addresses gets an answer.</summary>
public sealed class HostileMailTests
{
    private static string[] Mails { get; } =
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "Classifying"), "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))).ToArray();

    [Test]
    public void Any_bytes_are_classified() =>
        Gen.Byte.Array[0, 2000].Sample(bytes => Classifier.Classify(bytes).Evidence.Length is > 0 and <= 300, iter: 2000, threads: 1);

    [Test]
    public void Mails_cut_and_spliced_anywhere_are_classified_the_same_each_time() =>
        Gen.Select(Gen.Int[0, Mails.Length - 1], Gen.Int[0, Mails.Length - 1], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((first, second, cut, from) =>
        {
            var raw = Encoding.Latin1.GetBytes($"{Mails[first][..(int)(Mails[first].Length * cut)]}{Mails[second][(int)(Mails[second].Length * from)..]}");
            return Classifier.Classify(raw).Evidence == Classifier.Classify(raw).Evidence;
        }, iter: 1000, threads: 1);

    [TestCaseSource(nameof(Traps))]
    public void A_trap_is_classified(string name, byte[] raw) =>
        Assert.That(Classifier.Classify(raw).Evidence, Is.Not.Empty, name);

    [Test]
    public void A_report_before_a_large_attachment_is_read()
    {
        var report = Mails.First(mail => mail.Contains("virtual\n    mailbox table", StringComparison.Ordinal)).Replace("--=_b1--", "", StringComparison.Ordinal);
        var raw = Encoding.Latin1.GetBytes($"{report}\n--=_b1\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n{Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=\n", 200_000)}");

        Assert.That(Classifier.Classify(raw), Is.TypeOf<ReturnedMail.Bounce>());
    }

    private static IEnumerable<TestCaseData> Traps()
    {
        yield return Trap("nothing", "");
        yield return Trap("no header", "just words");
        yield return Trap("nested multiparts with one boundary", Repeat("Content-Type: multipart/mixed; boundary=x\n\n--x\n", 20_000));
        yield return Trap("nested multiparts with many boundaries", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")));
        yield return Trap("nested messages", Repeat("Content-Type: message/rfc822\n\n", 30_000));
        yield return Trap("endless parts", $"Content-Type: multipart/report; boundary=x\n\n{Repeat("--x\nContent-Type: text/plain\n\na\n", 40_000)}");
        yield return Trap("endless fields", $"Return-Path: <>\nContent-Type: message/delivery-status\n\n{Repeat("Final-Recipient: rfc822; a@b.example\nAction: failed\n", 20_000)}");
        yield return Trap("endless headers", $"{Repeat("X-A: b\n", 100_000)}\nhello");
        yield return Trap("one long line", $"Return-Path: <>\nFrom: MAILER-DAEMON@a.example\n\nundeliverable {Repeat("a@", 400_000)}");
        yield return Trap("one long word", $"Return-Path: <>\nSubject: undeliverable\n\n{new string('a', 900_000)}");
        yield return Trap("address groups in groups", $"From: {Repeat("a:", 20_000)}b@c.example\n\nhello");
        yield return Trap("a reply to a reply to a reply", $"From: a@b.example\nSubject: {Repeat("re:", 300_000)}\n\nhello");
        yield return Trap("a list of failures without end", $"Return-Path: <>\nFrom: postmaster@a.example\n\nundeliverable\n{Repeat("a@b.example in a sentence\n", 30_000)}");
        yield return Trap("comments in comments", $"From: {Repeat("(", 20_000)}b@c.example\n\nhello");
        yield return Trap("tags without end", $"Return-Path: <>\nContent-Type: text/html\n\n{Repeat("<style><", 100_000)}");
        yield return Trap("phrases that nearly match", $"Return-Path: <>\nFrom: postmaster@a.example\n\nundeliverable {Repeat("user delivery of message smtp service ", 5_000)}");
        yield return Trap("encoded words without end", $"From: {Repeat("=?iso-2022-jp?B?GyRC", 9_000)} <a@b.example>\nTo: {Repeat("=?utf-8?Q?", 18_000)}\nSubject: {Repeat("=?", 90_000)}\n{Repeat($"Delivered-To: {Repeat("=?x", 900)}\n", 100)}\nhello");
        yield return Trap("an unknown charset", "Content-Type: text/plain; charset=no-such\n\n\u00ff\u00fe");
        yield return Trap("utf-7 that is none", "Content-Type: text/plain; charset=utf-7\n\n+A +// +AAAAA- +-");
    }

    private static TestCaseData Trap(string name, string text) => new TestCaseData(name, Encoding.Latin1.GetBytes(text)).SetArgDisplayNames(name);

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();
}
