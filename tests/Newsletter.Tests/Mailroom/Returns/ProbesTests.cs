using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Returns;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Tests.Mailroom.Sending;
using Newsletter.Tests.Storage.Returns;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>The small letter that asks whether anybody is there, from the score to the silence or the return.</summary>
public sealed class ProbesTests : DatabaseTests<SqliteHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly OurAddresses Ours = Some.OurAddresses();
    private readonly FakeTimeProvider clock = new(BounceHome.Now.AddDays(28));
    private SubscriberId ida;

    private BounceHome House => field ??= new(Database);

    [SetUp]
    public async Task Doubt_a_reader() => ida = await House.DoubtAsync();

    [Test]
    public async Task It_goes_to_the_reader_under_a_sealed_return_path_of_its_own_and_says_how_to_leave()
    {
        await using var relay = new LoopbackSmtp { KeepsBytes = true };

        var sent = (await Probes(relay).LookAsync(Stop), await Probes(relay).LookAsync(Stop));

        var letter = relay.Letters.Single();
        var message = await MimeMessage.LoadAsync(new MemoryStream(letter.Bytes.ToArray()), Stop);
        Assert.That(sent, Is.EqualTo((1, 0)));
        Assert.That((letter.To.Single(), Ours.ReadProbe(letter.From)?.Subscriber, Ours.ReadProbe(message.MessageId!)?.Subscriber), Is.EqualTo(("reader0@harbour.example", (SubscriberId?)ida, (SubscriberId?)ida)));
        Assert.That(Ours.ReadRecipient(TokenPurpose.ReturnPath, letter.From), Is.Null, "a probe's token is none of a letter's");
        Assert.That((message.Subject, message.Headers["Auto-Submitted"]), Is.EqualTo(("Does Field Notes still reach you?", "auto-generated")));
        Assert.That(message.TextBody, Does.Contain("https://news.example.org/u/").And.Contain("you need not do anything"));
    }

    [Test]
    public async Task When_its_report_comes_back_the_reader_is_suspended_once()
    {
        await using var relay = new LoopbackSmtp();
        await Probes(relay).LookAsync(Stop);
        var desk = new ReturnDesk(new ReturnedMailStore(Database), Ours, clock);

        var taken = await desk.TakeAsync(Report(relay.Letters.Single().From), "test", [], Stop);

        var line = (await House.Subscribers.HistoryAsync(ida, Stop))[^1].Change;
        Assert.That((taken.Handled!.Consequence.Word, taken.Handled.Outcome, taken.IsUnmatched), Is.EqualTo(("suspend", "suspended", false)));
        var listed = (await new ReturnedMailStore(Database).ListAsync(new() { Ids = [taken.Id] }, 10, Stop)).Single();
        Assert.That((listed.IsUnmatched, listed.Subscriber), Is.EqualTo((false, (SubscriberId?)ida)));
        Assert.That(await new ReturnedMailStore(Database).FindAsync(new() { IsUnmatched = true }, Stop), Is.Empty);
        Assert.That((line.Reason, line.ReturnedMail), Is.EqualTo(("the probe came back: mailbox-full; score 4.5 of 5 bounces", (long?)taken.Id)));
    }

    [Test]
    public async Task A_relay_that_refuses_the_address_at_once_is_the_same()
    {
        await using var relay = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply("550 5.1.1 no such user") : null };

        await Probes(relay).LookAsync(Stop);

        Assert.That((await House.StateAsync(ida), (await House.Suspensions.OfAsync(ida, clock.GetUtcNow(), Stop)).Probes.Single().State), Is.EqualTo((SubscriptionState.Suspended, "came back")));
    }

    [Test]
    public async Task A_relay_that_refuses_us_says_nothing_of_the_reader_and_it_is_tried_again()
    {
        await using var relay = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply("550 5.7.1 your host is listed at spamcop") : null };
        await Probes(relay).LookAsync(Stop);
        var state = await House.StateAsync(ida);
        relay.Script = _ => null;

        clock.Advance(TimeSpan.FromHours(5));
        var early = await Probes(relay).LookAsync(Stop);
        clock.Advance(TimeSpan.FromMinutes(61));

        Assert.That((state, early, await Probes(relay).LookAsync(Stop)), Is.EqualTo((SubscriptionState.Active, 0, 1)));
    }

    [Test]
    public async Task A_relay_that_goes_on_refusing_us_is_not_asked_for_ever()
    {
        await using var relay = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply("550 5.7.1 your host is listed at spamcop") : null };
        await Probes(relay).LookAsync(Stop);
        clock.Advance(TimeSpan.FromDays(8));

        await Probes(relay).LookAsync(Stop);

        Assert.That((await House.StateAsync(ida), (await House.Suspensions.OfAsync(ida, clock.GetUtcNow(), Stop)).Probes.Single().State), Is.EqualTo((SubscriptionState.Active, "void")));
    }

    [Test]
    public async Task In_the_sandbox_nobody_is_asked_and_nobody_s_silence_counts()
    {
        await using var relay = new LoopbackSmtp();

        var sent = await Probes(relay, new() { Sandbox = "tester@example.org" }).LookAsync(Stop);

        Assert.That((sent, relay.Letters.Count, (await House.Suspensions.OfAsync(ida, clock.GetUtcNow(), Stop)).Probes.Single().State), Is.EqualTo((0, 0, "due")));
    }

    [Test]
    public async Task A_forged_report_changes_nobody()
    {
        await using var relay = new LoopbackSmtp();
        await Probes(relay).LookAsync(Stop);
        var desk = new ReturnDesk(new ReturnedMailStore(Database), Ours, clock);

        await desk.TakeAsync(Report(relay.Letters.Single().From.Replace("b-", "b-a", StringComparison.Ordinal)), "test", [], Stop);

        Assert.That(await House.StateAsync(ida), Is.EqualTo(SubscriptionState.Active));
    }

    private Probes Probes(LoopbackSmtp relay, SendingOptions? sending = null) => new(House.Probes, new CurrentPlan(new SendingPlan([SendingHome.Relay(relay)])), new NoteWriter(Some.Publication(), DkimSeal.None), Ours,
        Some.Publication(), sending ?? new(), BouncePolicy.Usual, clock, NullLogger<Probes>.Instance);

    private static byte[] Report(string to) => Encoding.UTF8.GetBytes($"""
        From: MAILER-DAEMON@mx.harbour.example
        To: {to}
        Subject: Undelivered Mail Returned to Sender
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"
        MIME-Version: 1.0

        --b
        Content-Type: text/plain

        The mailbox is full.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.harbour.example

        Final-Recipient: rfc822; reader0@harbour.example
        Action: failed
        Status: 5.2.2
        Diagnostic-Code: smtp; 552 5.2.2 mailbox is full
        --b--

        """.ReplaceLineEndings("\r\n"));
}
