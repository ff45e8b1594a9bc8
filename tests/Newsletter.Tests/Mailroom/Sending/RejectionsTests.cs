using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Subscribers;
using Newsletter.Tests.Storage.Returns;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>What a relay says while sending comes in by the same policy as a report.</summary>
public sealed class RejectionsTests : DatabaseTests<SqliteHome>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly AfterAttempt Failed = new(DeliveryState.Failed);
    private static readonly DeliveryId Delivery = DeliveryId.Of(12, 34);

    [Test]
    public void A_refused_address_is_a_bounce_with_code_status_and_words() =>
        Assert.That(Rejections.FactOf(new SmtpOutcome.Rejected(550, "5.1.1", "no such user"), Failed, Delivery, Noon)?.Evidence, Is.EqualTo("550 5.1.1 no such user"));

    [Test]
    public void A_refusal_about_us_never_counts_whatever_its_words_seem_to_say() =>
        Assert.That(Rejections.FactOf(new SmtpOutcome.Refused(550, null, "no such user", SmtpScope.Recipient), Failed, Delivery, Noon)?.Verdict.IsAboutSender, Is.True);

    [Test]
    public void What_is_tried_again_has_not_come_back() =>
        Assert.That(Rejections.FactOf(new SmtpOutcome.Deferred(452, "4.2.2", "full", SmtpScope.Recipient), new(DeliveryState.Deferred, Noon), Delivery, Noon), Is.Null);

    [Test]
    public void What_was_tried_to_the_end_has_and_is_soft() =>
        Assert.That(Rejections.FactOf(new SmtpOutcome.Deferred(452, "4.2.2", "mailbox full", SmtpScope.Recipient), Failed, Delivery, Noon)?.Verdict is { Reason: BounceReason.MailboxFull, Permanence: Permanence.Transient }, Is.True);

    [Test]
    public void A_line_that_was_lost_says_nothing_of_the_reader() =>
        Assert.That(Rejections.FactOf(new SmtpOutcome.Deferred(null, null, "lost", SmtpScope.Relay), Failed, Delivery, Noon), Is.Null);

    [Test]
    public async Task Two_hundred_refused_alike_by_the_relay_pause_the_edition_and_suspend_nobody()
    {
        var home = new SendingHome(Database, TimeProvider.System);
        await home.SubscribeAsync(200);
        var edition = await home.StartAsync();
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply($"550 5.1.1 <{moment.To}> user unknown") : null };
        await using var dispatcher = home.Dispatcher(SendingHome.Quick(pauseAfter: 10_000), SendingHome.Relay(server));

        await dispatcher.SendUntilSettledAsync(edition, null, Stop);

        var house = new BounceHome(Database);
        var incident = (await house.Incidents.ListAsync(all: false, 10, Stop)).Single();
        Assert.That((await house.SuspendedAsync(), (await home.EditionAsync(edition)).State), Is.EqualTo((0L, EditionState.Paused)));
        Assert.That((await home.EditionAsync(edition)).StateReason, Does.StartWith($"incident {incident.Id}: "));
    }

    [Test]
    public async Task A_full_mailbox_that_the_relay_refuses_counts_and_does_not_suspend()
    {
        var home = new SendingHome(Database, TimeProvider.System);
        var ida = (await home.SubscribeAsync(1))[0];
        var edition = await home.StartAsync();
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Recipient ? new LoopbackAnswer.Reply("552 5.2.2 mailbox is full") : null };
        await using var dispatcher = home.Dispatcher(server);

        await dispatcher.SendUntilSettledAsync(edition, null, Stop);

        var house = new BounceHome(Database);
        Assert.That(((await house.Suspensions.OfAsync(ida, TimeProvider.System.GetUtcNow(), Stop)).Score.Counting, await house.StateAsync(ida)), Is.EqualTo((1, SubscriptionState.Active)));
    }
}
