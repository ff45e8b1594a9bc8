using CsCheck;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Tests.Core.Composing;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>A relay that says anything, at any moment: an outcome comes of it, and once it speaks properly again, letters go.</summary>
[TestFixture(RelayWay.MailKit, false)]
[TestFixture(RelayWay.Bulk, false)]
[TestFixture(RelayWay.Bulk, true)]
[TestFixture(RelayWay.Auto, true)]
public sealed class HostileRelayTests(RelayWay way, bool chunks)
{
    private static readonly Gen<string> Octets = Gen.Char[(char)0, (char)255].Array[0, 200].Select(all => new string(all));

    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.Select(Gen.Int[0, 999], OneOf(" ", "-", "", "\t"), Octets, (code, between, words) => $"{code:000}{between}{words}"),
        OneOf("250 2.1.0 OK", "354 go on", "334 ", "334 =", "220 go on", "421 4.3.2 bye", "550 5.1.1 none", "250-", "25", "", "\r", "\0", "250 2.0.0 kept\r\n250"),
        Gen.Int[1, 20].Select(times => string.Concat(Enumerable.Repeat("250-and so on\r\n", times * 1000))),
        Octets);

    /// <summary>Well-formed, and out of place.</summary>
    private static readonly Gen<string> Reply = Gen.Select(Gen.Int[200, 599], Octets, (code, words) => $"{code} {words.Replace('\n', ' ')}\r\n");

    private static readonly Gen<string> Lines = Gen.Select(Line.Array[0, 4], OneOf("\r\n", "\n", "\r", ""), (lines, end) => string.Join("\r\n", lines) + end);

    private static readonly LoopbackStage[] Stages =
        [LoopbackStage.Greeting, LoopbackStage.Hello, LoopbackStage.Auth, LoopbackStage.Sender, LoopbackStage.Recipient, LoopbackStage.Data, LoopbackStage.Body, LoopbackStage.Letter];

    private static readonly Gen<(LoopbackStage Stage, string Said)> Hostile = Gen.Select(Gen.Int[0, Stages.Length - 1], Gen.OneOf(Reply, Lines), (stage, said) => (Stages[stage], said));

    /// <summary>Much of what is said leaves us waiting for more: the time-out is brief. What fails by it on a busy machine has to pass with a long one.</summary>
    [Test]
    public Task Whatever_it_says_is_an_outcome_and_letters_go_once_it_speaks_properly_again() => Hostile.SampleAsync(async hostile =>
    {
        if (await FaultAsync(hostile, TimeSpan.FromMilliseconds(100)) is not null && await FaultAsync(hostile, TimeSpan.FromSeconds(20)) is { } fault)
            throw new InvalidOperationException(fault);
    }, iter: 80, threads: 2);

    /// <summary>What is wrong; null: nothing.</summary>
    private async Task<string?> FaultAsync((LoopbackStage Stage, string Said) hostile, TimeSpan timeout)
    {
        var said = 0;
        await using var server = new LoopbackSmtp
        {
            TakesChunks = chunks,
            Credentials = ("news", "secret"),
            Script = moment => moment.Stage == hostile.Stage && Interlocked.Increment(ref said) == 1 ? new LoopbackAnswer.Octets(hostile.Said) : null,
        };
        await using var connection = Relay(server, timeout).Open();

        var first = await connection.SendAsync(Letter(1));
        var next = new List<SmtpOutcome>();
        while (next.Count < 4 && next.LastOrDefault() is not SmtpOutcome.Accepted)
            next.Add(await connection.SendAsync(Letter(2)));

        // One reply too many, in the form of the one that is due, is taken for it: the letter may still be on its way in.
        for (var looks = 0; looks < 500 && !HasReader2(server); looks++)
            await Task.Delay(10);
        if (next[^1] is not SmtpOutcome.Accepted || !HasReader2(server))
            return $"{first}\n{string.Join('\n', next)}\n{string.Join('\n', server.Commands)}";
        if (first is SmtpOutcome.Accepted && server.Letters.All(letter => letter.To[0] != "reader1@example.com") && !hostile.Said.Contains('2', StringComparison.Ordinal))
            return "taken for accepted, though nobody said so";
        return first.Words.Any(char.IsControl) || first.Words.Length > 1001 ? first.Words : null;
    }

    private SmtpTransport Relay(LoopbackSmtp server, TimeSpan timeout) => new(new()
    {
        Way = way,
        Host = "127.0.0.1",
        Port = server.Port,
        Security = RelaySecurity.None,
        User = "news",
        Password = "secret",
        Timeout = timeout,
    });

    private static bool HasReader2(LoopbackSmtp server) => server.Letters.Any(letter => letter.To[0] == "reader2@example.com");

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static Letter Letter(int reader) => Letters.Writer().Write(DeliveryId.Of(1, reader), EmailAddress.Read($"reader{reader}@example.com")!, new() { Name = "Zoë" });
}
