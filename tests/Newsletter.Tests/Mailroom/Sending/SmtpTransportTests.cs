using System.Security.Cryptography;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Tests.Core.Composing;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>What holds whichever way a letter is handed over: by MailKit, by us with a final dot, by us in one chunk.</summary>
[TestFixture(RelayWay.MailKit, false)]
[TestFixture(RelayWay.Bulk, false)]
[TestFixture(RelayWay.Bulk, true)]
[TestFixture(RelayWay.Auto, true)]
public sealed class SmtpTransportTests(RelayWay way, bool chunks)
{
    [Test]
    public async Task A_letter_arrives_octet_for_octet_and_its_signatures_verify()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, KeepsBytes = true };
        await using var connection = Transport(server).Open();
        var letter = Letter(1);

        var outcome = await connection.SendAsync(letter);

        var kept = server.Letters.Single();
        Assert.That(outcome, Is.EqualTo(new SmtpOutcome.Accepted("2.0.0 kept", 250)));
        Assert.That(kept.Bytes.ToArray(), Is.EqualTo(letter.Bytes.ToArray()));
        Assert.That(Dkim.Verify(kept.Bytes), Is.EqualTo(new[] { true, true }));
        Assert.That((kept.From, kept.To.Single()), Is.EqualTo((letter.Sender, letter.Recipient)));
    }

    [Test]
    public async Task An_unsigned_letter_arrives_octet_for_octet_too()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, KeepsBytes = true };
        await using var connection = Transport(server).Open();
        var letter = new NoteWriter(Some.Publication(), DkimSeal.None).Write(new()
        {
            To = EmailAddress.Read("editor@example.net")!, Subject = "Grüße", Text = ".\r\n..\n" + new string('ü', 200), MessageId = "n-1@example.org", Date = DateTimeOffset.UnixEpoch,
        });

        var outcome = await connection.SendAsync(letter);

        Assert.That(outcome, Is.TypeOf<SmtpOutcome.Accepted>());
        Assert.That(server.Letters.Single().Bytes.ToArray(), Is.EqualTo(letter.Bytes.ToArray()));
        Assert.That(server.Commands, Has.Some.Match("MAIL FROM:<> "), "the null sender: no bounce of an automatic mail");
    }

    [Test]
    public async Task The_envelope_asks_for_reports_of_failure_and_delay_alone()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks };
        await using var connection = Transport(server).Open();
        var letter = Letter(1);

        await connection.SendAsync(letter);

        Assert.That(server.Commands, Has.Some.Match(@"MAIL FROM:<r-[a-z2-7]+@returns\.example\.org>.* RET=HDRS").And.Some.Contains($"ENVID={letter.MessageId}"));
        Assert.That(server.Commands, Has.Some.Match("RCPT TO:<reader1@example.com> NOTIFY=FAILURE,DELAY ORCPT=rfc822;reader1@example.com"));
    }

    [Test]
    public async Task One_connection_carries_many_letters_and_a_new_one_is_opened_after_its_most()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks };
        await using (var connection = Transport(server, most: 3).Open())
            for (var i = 1; i <= 7; i++)
                Assert.That(await connection.SendAsync(Letter(i)), Is.TypeOf<SmtpOutcome.Accepted>());

        Assert.That(server.Letters.Select(letter => letter.Connection), Is.EqualTo(new[] { 1, 1, 1, 2, 2, 2, 3 }));
        Assert.That(server.Commands.Count(command => command.Contains("QUIT", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [TestCase(LoopbackStage.Sender, "550 5.1.8 bad sender", "Refused { Code = 550, Status = 5.1.8, Reply = 5.1.8 bad sender, Scope = Relay }")]
    [TestCase(LoopbackStage.Sender, "451 4.3.0 later", "Deferred { Code = 451, Status = 4.3.0, Reply = 4.3.0 later, Scope = Relay }")]
    [TestCase(LoopbackStage.Recipient, "550 5.1.1 no such user", "Rejected { Code = 550, Status = 5.1.1, Reply = 5.1.1 no such user }")]
    [TestCase(LoopbackStage.Recipient, "450 4.7.1 greylisted", "Deferred { Code = 450, Status = 4.7.1, Reply = 4.7.1 greylisted, Scope = Recipient }")]
    [TestCase(LoopbackStage.Recipient, "550-5.7.1 this is\r\n550 5.7.1 policy", "Refused { Code = 550, Status = 5.7.1, Reply = 5.7.1 this is 5.7.1 policy, Scope = Recipient }")]
    [TestCase(LoopbackStage.Data, "451 4.3.0 not now", "Deferred { Code = 451, Status = 4.3.0, Reply = 4.3.0 not now, Scope = Relay }")]
    [TestCase(LoopbackStage.Data, "554 5.6.0 no", "Refused { Code = 554, Status = 5.6.0, Reply = 5.6.0 no, Scope = Recipient }")]
    [TestCase(LoopbackStage.Letter, "554 5.7.1 spam", "Refused { Code = 554, Status = 5.7.1, Reply = 5.7.1 spam, Scope = Recipient }")]
    [TestCase(LoopbackStage.Letter, "452 4.2.2 later", "Deferred { Code = 452, Status = 4.2.2, Reply = 4.2.2 later, Scope = Recipient }")]
    public async Task What_the_relay_says_is_the_outcome_and_the_line_is_kept_for_the_next_letter(LoopbackStage stage, string line, string expected)
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment.Stage == stage && moment.Transaction == 1 ? new LoopbackAnswer.Reply(line) : null };
        await using var connection = Transport(server).Open();

        var first = await connection.SendAsync(Letter(1));
        var second = await connection.SendAsync(Letter(2));

        Assert.That(InWords(first), Is.EqualTo(expected));
        Assert.That(second, Is.TypeOf<SmtpOutcome.Accepted>());
        Assert.That((server.Connections, server.Letters.Count), Is.EqualTo((1, 1)));
    }

    [TestCase(LoopbackStage.Sender)]
    [TestCase(LoopbackStage.Recipient)]
    [TestCase(LoopbackStage.Data)]
    public async Task A_line_lost_before_the_letter_was_given_defers_it_and_in_one_chunk_it_is_given_from_the_first(LoopbackStage stage)
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment.Stage == stage && moment.Connection == 1 ? new LoopbackAnswer.HangUp() : null };
        await using var connection = Transport(server).Open();

        var first = await connection.SendAsync(Letter(1));
        var second = await connection.SendAsync(Letter(2));

        Assert.That(first, chunks ? Is.TypeOf<SmtpOutcome.InDoubt>() : Is.TypeOf<SmtpOutcome.Deferred>().With.Property("Scope").EqualTo(SmtpScope.Relay));
        Assert.That(second, Is.TypeOf<SmtpOutcome.Accepted>());
    }

    [Test]
    public async Task A_line_lost_after_the_final_dot_leaves_the_letter_in_doubt()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment is { Stage: LoopbackStage.Letter, Connection: 1 } ? new LoopbackAnswer.KeepAndHangUp() : null };
        await using var connection = Transport(server).Open();

        var first = await connection.SendAsync(Letter(1));
        var second = await connection.SendAsync(Letter(1));

        Assert.That(first, Is.TypeOf<SmtpOutcome.InDoubt>());
        Assert.That(second, Is.TypeOf<SmtpOutcome.Accepted>());
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().ToList(), Has.Count.EqualTo(1), "the copy is the same letter");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_kept_line_that_the_relay_has_closed_is_opened_again_without_anyone_noticing(bool withWords)
    {
        LoopbackAnswer closing = withWords ? new LoopbackAnswer.ReplyAndHangUp("421 4.4.2 idle too long") : new LoopbackAnswer.HangUp();
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment is { Stage: LoopbackStage.Sender, Connection: 1, Transaction: 2 } ? closing : null };
        await using var connection = Transport(server).Open();

        var outcomes = new[] { await connection.SendAsync(Letter(1)), await connection.SendAsync(Letter(2)) };

        if (chunks && !withWords) // the second letter had left us: it may be there
            Assert.That(outcomes[1], Is.TypeOf<SmtpOutcome.InDoubt>());
        else
            Assert.That(outcomes, Has.All.TypeOf<SmtpOutcome.Accepted>());
        Assert.That(server.Letters.Select(letter => letter.Connection), Is.EqualTo(chunks && !withWords ? new[] { 1 } : [1, 2]));
    }

    [Test]
    public async Task A_relay_that_always_says_421_defers_after_one_new_line()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment.Stage is LoopbackStage.Recipient && moment.Kept > 0 ? new LoopbackAnswer.ReplyAndHangUp("421 4.7.0 slow down") : null };
        await using var connection = Transport(server).Open();

        await connection.SendAsync(Letter(1));
        var second = await connection.SendAsync(Letter(2));

        Assert.That(second, Is.EqualTo(new SmtpOutcome.Deferred(421, "4.7.0", "4.7.0 slow down", SmtpScope.Relay)));
        Assert.That(server.Connections, Is.EqualTo(2));
    }

    [TestCase(LoopbackStage.Letter, typeof(SmtpOutcome.InDoubt))]
    [TestCase(LoopbackStage.Recipient, typeof(SmtpOutcome.Deferred))]
    public Task A_relay_that_says_nothing_is_given_up_after_the_time_out(LoopbackStage stage, Type outcome) => TimeOut.TryAsync(TimeSpan.FromMilliseconds(250), async timeout =>
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment.Stage == stage ? new LoopbackAnswer.Stall() : null };
        await using var connection = Transport(server, timeout: timeout).Open();

        Assert.That(await connection.SendAsync(Letter(1)), Is.TypeOf(chunks ? typeof(SmtpOutcome.InDoubt) : outcome));
    });

    [TestCase(RelaySecurity.StartTls, LoopbackTls.Offered)]
    [TestCase(RelaySecurity.Tls, LoopbackTls.FromTheStart)]
    public async Task A_letter_goes_over_TLS_with_a_password(RelaySecurity security, LoopbackTls tls)
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Tls = tls, Credentials = ("news", "secret"), KeepsBytes = true };
        var letter = Letter(1);
        await using var connection = new SmtpTransport(Relay(server, security, password: "secret", trusted: true)).Open();

        var outcome = await connection.SendAsync(letter);

        Assert.That(outcome, Is.TypeOf<SmtpOutcome.Accepted>(), outcome.Words);
        Assert.That(server.Letters.Single().Bytes.ToArray(), Is.EqualTo(letter.Bytes.ToArray()));
    }

    [Test]
    public async Task A_wrong_password_is_ours_to_mend_and_is_not_told()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Tls = LoopbackTls.Offered, Credentials = ("news", "secret") };
        await using var connection = new SmtpTransport(Relay(server, RelaySecurity.StartTls, password: "wr0ng", trusted: true)).Open();

        var outcome = await connection.SendAsync(Letter(1));

        Assert.That(outcome, Is.TypeOf<SmtpOutcome.Refused>().With.Property("Code").EqualTo(535).And.Property("Scope").EqualTo(SmtpScope.Relay));
        Assert.That(outcome.Words, Is.EqualTo("5.7.8 wrong user or password"));
        Assert.That(outcome.Remedy, Does.Contain("User and Password in Relays"));
        Assert.That(outcome.ToString(), Does.Not.Contain("wr0ng"));
    }

    [Test]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_with_its_fingerprint()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Tls = LoopbackTls.Offered };
        await using var connection = new SmtpTransport(Relay(server, RelaySecurity.StartTls)).Open();

        var outcome = await connection.OpenAsync(CancellationToken.None);

        Assert.That(outcome, Is.TypeOf<SmtpOutcome.Refused>());
        Assert.That(outcome!.Words, Does.Contain("certificate that is not valid"));
        Assert.That(outcome.Remedy, Does.Contain(server.Certificate.GetCertHashString(HashAlgorithmName.SHA256)));
        Assert.That(server.Letters, Is.Empty);
    }

    [Test]
    public async Task A_relay_without_STARTTLS_gets_no_letter_in_clear_text()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Tls = LoopbackTls.Never };
        await using var connection = new SmtpTransport(Relay(server, RelaySecurity.StartTls)).Open();

        var outcome = await connection.SendAsync(Letter(1));

        Assert.That(outcome, Is.TypeOf<SmtpOutcome.Refused>());
        Assert.That(outcome.Words, Does.Contain("does not offer STARTTLS"));
        Assert.That(server.Commands, Has.None.Contains("MAIL"));
    }

    [Test]
    public async Task TLS_spoken_to_a_clear_text_port_is_explained()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks };
        await using var connection = new SmtpTransport(Relay(server, RelaySecurity.Tls)).Open();

        var outcome = await connection.OpenAsync(CancellationToken.None);

        Assert.That(outcome!.Remedy, Does.Contain("Security in Relays"));
    }

    [Test]
    public async Task A_port_where_nobody_listens_and_a_host_that_is_none_are_told_apart()
    {
        var server = new LoopbackSmtp { TakesChunks = chunks };
        var closed = server.Port;
        await server.DisposeAsync();
        await using var nobody = new SmtpTransport(new() { Way = way, Host = "127.0.0.1", Port = closed, Security = RelaySecurity.None }).Open();
        await using var nowhere = new SmtpTransport(new() { Way = way, Host = "mail.invalid", Port = 25, Security = RelaySecurity.None }).Open();

        var refused = await nobody.SendAsync(Letter(1));
        var unknown = await nowhere.SendAsync(Letter(1));

        Assert.That(refused.Words, Is.EqualTo($"relay 127.0.0.1:{closed} refuses the connection"));
        Assert.That(unknown.Words, Does.StartWith("relay mail.invalid:25 is not found"));
        Assert.That(new[] { refused, unknown }, Has.All.TypeOf<SmtpOutcome.Deferred>().And.All.Property("Remedy").Contains("Host"));
    }

    [TestCase("554 5.7.1 no service for you", typeof(SmtpOutcome.Refused))]
    [TestCase("421 4.7.0 too many connections", typeof(SmtpOutcome.Deferred))]
    public async Task A_greeting_that_refuses_is_about_the_relay(string greeting, Type outcome)
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment.Stage is LoopbackStage.Greeting ? new LoopbackAnswer.ReplyAndHangUp(greeting) : null };
        await using var connection = Transport(server).Open();

        var answer = await connection.SendAsync(Letter(1));

        Assert.That(answer, Is.TypeOf(outcome).With.Property("Scope").EqualTo(SmtpScope.Relay));
        Assert.That(answer.Words, Is.EqualTo(greeting[4..]));
    }

    [Test]
    public async Task An_address_that_needs_SMTPUTF8_is_refused_by_us_where_the_relay_lacks_it()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks };
        await using var connection = Transport(server).Open();

        var outcome = await connection.SendAsync(Letter(1) with { Recipient = "grün@example.com" });

        Assert.That(outcome, Is.TypeOf<SmtpOutcome.Rejected>().With.Property("Status").EqualTo("5.6.7"));
        Assert.That(server.Commands, Has.None.Contains("RCPT"));
    }

    [Test]
    public async Task A_stop_while_opening_is_a_stop_and_no_outcome()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Script = moment => moment.Stage is LoopbackStage.Greeting ? new LoopbackAnswer.Stall() : null };
        await using var connection = Transport(server).Open();
        using var stop = new CancellationTokenSource();
        var opening = connection.OpenAsync(stop.Token);

        await stop.CancelAsync();

        Assert.That(async () => await opening, Throws.InstanceOf<OperationCanceledException>());
    }

    private SmtpTransport Transport(LoopbackSmtp server, int most = 100, TimeSpan? timeout = null) =>
        new(new() { Way = way, Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, MaxPerConnection = most, Timeout = timeout ?? TimeSpan.FromMinutes(1) });

    private RelayOptions Relay(LoopbackSmtp server, RelaySecurity security, string password = "", bool trusted = false) => new()
    {
        Way = way,
        Host = "127.0.0.1",
        Port = server.Port,
        Security = security,
        User = password.Length > 0 ? "news" : "",
        Password = password,
        CertificateFingerprint = trusted ? server.Certificate.GetCertHashString(HashAlgorithmName.SHA256) : "",
        Timeout = TimeSpan.FromMinutes(1),
    };

    private static Letter Letter(int reader) => Letters.Writer().Write(DeliveryId.Of(1, reader), EmailAddress.Read($"reader{reader}@example.com")!, new() { Name = "Zoë" });

    private static string InWords(SmtpOutcome outcome)
    {
        var text = outcome.ToString()!.Replace($"Words = {outcome.Words}, ", "", StringComparison.Ordinal).Replace("Remedy = , ", "", StringComparison.Ordinal);
        return text;
    }
}
