using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Tests.Core.Composing;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>What is our own way's alone.</summary>
public sealed class BulkConnectionTests
{
    [Test]
    public async Task A_relay_without_PIPELINING_gets_its_letters_by_MailKit_and_is_asked_once()
    {
        await using var server = new LoopbackSmtp { Pipelines = false };
        var transport = Transport(server, RelayWay.Auto);
        await using (var first = transport.Open())
            Assert.That(await first.SendAsync(Letter(1)), Is.TypeOf<SmtpOutcome.Accepted>());
        await using (var second = transport.Open())
            Assert.That(await second.SendAsync(Letter(2)), Is.TypeOf<SmtpOutcome.Accepted>());

        Assert.That(server.Letters.Select(letter => letter.Connection), Is.EqualTo(new[] { 2, 3 }), "the first line was for the question alone");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task After_a_refusal_the_next_letter_begins_anew_on_the_same_line(bool chunks)
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = chunks,
            Script = moment => moment is { Stage: LoopbackStage.Recipient, Transaction: 1 } ? new LoopbackAnswer.Reply("550 5.1.1 no such user") : null,
        };
        await using var connection = Transport(server).Open();

        var outcomes = new[] { await connection.SendAsync(Letter(1)), await connection.SendAsync(Letter(2)), await connection.SendAsync(Letter(3)) };

        Assert.That(outcomes.Select(outcome => outcome.GetType().Name), Is.EqualTo(new[] { "Rejected", "Accepted", "Accepted" }));
        Assert.That(server.Commands.Where(command => command.Contains("RSET", StringComparison.Ordinal)), Has.Exactly(1).Items, "only where a transaction was left open");
    }

    [TestCase("xyz what is this")]
    [TestCase("2")]
    [TestCase("999 no such code")]
    public async Task What_is_no_reply_leaves_the_letter_in_doubt_once_it_was_given(string line)
    {
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Letter ? new LoopbackAnswer.Reply(line) : null };
        await using var connection = Transport(server).Open();

        var outcome = await connection.SendAsync(Letter(1));

        Assert.That(outcome, Is.TypeOf<SmtpOutcome.InDoubt>().With.Property("Words").Contains("no reply"));
    }

    /// <summary>MailKit keeps to itself what it has read, and would take the 250 for the letter's.</summary>
    [Test]
    public async Task What_answers_to_the_letter_before_it_is_sent_is_no_answer()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Data, Connection: 1 } ? new LoopbackAnswer.Reply("354 go on\r\n250 2.0.0 kept") : null };
        await using var connection = Transport(server).Open();

        var outcomes = new[] { await connection.SendAsync(Letter(1)), await connection.SendAsync(Letter(1)) };

        Assert.That(outcomes[0], Is.TypeOf<SmtpOutcome.Deferred>().With.Property("Scope").EqualTo(SmtpScope.Relay));
        Assert.That((outcomes[1], server.Letters.Count), Is.EqualTo((new SmtpOutcome.Accepted("2.0.0 kept", 250), 1)));
    }

    [Test]
    public async Task A_reply_without_an_end_is_given_up()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Sender ? new LoopbackAnswer.Reply("250-" + string.Join("\r\n250-", Enumerable.Repeat(new string('x', 900), 100))) : null };
        await using var connection = Transport(server).Open();

        Assert.That(await connection.SendAsync(Letter(1)), Is.TypeOf<SmtpOutcome.Deferred>().With.Property("Scope").EqualTo(SmtpScope.Relay));
    }

    private static SmtpTransport Transport(LoopbackSmtp server, RelayWay way = RelayWay.Bulk) =>
        new(new() { Way = way, Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, Timeout = TimeSpan.FromMinutes(1) });

    private static Letter Letter(int reader) => Letters.Writer().Write(DeliveryId.Of(1, reader), EmailAddress.Read($"reader{reader}@example.com")!, new() { Name = "Zoë" });
}
