using System.Security.Cryptography;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Tests.Core.Composing;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Letters one behind the other on one line, none of which waits for the answer to the one before (RFC 2920, RFC 3030).</summary>
public sealed class SeveralLettersTests
{
    private static readonly string[] AllTaken = ["Accepted", "Accepted", "Accepted", "Accepted"];

    [TestCase(LoopbackTls.Never)]
    [TestCase(LoopbackTls.Offered)]
    public async Task They_arrive_in_their_order_on_one_line_each_with_an_envelope_of_its_own(LoopbackTls tls)
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, KeepsBytes = true, Tls = tls };
        await using var connection = Transport(server).Open();
        var letters = Letters4();
        Assert.That(await connection.SendAsync(Letter(9)), Is.TypeOf<SmtpOutcome.Accepted>());

        Assert.That((connection.TakesSeveral, connection.AtOnce), Is.EqualTo((true, 4)));
        Assert.That(Names(await connection.SendAsync(letters)), Is.EqualTo(AllTaken));
        Assert.That(server.Letters.Skip(1).Select(letter => (letter.Connection, letter.To.Single())), Is.EqualTo(letters.Select(letter => (1, letter.Recipient))));
        Assert.That(server.Letters.Skip(1).Select(letter => letter.Bytes.ToArray()), Is.EqualTo(letters.Select(letter => letter.Bytes.ToArray())));
    }

    [TestCase(LoopbackStage.Sender, "451 4.3.0 later", "Deferred")]
    [TestCase(LoopbackStage.Recipient, "550 5.1.1 no such user", "Rejected")]
    [TestCase(LoopbackStage.Letter, "554 5.7.1 spam", "Refused")]
    public async Task A_refusal_is_of_its_letter_alone(LoopbackStage stage, string line, string outcome)
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment.Stage == stage && moment.Transaction == 2 ? new LoopbackAnswer.Reply(line) : null };
        await using var connection = Transport(server).Open();

        var outcomes = await connection.SendAsync(Letters4());

        Assert.That(Names(outcomes), Is.EqualTo(new[] { "Accepted", outcome, "Accepted", "Accepted" }));
        Assert.That((server.Connections, string.Join(' ', server.Letters.Select(letter => letter.To.Single()[..7]))), Is.EqualTo((1, "reader1 reader3 reader4")));
    }

    [TestCase(LoopbackStage.Reset)]
    [TestCase(LoopbackStage.Sender)]
    [TestCase(LoopbackStage.Recipient)]
    [TestCase(LoopbackStage.Letter)]
    public async Task Who_says_421_has_taken_none_of_those_behind_and_they_go_on_a_new_line(LoopbackStage stage)
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment.Stage == stage && moment.Connection == 1 && moment.Transaction == (stage is LoopbackStage.Reset ? 1 : 2) ? new LoopbackAnswer.ReplyAndHangUp("421 4.7.0 enough for one line") : null,
        };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(AllTaken));
        Assert.That(server.Letters.Select(letter => (letter.Connection, letter.To.Single()[..7])), Is.EqualTo(new[] { (1, "reader1"), (2, "reader2"), (2, "reader3"), (2, "reader4") }));
    }

    [TestCase(LoopbackStage.Sender)]
    [TestCase(LoopbackStage.Recipient)]
    [TestCase(LoopbackStage.Letter)]
    public async Task Who_says_421_and_goes_on_all_the_same_gets_no_letter_twice(LoopbackStage stage)
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment.Stage == stage && moment is { Connection: 1, Transaction: 2 } ? new LoopbackAnswer.Reply("421 4.7.0 enough for one line") : null };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(AllTaken));
        Assert.That(server.Letters.Select(letter => (letter.Connection, letter.To.Single()[..7])), Is.EqualTo(new[] { (1, "reader1"), (1, "reader3"), (1, "reader4"), (2, "reader2") }));
    }

    [Test]
    public async Task Who_says_421_to_RSET_and_takes_the_letter_all_the_same_does_not_get_it_again()
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment is { Stage: LoopbackStage.Reset, Connection: 1, Transaction: 1 } ? new LoopbackAnswer.Reply("421 4.7.0 enough for one line") : null };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(AllTaken));
        Assert.That((server.Letters.Count, server.Connections), Is.EqualTo((4, 1)));
        Assert.That((Names([await connection.SendAsync(Letter(5))]).Single(), server.Letters[^1].Connection), Is.EqualTo(("Accepted", 2)), "the line is let go");
    }

    [Test]
    public async Task Who_says_421_and_then_breaks_off_in_mid_talk_leaves_in_doubt_what_it_may_have_taken()
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment is { Connection: 1, Transaction: 2, Stage: LoopbackStage.Sender } ? new LoopbackAnswer.Reply("421 4.7.0 enough for one line")
                : moment is { Connection: 1, Stage: LoopbackStage.Letter } && moment.To.StartsWith("reader3", StringComparison.Ordinal) ? new LoopbackAnswer.KeepAndHangUp() : null,
        };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(new[] { "Accepted", "Accepted", "InDoubt", "InDoubt" }));
        Assert.That(server.Letters.Select(letter => letter.MessageId), Is.Unique);
    }

    [Test]
    public async Task Behind_a_421_as_well_it_is_seen_that_the_relay_has_said_more_than_it_was_asked()
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment is { Connection: 1, Transaction: 2, Stage: LoopbackStage.Sender } ? new LoopbackAnswer.Reply("421 4.7.0 enough for one line")
                : moment is { Connection: 1, Transaction: 4, Stage: LoopbackStage.Letter } ? new LoopbackAnswer.Reply("250 2.0.0 kept\r\n250 2.0.0 kept") : null,
        };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(new[] { "Accepted", "Accepted", "InDoubt", "InDoubt" }), "the second went on a new line");
    }

    [Test]
    public async Task Who_says_421_and_nothing_more_has_taken_nothing() => await TimeOut.TryAsync(TimeSpan.FromMilliseconds(300), async timeout =>
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment is { Connection: 1, Transaction: 2, Stage: LoopbackStage.Sender } ? new LoopbackAnswer.GoDeaf("421 4.7.0 enough for one line") : null,
        };
        await using var connection = Transport(server, timeout: timeout).Open();
        await connection.SendAsync(Letter(1));

        Assert.That(Names(await connection.SendAsync([Letter(2), Letter(3)])), Is.EqualTo(new[] { "Accepted", "Accepted" }));
        Assert.That(server.Letters.Select(letter => letter.Connection), Is.EqualTo(new[] { 1, 2, 2 }));
    });

    [Test]
    public async Task For_the_relay_is_waited_also_while_a_line_is_opened_again()
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment.Stage is LoopbackStage.Greeting ? new LoopbackAnswer.Wait(TimeSpan.FromMilliseconds(100))
                : moment is { Stage: LoopbackStage.Letter, Connection: 1, Transaction: 2 } ? new LoopbackAnswer.ReplyAndHangUp("421 4.7.0 enough for one line") : null,
        };
        await using var connection = Transport(server).Open();

        await connection.SendAsync(Letter(1));
        var first = connection.Waited;
        await connection.SendAsync(Letter(2));

        var again = connection.Waited - first;
        Assert.That(server.Connections, Is.EqualTo(2));
        Assert.That(new[] { first.TotalMilliseconds, again.TotalMilliseconds }, Has.All.GreaterThanOrEqualTo(95), "clocks have their grain");
    }

    [Test]
    public async Task A_421_right_behind_the_last_answer_takes_nothing_back()
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment is { Stage: LoopbackStage.Letter, Transaction: 4 } ? new LoopbackAnswer.Reply("250 2.0.0 kept\r\n421 4.7.0 enough for one line") : null };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(AllTaken));
    }

    [TestCase("502 5.5.1 what is RSET")]
    [TestCase("452 4.3.1 not now")]
    public async Task Who_does_not_know_RSET_gets_them_all_the_same_where_those_before_were_taken(string line)
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment.Stage is LoopbackStage.Reset ? new LoopbackAnswer.Reply(line) : null };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(AllTaken));
        Assert.That((server.Connections, server.Letters.Count), Is.EqualTo((1, 4)));
    }

    [Test]
    public async Task Who_does_not_know_RSET_and_has_refused_one_leaves_the_next_in_doubt()
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment.Stage is LoopbackStage.Reset ? new LoopbackAnswer.Reply("502 5.5.1 what is RSET")
                : moment.Stage is LoopbackStage.Recipient && moment.To.StartsWith("reader2", StringComparison.Ordinal) ? new LoopbackAnswer.Reply("550 5.1.1 no such user") : null,
        };
        await using var connection = Transport(server).Open();

        var outcomes = Names(await connection.SendAsync(Letters4()));

        Assert.That(outcomes[..2], Is.EqualTo(new[] { "Accepted", "Rejected" }));
        Assert.That(outcomes[2..], Has.All.EqualTo("InDoubt"), "of which letter it speaks nobody knows, and it may have taken one into the envelope before");
        Assert.That(server.Letters.Select(letter => letter.MessageId), Is.Unique);
    }

    [Test]
    public async Task Who_knows_neither_RSET_nor_which_letter_it_refuses_leaves_that_in_doubt()
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment.Stage is LoopbackStage.Reset ? new LoopbackAnswer.Reply("502 5.5.1 what is RSET")
                : moment.Stage is LoopbackStage.Recipient && moment.Connection == 1 ? new LoopbackAnswer.Reply("550 5.1.1 no such user") : null,
        };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4()))[..2], Is.EqualTo(new[] { "Rejected", "InDoubt" }));
    }

    [Test]
    public async Task What_had_not_left_us_when_the_line_broke_goes_on_a_new_one()
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment is { Stage: LoopbackStage.Sender, Connection: 1, Transaction: 2 } ? new LoopbackAnswer.Reset() : null };
        await using var connection = Transport(server).Open();
        await connection.SendAsync(Letter(9));

        var outcomes = Names(await connection.SendAsync([Big(1), Big(2), Big(3), Big(4)]));

        Assert.That((outcomes[0], outcomes[3]), Is.EqualTo(("InDoubt", "Accepted")), "a megabyte does not lie in the kernel");
        Assert.That(server.Letters.Skip(1).Select(letter => (letter.Connection, letter.To.Single())), Is.EqualTo(
            Enumerable.Range(1, 4).Where(i => outcomes[i - 1] is "Accepted").Select(i => (2, $"reader{i}@example.com"))));
    }

    [Test]
    public async Task Where_the_relay_says_one_thing_too_many_those_behind_the_first_are_in_doubt()
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment is { Stage: LoopbackStage.Letter, Transaction: 4 } ? new LoopbackAnswer.Reply("250 2.0.0 kept\r\n250 2.0.0 kept") : null };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(new[] { "Accepted", "InDoubt", "InDoubt", "InDoubt" }));
    }

    [Test]
    public async Task A_relay_that_takes_few_on_a_line_gets_as_many_lines_as_it_needs()
    {
        await using var server = new LoopbackSmtp
        {
            TakesChunks = true,
            Script = moment => moment is { Stage: LoopbackStage.Sender, Transaction: 2 } ? new LoopbackAnswer.ReplyAndHangUp("421 4.7.0 one a line") : null,
        };
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(AllTaken));
        Assert.That(server.Letters.Select(letter => letter.Connection), Is.EqualTo(new[] { 1, 2, 3, 4 }));
    }

    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public async Task Where_the_line_is_lost_without_a_word_all_that_had_left_are_in_doubt_and_none_goes_again_by_itself(bool isKept, int kept)
    {
        LoopbackAnswer end = isKept ? new LoopbackAnswer.KeepAndHangUp() : new LoopbackAnswer.HangUp();
        await using var server = new LoopbackSmtp { TakesChunks = true, Script = moment => moment is { Stage: LoopbackStage.Letter, Transaction: 2, Connection: 1 } ? end : null };
        await using var connection = Transport(server).Open();

        var outcomes = await connection.SendAsync(Letters4());

        Assert.That(Names(outcomes), Is.EqualTo(new[] { "Accepted", "InDoubt", "InDoubt", "InDoubt" }));
        Assert.That((server.Letters.Count, Names(await connection.SendAsync(Letters4()))), Is.EqualTo((kept, AllTaken)), "the next ones go on a new line");
    }

    [Test]
    public async Task A_letter_that_the_relay_would_not_take_holds_up_no_other()
    {
        await using var server = new LoopbackSmtp { TakesChunks = true, MaxSize = 1_000_000 };
        await using var connection = Transport(server).Open();
        var big = Big(2, octets: 1_200_000);

        var outcomes = await connection.SendAsync([Letter(1), big, Letter(3)]);

        Assert.That(Names(outcomes), Is.EqualTo(new[] { "Accepted", "Refused", "Accepted" }));
        Assert.That(outcomes[1].Words, Does.Contain("1000000 octets at most"));
        Assert.That(server.Letters.Select(letter => letter.To.Single()[..7]), Is.EqualTo(new[] { "reader1", "reader3" }));
    }

    [Test]
    public async Task No_more_go_at_once_than_a_line_may_carry()
    {
        await using var server = new LoopbackSmtp { TakesChunks = true };
        await using var connection = Transport(server, most: 6).Open();

        await connection.SendAsync(Letters4());
        Assert.That(connection.AtOnce, Is.EqualTo(2));
        await connection.SendAsync([Letter(5), Letter(6)]);
        await connection.SendAsync([Letter(7)]);

        Assert.That(server.Letters.Select(letter => letter.Connection), Is.EqualTo(new[] { 1, 1, 1, 1, 1, 1, 2 }));
    }

    [Test]
    public async Task A_relay_without_CHUNKING_gets_one_after_the_other()
    {
        await using var server = new LoopbackSmtp();
        await using var connection = Transport(server).Open();

        Assert.That(Names(await connection.SendAsync(Letters4())), Is.EqualTo(AllTaken));
        Assert.That((connection.TakesSeveral, connection.AtOnce, server.Connections), Is.EqualTo((false, 1, 1)));
    }

    private static string[] Names(IReadOnlyList<SmtpOutcome> outcomes) => [.. outcomes.Select(outcome => outcome.GetType().Name)];

    private static SmtpTransport Transport(LoopbackSmtp server, int most = 100, TimeSpan? timeout = null) => new(new()
    {
        Way = RelayWay.Bulk, Host = "127.0.0.1", Port = server.Port, Timeout = timeout ?? TimeSpan.FromMinutes(1), MaxPerConnection = most,
        Security = server.Tls is LoopbackTls.Never ? RelaySecurity.None : RelaySecurity.StartTls,
        CertificateFingerprint = server.Tls is LoopbackTls.Never ? "" : server.Certificate.GetCertHashString(HashAlgorithmName.SHA256),
    });

    private static Letter Big(int reader, int octets = 255_000) => new NoteWriter(Some.Publication(), DkimSeal.None).Write(new()
    {
        To = EmailAddress.Read($"reader{reader}@example.com")!, Subject = "big", Text = string.Join('\n', Enumerable.Repeat(new string('x', 58), octets / 60)),
        MessageId = $"n-{reader}@example.org", Date = DateTimeOffset.UnixEpoch,
    });

    private static Letter[] Letters4() => [Letter(1), Letter(2), Letter(3), Letter(4)];

    private static Letter Letter(int reader) => Letters.Writer().Write(DeliveryId.Of(1, reader), EmailAddress.Read($"reader{reader}@example.com")!, new() { Name = "Zoë" });
}
