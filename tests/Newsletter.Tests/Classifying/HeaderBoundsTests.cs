using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>What no mail program writes is cut before a parser sees it, and nothing else is.</summary>
public sealed class HeaderBoundsTests
{
    private static readonly string Long = new('x', 40_000);

    [TestCase("From: a@b.example\nSubject: hello\n\n  text\n--\nIda\n")]
    [TestCase("From a@b.example Mon Nov 30\nSubject: a\r\n b\r\n\r\nhello")]
    [TestCase("")]
    [TestCase("\n\n")]
    public void An_ordinary_mail_stays_the_same_bytes(string text)
    {
        var raw = Encoding.UTF8.GetBytes(text);

        Assert.That(HeaderBounds.Cut(raw).Span.SequenceEqual(raw));
    }

    [Test]
    public void A_long_body_stays_whole()
    {
        var text = $"Subject: a\n\n {Long}\n {Long}\n=? =? {string.Concat(Enumerable.Repeat("=?", 100))}\n";

        Assert.That(Cut(text), Is.EqualTo(text));
    }

    [TestCase("Subject: ")]
    [TestCase("Subject: a\n ")]
    [TestCase("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=", Description = "of a part")]
    [TestCase("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: ", Description = "of a letter that came back")]
    [TestCase("Content-Type: multipart/mixed; boundary=b\n\n--b\nCONTENT-type:\n mEssage/rfc822\n\nSubject: ", Description = "of one whose type is written otherwise")]
    [TestCase("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\nX: a\n\r\r\nSubject: ", Description = "behind a line that only seems to be empty")]
    [TestCase("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: ", Description = "of a letter in a digest")]
    public void A_field_longer_than_any_program_writes_ends_at_the_limit(string before)
    {
        var cut = Cut($"{before}{Long}\n {Long}\nX-Next: 1\n\nbody\n");

        Assert.That(cut, Does.StartWith($"{before}xxxx").And.EndsWith("x\nX-Next: 1\n\nbody\n"));
        Assert.That(cut, Has.Length.LessThan(before.Length + HeaderBounds.MaxField + 30));
    }

    [Test]
    public void Encoded_words_beyond_the_limit_go()
    {
        var cut = Cut($"Subject: {string.Concat(Enumerable.Repeat("=?utf-8?Q?a?= ", 60))}\n =?utf-8?Q?b?=\nX-Next: 1\n\nbody\n");

        Assert.That(cut, Is.EqualTo($"Subject: {string.Concat(Enumerable.Repeat("=?utf-8?Q?a?= ", 50))}\nX-Next: 1\n\nbody\n"));
    }

    [Test]
    public void Fields_and_parts_beyond_the_limit_go()
    {
        var fields = Cut($"{string.Concat(Enumerable.Range(0, 3000).Select(i => $"X-{i}: a\n"))}\nbody\n");
        var parts = Cut($"Content-Type: multipart/mixed; boundary=b\n\n{string.Concat(Enumerable.Repeat("--b\n\nx\n", 9000))}");

        Assert.That(fields.Split('\n').Count(line => line.StartsWith("X-", StringComparison.Ordinal)), Is.EqualTo(HeaderBounds.MaxFields));
        Assert.That(fields, Does.EndWith("\n\nbody\n"));
        Assert.That(parts.Split('\n').Count(line => line == "--b"), Is.LessThanOrEqualTo(HeaderBounds.MaxHeaders));
    }

    private static string Cut(string text) => Encoding.UTF8.GetString(HeaderBounds.Cut(Encoding.UTF8.GetBytes(text)).Span);
}
