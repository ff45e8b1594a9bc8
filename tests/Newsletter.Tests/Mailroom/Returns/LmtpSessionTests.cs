using System.Text;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>The protocol of RFC 2033, word by word, over a line that is only memory.</summary>
public sealed class LmtpSessionTests
{
    private const string Opening = "LHLO mx.example\r\nMAIL FROM:<>\r\n";
    private static readonly LmtpBounds Bounds = new(1_000, 3, 5, TimeSpan.FromMinutes(1));

    [Test]
    public async Task After_the_message_there_is_one_reply_for_each_recipient()
    {
        var (replies, taken) = await SpeakAsync($"{Opening}RCPT TO:<r-1@a.example>\r\nRCPT TO:<r-2@a.example>\r\nDATA\r\nSubject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 250 250 250 250 354 250 250 221"));
        Assert.That(taken, Is.EqualTo(new[] { ("r-1@a.example", "Return-Path: <>\r\nSubject: x\r\n\r\nhello\r\n"), ("r-2@a.example", "Return-Path: <>\r\nSubject: x\r\n\r\nhello\r\n") }));
    }

    [Test]
    public async Task A_mail_that_cannot_be_stored_is_to_be_brought_again_and_the_others_are_stored()
    {
        var (replies, taken) = await SpeakAsync(
            $"{Opening}RCPT TO:<r-1@a.example>\r\nRCPT TO:<away@a.example>\r\nRCPT TO:<r-3@a.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n",
            recipient => recipient.StartsWith("away", StringComparison.Ordinal) ? throw new IOException("the store is away") : Task.CompletedTask);

        Assert.That(Codes(replies), Does.EndWith("354 250 451 250 221"));
        Assert.That(replies, Does.Not.Contain("the store is away"));
        Assert.That(taken, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Dots_are_unstuffed_and_a_bare_line_feed_ends_no_message()
    {
        var (_, taken) = await SpeakAsync($"{Opening}RCPT TO:<a@a.example>\r\nDATA\r\n..one\r\n.two\r\nx\n.\nMAIL FROM:<evil@a.example>\r\n.\r\nQUIT\r\n");

        Assert.That(taken.Single().Text, Is.EqualTo("Return-Path: <>\r\n.one\r\ntwo\r\nx\n.\nMAIL FROM:<evil@a.example>\r\n"));
    }

    [Test]
    public async Task A_message_that_is_too_large_is_refused_for_good_and_the_line_goes_on()
    {
        var (replies, taken) = await SpeakAsync($"{Opening}RCPT TO:<a@a.example>\r\nDATA\r\n{new string('x', 2_000)}\r\n.\r\nMAIL FROM:<> SIZE=5000\r\nMAIL FROM:<>\r\nQUIT\r\n");

        Assert.That(Codes(replies), Does.EndWith("354 552 552 250 221"));
        Assert.That(taken, Is.Empty);
    }

    [Test]
    public async Task A_message_without_end_is_cut_off()
    {
        var (replies, taken) = await SpeakAsync($"{Opening}RCPT TO:<a@a.example>\r\nDATA\r\n{new string('x', 100_000)}");

        Assert.That(Codes(replies), Does.EndWith("354 421"));
        Assert.That(taken, Is.Empty);
    }

    [Test]
    public async Task A_line_that_breaks_within_a_message_stores_nothing()
    {
        var (_, taken) = await SpeakAsync($"{Opening}RCPT TO:<a@a.example>\r\nDATA\r\nhalf a mess");

        Assert.That(taken, Is.Empty);
    }

    [TestCase("HELO mx.example\r\n", "220 500")]
    [TestCase("EHLO mx.example\r\n", "220 500")]
    [TestCase("LHLO\r\n", "220 501")]
    [TestCase("MAIL FROM:<>\r\n", "220 503")]
    [TestCase("LHLO a\r\nRCPT TO:<a@b>\r\n", "220 250 503")]
    [TestCase(Opening + "DATA\r\n", "220 250 250 503")]
    [TestCase(Opening + "MAIL FROM:<>\r\n", "220 250 250 503")]
    [TestCase(Opening + "RCPT TO:<>\r\n", "220 250 250 501")]
    [TestCase(Opening + "RCPT TO:a@b.example\r\n", "220 250 250 501")]
    [TestCase(Opening + "RCPT TO:<\"a>b\"@c.example>\r\n", "220 250 250 250")]
    [TestCase(Opening + "RCPT TO:<@relay.example:a@b.example>\r\n", "220 250 250 250")]
    [TestCase(Opening + "RCPT TO:<1@a>\r\nRCPT TO:<2@a>\r\nRCPT TO:<3@a>\r\nRCPT TO:<4@a>\r\n", "220 250 250 250 250 250 452")]
    [TestCase("NOOP\r\nVRFY a\r\nRSET\r\n", "220 250 252 250")]
    [TestCase("no\r\nno\r\nno\r\nno\r\nno\r\nNOOP\r\n", "220 500 500 500 500 500 421")]
    public async Task A_command_gets_the_reply_that_the_rfc_gives(string said, string codes) => Assert.That(Codes((await SpeakAsync(said)).Replies), Is.EqualTo(codes));

    [Test]
    public async Task A_command_that_is_too_long_is_refused_and_not_gathered()
    {
        var (replies, _) = await SpeakAsync($"LHLO {new string('x', 100_000)}\r\nNOOP\r\n");

        Assert.That(Codes(replies), Is.EqualTo("220 500 250"));
    }

    [Test]
    public async Task A_control_character_in_an_address_makes_the_command_none()
    {
        var (replies, _) = await SpeakAsync($"{Opening}RCPT TO:<a@b.example\rX-Evil: yes>\r\n");

        Assert.That(Codes(replies), Does.EndWith("250 500"));
    }

    /// <summary>Whatever is said, in whatever pieces it comes: the session ends, throws nothing, and says "stored" only of what was stored.</summary>
    [Test]
    public async Task Anything_may_be_said()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        string[] words =
        [
            "LHLO a\r\n", "MAIL FROM:<>\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "DATA\r\n", "\r\n.\r\n", ".\r\n", "\n.\n", "QUIT\r\n", "RSET\r\n", "x", "\r", "\n", "\0", "<", ">", "\"",
            new('y', 3_000), "Subject: z\r\n\r\nhello\r\n", "..\r\n", "MAIL FROM:<> SIZE=99999999999999999999\r\n", "\u00fc",
        ];

        for (var i = 0; i < 3_000; i++)
        {
            var said = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => words[random.Next(words.Length)]));
            var (replies, taken) = await SpeakAsync(said, pieces: random.Next(1, 50));
            Assert.That(replies.Split("\r\n").Count(reply => reply.EndsWith("stored", StringComparison.Ordinal)), Is.EqualTo(taken.Count), $"seed {seed}: {said}");
        }
    }

    private static string Codes(string replies) =>
        string.Join(' ', replies.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line[3] == ' ').Select(line => line[..3]));

    private static async Task<(string Replies, List<(string To, string Text)> Taken)> SpeakAsync(string said, Func<string, Task>? take = null, int pieces = 4_096)
    {
        var taken = new List<(string, string)>();
        await using var line = new SaidLine(Encoding.UTF8.GetBytes(said), pieces);
        await new LmtpSession(line, Bounds, async (raw, recipient) =>
        {
            await (take?.Invoke(recipient) ?? Task.CompletedTask);
            taken.Add((recipient, Encoding.UTF8.GetString(raw.Span)));
        }).RunAsync(CancellationToken.None);
        return (Encoding.UTF8.GetString(line.Replies.ToArray()), taken);
    }

    /// <summary>A line on which all was said beforehand, in pieces of a size.</summary>
    private sealed class SaidLine(byte[] said, int pieces) : Stream
    {
        private int at;

        public MemoryStream Replies { get; } = new();

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var piece = Math.Min(Math.Min(count, pieces), said.Length - at);
            said.AsSpan(at, piece).CopyTo(buffer.AsSpan(offset));
            at += piece;
            return piece;
        }

        public override void Write(byte[] buffer, int offset, int count) => Replies.Write(buffer, offset, count);
        public override void Flush() => Replies.Flush();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
