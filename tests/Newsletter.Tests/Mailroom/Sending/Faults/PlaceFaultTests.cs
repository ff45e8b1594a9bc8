using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>Faults of the way to a relay, of what it offers, and of two relays at a time: a whole edition goes through each.</summary>
[TestFixture(RelayWay.MailKit, false)]
[TestFixture(RelayWay.Bulk, false)]
[TestFixture(RelayWay.Bulk, true)]
public sealed class PlaceFaultTests(RelayWay way, bool chunks) : DatabaseTests<SqliteHome>
{
    private FaultHouse House => field ??= new(Database);

    [Test]
    public async Task A_relay_that_refuses_the_connection_is_waited_for()
    {
        await using var server = Server();
        await server.DieAsync();
        await House.StartAsync();

        await using (var dispatcher = House.Dispatcher(Relay(server)))
            await House.SendAsync(dispatcher, server.Return, CancellationToken.None);

        Assert.That(House.Troubles, Has.Some.Contains($"relay 127.0.0.1:{server.Port} refuses the connection"));
        Assert.That(await House.AttemptsAsync(), Is.Empty, "no letter is spent on it");
        await House.AssertItAddsUpAsync(server.Letters);
    }

    [Test]
    public async Task A_name_that_DNS_does_not_know_is_waited_for_and_no_letter_spent()
    {
        await using var server = Server();
        await House.StartAsync();
        using var stop = new CancellationTokenSource();

        await using (var nowhere = House.Dispatcher(new SmtpTransport(new() { Way = way, Host = "relay.invalid", Port = server.Port, Security = RelaySecurity.None })))
            Assert.That(async () => await House.SendAsync(nowhere, stop.Cancel, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        var tally = await House.Home.TallyAsync(House.Edition);
        await House.SendAsync(Relay(server));

        Assert.That(House.Troubles, Has.Some.Contains($"relay relay.invalid:{server.Port} is not found"));
        Assert.That((tally, await House.AttemptsAsync()), Is.EqualTo((new Tally(Waiting: FaultHouse.Readers), "")));
        await House.AssertItAddsUpAsync(server.Letters);
    }

    [Test]
    public async Task A_certificate_that_nobody_vouches_for_pauses_the_edition_until_it_is_known()
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Tls = LoopbackTls.Offered };
        await House.StartAsync();

        var paused = await House.SendAsync(Relay(server, RelaySecurity.StartTls));
        var commands = server.Commands;
        await House.ResumeAsync();
        await House.SendAsync(Relay(server, RelaySecurity.StartTls, server.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)));

        Assert.That($"{paused.State}: {paused.StateReason}", Does.StartWith("Paused: ").And.Contain("certificate that is not valid for 127.0.0.1").And.Contain("CertificateFingerprint"));
        Assert.That(commands, Has.None.Contains("MAIL"));
        await House.AssertItAddsUpAsync(server.Letters);
    }

    /// <summary>What TLS says of itself between two letters, such as tickets for later, is no word unasked.</summary>
    [TestCase(RelaySecurity.StartTls, LoopbackTls.Offered)]
    [TestCase(RelaySecurity.Tls, LoopbackTls.FromTheStart)]
    public async Task A_line_over_TLS_is_kept_for_the_whole_edition(RelaySecurity security, LoopbackTls tls)
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, Tls = tls };
        await House.StartAsync(readers: 40);

        await House.SendAsync(Relay(server, security, server.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)));

        Assert.That(server.Connections, Is.EqualTo(1));
        await House.AssertItAddsUpAsync(server.Letters);
    }

    [Test]
    public async Task A_relay_without_STARTTLS_pauses_the_edition_and_hears_no_letter_in_clear_text()
    {
        await using var server = Server();
        await House.StartAsync();

        var paused = await House.SendAsync(Relay(server, RelaySecurity.StartTls));
        var commands = server.Commands;
        await House.ResumeAsync();
        await House.SendAsync(Relay(server));

        Assert.That($"{paused.State}: {paused.StateReason}", Does.StartWith("Paused: ").And.Contain("does not offer STARTTLS"));
        Assert.That(commands, Has.None.Contains("MAIL"));
        await House.AssertItAddsUpAsync(server.Letters);
    }

    /// <summary>The relay cannot carry the letter; the address may be as good as any.</summary>
    [Test]
    public async Task An_address_that_needs_SMTPUTF8_fails_at_a_relay_without_it_and_its_reader_stays()
    {
        await using var server = Server();
        await House.StartAsync();
        await House.Home.Subscribers.AddAsync(new(EmailAddress.Read("grün@example.com")!), new(SubscriptionState.Active, "test", Actor.Import, House.Clock.GetUtcNow()), CancellationToken.None);
        var edition = await House.Home.StartAsync("0002-second");

        await using var dispatcher = House.Dispatcher(Relay(server));
        var ended = await House.HastenAsync(dispatcher.SendUntilSettledAsync(edition, null, CancellationToken.None));
        var line = (await House.Home.Deliveries.ListAsync(edition, DeliveryState.Failed, new(0), 9, CancellationToken.None)).Single();

        Assert.That((ended.State, await House.Home.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: FaultHouse.Readers, Failed: 1))));
        Assert.That((line.ReplyCode, line.ReplyStatus), Is.EqualTo((553L, "5.6.7")));
        Assert.That((await House.Home.Subscribers.FindAsync(new SubscriberId(line.SubscriberId), CancellationToken.None))!.State, Is.EqualTo(SubscriptionState.Active));
        Assert.That(server.Commands, Has.None.Contains("gr"), "the relay is not asked");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_letter_beyond_the_announced_SIZE_pauses_the_edition_and_is_not_sent_in_vain(bool hides)
    {
        await using var server = new LoopbackSmtp { TakesChunks = chunks, MaxSize = 500, HidesMaxSize = hides };
        await House.StartAsync();

        var paused = await House.SendAsync(Relay(server));
        var (commands, tally) = (server.Commands, await House.Home.TallyAsync(House.Edition));
        server.MaxSize = 500_000;
        await House.ResumeAsync();
        await House.SendAsync(Relay(server));

        Assert.That($"{paused.State}: {paused.StateReason}", Does.StartWith("Paused: ").And.Contain(hides ? "5.3.4 letter too big" : "the relay takes letters of 500 octets at most"));
        Assert.That(tally, Is.EqualTo(new Tally(Waiting: FaultHouse.Readers)));
        Assert.That(commands.Any(command => command.Contains("MAIL", StringComparison.Ordinal)), Is.EqualTo(hides));
        await House.AssertItAddsUpAsync(server.Letters);
    }

    [Test]
    public async Task Of_two_relays_one_dies_in_mid_run_and_the_other_carries_the_rest()
    {
        await using var first = Server();
        await using var second = Server();
        var died = Task.CompletedTask;
        first.Script = moment =>
        {
            if (moment is not { Stage: LoopbackStage.Sender, Kept: 2 })
                return null;
            died = first.DieAsync();
            return new LoopbackAnswer.HangUp();
        };
        await House.StartAsync(readers: 40);

        await House.SendAsync(Relay(first), Relay(second));
        await died;

        Assert.That((first.Letters.Count, second.Letters.Count), Is.EqualTo((2, 38)));
        await House.AssertItAddsUpAsync([.. first.Letters, .. second.Letters]);
    }

    private LoopbackSmtp Server() => new() { TakesChunks = chunks };

    private SmtpTransport Relay(LoopbackSmtp server, RelaySecurity security = RelaySecurity.None, string fingerprint = "") =>
        new(new() { Way = way, Host = "127.0.0.1", Port = server.Port, Security = security, CertificateFingerprint = fingerprint, Connections = 1, Timeout = TimeSpan.FromMinutes(1) });
}
