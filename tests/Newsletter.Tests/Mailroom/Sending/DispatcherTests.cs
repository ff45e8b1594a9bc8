using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>An edition goes out over real connections to a loopback server; what the server says becomes what the ledger says.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DispatcherTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task Each_of_300_readers_gets_one_letter_over_four_connections_of_20_letters_each()
    {
        await using var server = new LoopbackSmtp();
        var people = await House.SubscribeAsync(300);
        var edition = await House.StartAsync();
        var progress = new KeptProgress();

        var ended = await House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, connections: 4, most: 20)).SendUntilSettledAsync(edition, progress, Stop);

        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 300))));
        Assert.That(server.Letters.Select(letter => (letter.To.Single(), letter.From, letter.MessageId)), Is.EquivalentTo(people.Select((id, i) =>
            ($"reader{i}@example.com", House.Ours.ReturnPath(new(edition, id)), House.Ours.MessageId(new(edition, id))))));
        Assert.That(server.Letters.GroupBy(letter => letter.Connection).Max(line => line.Count()), Is.EqualTo(20));
        // The server may hear of a line's end after it has accepted the next one of the same loop.
        Assert.That(server.MostAtOnce, Is.LessThanOrEqualTo(8));
        Assert.That(progress.All.Select(report => report.Tally.Total), Is.All.EqualTo(300));
        Assert.That(progress.All[^1].Tally, Is.EqualTo(new Tally(Sent: 300)));
    }

    [Test]
    public async Task Who_is_greylisted_is_deferred_with_the_relays_words_and_sent_on_the_retry()
    {
        await using var server = new LoopbackSmtp
        {
            Script = moment => moment is { Stage: LoopbackStage.Recipient, To: "reader1@example.com" } ? new LoopbackAnswer.Reply("450 4.7.1 greylisted, come back") : null,
        };
        await House.SubscribeAsync(3);
        var edition = await House.StartAsync();
        var dispatcher = House.Dispatcher(new SendingOptions { RetryDelays = [TimeSpan.FromMinutes(5)] }, SendingHome.Relay(server));

        await dispatcher.SendDueAsync(edition, null, Stop);
        var tally = await House.TallyAsync(edition);
        var line = (await House.Deliveries.ListAsync(edition, DeliveryState.Deferred, new(0), 9, Stop)).Single();
        server.Script = _ => null;
        await House.Deliveries.RetryAsync(edition, new(DeliveryState.Deferred), DateTimeOffset.UtcNow, Stop);
        var ended = await dispatcher.SendUntilSettledAsync(edition, null, Stop);

        Assert.That(tally, Is.EqualTo(new Tally(Sent: 2, Deferred: 1)));
        Assert.That((line.Address, line.ReplyCode, line.ReplyStatus, line.ReplyWords), Is.EqualTo(("reader1@example.com", 450L, "4.7.1", "4.7.1 greylisted, come back")));
        Assert.That((ended.State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 3)));
    }

    [Test]
    public async Task An_unknown_mailbox_suspends_its_reader_with_the_relays_words()
    {
        await using var server = RefusingReader1("550 5.1.1 no such user here");
        var people = await House.SubscribeAsync(3);
        var edition = await House.StartAsync();

        await House.Dispatcher(server).SendUntilSettledAsync(edition, null, Stop);

        var subscriber = await House.Subscribers.FindAsync(people[1], Stop);
        var history = await House.Subscribers.HistoryAsync(people[1], Stop);
        Assert.That(await House.TallyAsync(edition), Is.EqualTo(new Tally(Sent: 2, Failed: 1)));
        Assert.That(subscriber!.State, Is.EqualTo(Newsletter.Subscribers.SubscriptionState.Suspended));
        Assert.That(history[^1].Change.Evidence, Does.StartWith("550 5.1.1 no such user here"));
    }

    [Test]
    public async Task A_refusal_for_policy_fails_the_letter_and_never_counts_against_the_reader()
    {
        await using var server = RefusingReader1("550 5.7.1 message refused by policy");
        var people = await House.SubscribeAsync(3);
        var edition = await House.StartAsync();

        var ended = await House.Dispatcher(server).SendUntilSettledAsync(edition, null, Stop);

        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 2, Failed: 1))));
        Assert.That((await House.Subscribers.FindAsync(people[1], Stop))!.State, Is.EqualTo(Newsletter.Subscribers.SubscriptionState.Active));
    }

    [Test]
    public async Task A_refused_sender_pauses_the_edition_and_everyone_waits_until_it_goes_on()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Sender ? new LoopbackAnswer.Reply("550 5.7.1 sender not allowed here") : null };
        await House.SubscribeAsync(120);
        var edition = await House.StartAsync();
        var progress = new KeptProgress();
        var dispatcher = House.Dispatcher(server);

        var paused = await dispatcher.SendUntilSettledAsync(edition, progress, Stop);
        var tally = await House.TallyAsync(edition);
        server.Script = _ => null;
        await House.Editions.StepAsync(edition, EditionState.Running, "", DateTimeOffset.UtcNow, Stop);
        var ended = await dispatcher.SendUntilSettledAsync(edition, progress, Stop);

        Assert.That((paused.State, tally), Is.EqualTo((EditionState.Paused, new Tally(Waiting: 120))));
        Assert.That(paused.StateReason, Does.Contain("sender not allowed here"));
        Assert.That((ended.State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 120)));
        Assert.That(progress.All.Select(report => report.Tally.Total), Is.All.EqualTo(120));
    }

    [Test]
    public async Task A_wrong_password_pauses_the_edition_before_any_letter_is_tried()
    {
        await using var server = new LoopbackSmtp { Credentials = ("editor", "right") };
        await House.SubscribeAsync(20);
        var edition = await House.StartAsync();
        var relay = new SmtpTransport(new() { Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, User = "editor", Password = "wrong" });

        var paused = await House.Dispatcher(SendingHome.Quick(), relay).SendUntilSettledAsync(edition, null, Stop);

        Assert.That((paused.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Paused, new Tally(Waiting: 20))));
        Assert.That(paused.StateReason, Does.Contain("wrong user or password").And.Contain("Relays"));
    }

    [Test]
    public async Task Ten_refused_letters_in_a_row_pause_the_edition_and_no_reader_pays()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Letter ? new LoopbackAnswer.Reply("554 5.6.0 we do not like this letter") : null };
        var people = await House.SubscribeAsync(60);
        var edition = await House.StartAsync();

        var paused = await House.Dispatcher(SendingHome.Quick(pauseAfter: 10), SendingHome.Relay(server, connections: 2)).SendUntilSettledAsync(edition, null, Stop);

        var tally = await House.TallyAsync(edition);
        Assert.That((paused.State, tally.Claimed, tally.Total), Is.EqualTo((EditionState.Paused, 0L, 60L)));
        Assert.That(tally.Failed, Is.InRange(10, 11), "ten, and the one in the other connection's hand");
        Assert.That(paused.StateReason, Does.Contain("we do not like this letter"));
        Assert.That((await House.Subscribers.FindAsync(people[0], Stop))!.State, Is.EqualTo(Newsletter.Subscribers.SubscriptionState.Active));
    }

    [Test]
    public async Task Lines_that_a_relay_refuses_are_no_letters_in_a_row_while_another_takes_them()
    {
        var (lines, refused) = (new CountdownEvent(3), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var refusing = new ScriptedTransport("refusing", connections: 3)
        {
            Opening = async () =>
            {
                if (lines.Signal())
                    refused.SetResult();
                await refused.Task;
                return new SmtpOutcome.Refused(535, "5.7.8", "the password has expired", SmtpScope.Relay);
            },
        };
        var taking = new ScriptedTransport("taking", connections: 1)
        {
            Opening = async () =>
            {
                await refused.Task;
                return null;
            },
        };
        await House.SubscribeAsync(20);
        var edition = await House.StartAsync();

        var ended = await House.Dispatcher(SendingHome.Quick(pauseAfter: 3), refusing, taking).SendUntilSettledAsync(edition, null, Stop);

        Assert.That((ended.State, taking.To.Count), Is.EqualTo((EditionState.Complete, 20)), ended.StateReason);
    }

    [Test]
    public async Task A_relay_that_says_421_now_and_then_still_gets_every_letter_once()
    {
        await using var server = new LoopbackSmtp
        {
            Script = moment => moment is { Stage: LoopbackStage.Sender, Transaction: 7 } ? new LoopbackAnswer.ReplyAndHangUp("421 4.3.2 too busy") : null,
        };
        await House.SubscribeAsync(40);
        var edition = await House.StartAsync();

        var ended = await House.Dispatcher(server).SendUntilSettledAsync(edition, null, Stop);

        Assert.That((ended.State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 40))));
        Assert.That(server.Letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(40));
    }

    [Test]
    public async Task No_letter_is_spent_on_a_relay_that_is_away_and_another_one_takes_them_all()
    {
        await using var away = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Greeting ? new LoopbackAnswer.ReplyAndHangUp("421 4.3.2 closed for the night") : null };
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(50);
        var edition = await House.StartAsync();
        var progress = new KeptProgress();

        await House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(away), SendingHome.Relay(server)).SendDueAsync(edition, progress, Stop);

        Assert.That((await House.EditionAsync(edition)).State, Is.EqualTo(EditionState.Complete), "in one pass: nothing was deferred");
        Assert.That(server.Letters, Has.Count.EqualTo(50));
        Assert.That(progress.All.Select(report => report.Tally.Deferred), Is.All.Zero);
    }

    private static LoopbackSmtp RefusingReader1(string line) => new()
    {
        Script = moment => moment is { Stage: LoopbackStage.Recipient, To: "reader1@example.com" } ? new LoopbackAnswer.Reply(line) : null,
    };
}
