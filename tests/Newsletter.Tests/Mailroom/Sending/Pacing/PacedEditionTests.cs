using System.Globalization;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

/// <summary>Editions whose relays and domains do not take letters as they come, by both ways of sending, over both databases.</summary>
[TestFixture(typeof(SqliteHome), RelayWay.MailKit)]
[TestFixture(typeof(SqliteHome), RelayWay.Bulk)]
[TestFixture(typeof(PostgresHome), RelayWay.Bulk)]
public sealed class PacedEditionTests<THome>(RelayWay way) : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task A_domain_that_asks_to_wait_holds_up_its_own_letters_and_no_others()
    {
        await using var server = new LoopbackSmtp { Script = At("slow.example", "450 4.7.1 too many messages, try again in 10 minutes") };
        await SubscribeAsync(("slow.example", 60), ("quick.example", 200));
        var edition = await House.StartAsync();

        await Dispatcher(new SendingPlan([Relay(server)])).SendDueAsync(edition, null, Stop).WaitAsync(Patience);

        var tally = await House.TallyAsync(edition);
        var next = await House.Deliveries.NextDueAsync(edition, Stop);
        Assert.That((tally.Sent, tally.Claimed, tally.Open), Is.EqualTo((200L, 0L, 60L)));
        Assert.That(server.Commands.Count(line => line.Contains("@slow.example", StringComparison.Ordinal)), Is.LessThanOrEqualTo(8), "those that were under way when it asked");
        Assert.That(tally.Deferred, Is.LessThanOrEqualTo(8), "who was never tried has no attempt");
        Assert.That(next, Is.GreaterThan(DateTimeOffset.UtcNow.AddMinutes(9)));
        Assert.That((await new PaceStore(Database).HoldsAsync(DateTimeOffset.UtcNow, Stop)).Select(hold => (hold.Kind, hold.Name)), Is.EqualTo([("domain", "slow.example")]));
    }

    [Test]
    public async Task A_domain_that_says_450_is_slowed_and_the_others_are_not()
    {
        await using var server = new LoopbackSmtp { Script = At("slow.example", "451 4.7.0 deferred, you send too much") };
        await SubscribeAsync(("slow.example", 60), ("quick.example", 200));
        var edition = await House.StartAsync();

        await Dispatcher(new SendingPlan([Relay(server)]), new() { RetryDelays = [TimeSpan.FromMinutes(5)] }).SendDueAsync(edition, null, Stop).WaitAsync(Patience);

        var tally = await House.TallyAsync(edition);
        Assert.That((tally.Sent, tally.Claimed), Is.EqualTo((200L, 0L)));
        Assert.That(tally.Deferred, Is.InRange(1, 30), "half as often with each second that it says no");
    }

    [Test]
    public async Task A_server_that_greylists_is_asked_for_every_letter_once_and_all_are_due_when_it_said()
    {
        await using var server = new LoopbackSmtp { Script = At("grey.example", "450 4.7.1 Greylisted for 300 seconds, see our page") };
        await SubscribeAsync(("grey.example", 60), ("quick.example", 60));
        var edition = await House.StartAsync();

        await Dispatcher(new SendingPlan([Relay(server)])).SendDueAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That(await House.TallyAsync(edition), Is.EqualTo(new Tally(Sent: 60, Deferred: 60)));
        Assert.That(server.Commands.Count(line => line.Contains("@grey.example", StringComparison.Ordinal)), Is.EqualTo(60));
        Assert.That(await House.Deliveries.NextDueAsync(edition, Stop), Is.GreaterThan(DateTimeOffset.UtcNow.AddMinutes(4)));
    }

    [Test]
    public async Task A_limit_of_a_domain_holds_in_every_second_and_the_others_go_as_they_come()
    {
        await using var server = new LoopbackSmtp();
        await SubscribeAsync(("gmail.example", 20), ("googlemail.example", 20), ("quick.example", 200));
        var edition = await House.StartAsync();
        var arrivals = Arrivals(server, "mail.example");
        var began = DateTimeOffset.UtcNow; // the first letter may come late, the first right did not come earlier

        await Dispatcher(new SendingPlan([Relay(server)]) { Domains = [Rule("gmail.example, googlemail.example", "20/s")] }).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That((await House.TallyAsync(edition)).Sent, Is.EqualTo(240));
        Assert.That(arrivals, Has.Count.EqualTo(40));
        Assert.That(arrivals[^1] - began, Is.GreaterThan(TimeSpan.FromSeconds(1.5)), "39 rights, 52.5 ms apart, some of them used late");
        Assert.That(server.Letters.Take(200).Count(letter => letter.To[0].EndsWith("@quick.example", StringComparison.Ordinal)), Is.GreaterThan(150));
    }

    [Test]
    public async Task No_more_letters_to_a_domain_are_under_way_than_it_may_have()
    {
        var (underWay, most) = (0, 0);
        var two = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new LoopbackSmtp();
        server.Script = moment =>
        {
            if (!moment.To.EndsWith("@narrow.example", StringComparison.Ordinal))
                return null;
            if (moment.Stage is LoopbackStage.Recipient)
            {
                InterlockedMost(ref most, Interlocked.Increment(ref underWay));
                if (most >= 2)
                    two.TrySetResult();
            }
            // The first is not answered before there is a second: on a busy machine they would else go one after the other.
            return moment.Stage is LoopbackStage.Letter ? new LoopbackAnswer.WaitFor(two.Task.ContinueWith(_ => Interlocked.Decrement(ref underWay), TaskScheduler.Default)) : null;
        };
        await SubscribeAsync(("narrow.example", 40), ("quick.example", 40));
        var edition = await House.StartAsync();

        await Dispatcher(new SendingPlan([Relay(server, connections: 8)]) { Domains = [Rule("narrow.example", "", connections: 2)] }).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That(((await House.TallyAsync(edition)).Sent, most), Is.EqualTo((80L, 2)));
    }

    [Test]
    public async Task Two_relays_of_three_to_one_share_the_letters_by_their_weights()
    {
        await using var big = new LoopbackSmtp();
        await using var small = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 400));
        var edition = await House.StartAsync();

        await Dispatcher(new SendingPlan([Relay(big, weight: 3), Relay(small)])).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That(big.Letters.Count + small.Letters.Count, Is.EqualTo(400));
        Assert.That(small.Letters, Has.Count.InRange(88, 112));
    }

    [Test]
    public async Task A_relay_that_goes_away_in_mid_run_rests_and_another_takes_its_part()
    {
        await using var first = new LoopbackSmtp();
        var taken = 0; // counted here: at the thirtieth, four lines may be at their last dot
        first.Script = moment => (moment.Stage is LoopbackStage.Letter ? Interlocked.Increment(ref taken) > 30 : moment.Kept >= 30) ? new LoopbackAnswer.HangUp() : null;
        await using var second = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 300));
        var edition = await House.StartAsync();

        var ended = await Dispatcher(new SendingPlan([Relay(first, weight: 3), Relay(second)])).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That(ended.State, Is.EqualTo(EditionState.Complete));
        Assert.That((first.Letters.Count, second.Letters.Count), Is.EqualTo((30, 270)));
        Assert.That(first.Connections, Is.LessThan(40), "it is asked now and then, not all the time");
    }

    [Test]
    public async Task A_relay_that_comes_back_is_tried_and_then_takes_the_letters_again()
    {
        var greetings = 0;
        await using var server = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Greeting && Interlocked.Increment(ref greetings) <= 5 ? new LoopbackAnswer.HangUp() : null };
        await SubscribeAsync(("quick.example", 50));
        var edition = await House.StartAsync();
        var progress = new KeptProgress();

        var ended = await Dispatcher(new SendingPlan([Relay(server)])).SendUntilSettledAsync(edition, progress, Stop).WaitAsync(Patience);

        Assert.That((ended.State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 50)));
        Assert.That(server.Connections, Is.LessThanOrEqualTo(9), "a try of each of the four lines, one of the relay at rest, and four that took letters");
        Assert.That(progress.All.Select(report => report.Trouble).OfType<string>(), Has.Some.Contains("127.0.0.1"));
    }

    [Test]
    public async Task A_relay_that_refuses_us_is_left_out_while_another_takes_the_letters_and_nothing_is_paused()
    {
        await using var refusing = new LoopbackSmtp { Script = moment => moment.Stage is LoopbackStage.Sender ? new LoopbackAnswer.Reply("550 5.7.1 sender not allowed here") : null };
        await using var server = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 100));
        var edition = await House.StartAsync();

        var ended = await Dispatcher(new SendingPlan([Relay(refusing), Relay(server)])).SendUntilSettledAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That((ended.State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 100)));
        Assert.That(refusing.Commands.Count(line => line.Contains("MAIL FROM", StringComparison.Ordinal)), Is.LessThanOrEqualTo(4));
    }

    [Test]
    public async Task A_relay_that_stands_by_gets_letters_only_when_the_other_is_away()
    {
        await using var first = new LoopbackSmtp();
        await using var spare = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 100));
        var plan = new SendingPlan([Relay(first), Relay(spare, weight: 0)]);

        await Dispatcher(plan).SendUntilSettledAsync(await House.StartAsync("0001-first"), null, Stop).WaitAsync(Patience);
        var before = (first.Letters.Count, spare.Letters.Count);
        first.Script = moment => moment.Stage is LoopbackStage.Greeting ? new LoopbackAnswer.HangUp() : null;
        await Dispatcher(plan).SendUntilSettledAsync(await House.StartAsync("0002-second"), null, Stop).WaitAsync(Patience);

        Assert.That((before, first.Letters.Count, spare.Letters.Count), Is.EqualTo(((100, 0), 100, 100)));
    }

    [Test]
    public async Task A_relay_for_another_sender_domain_gets_nothing_and_one_for_ours_gets_all()
    {
        await using var theirs = new LoopbackSmtp();
        await using var ours = new LoopbackSmtp();
        await using var anybodys = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 30));

        await Dispatcher(new SendingPlan([Relay(theirs, senders: "elsewhere.example"), Relay(anybodys), Relay(ours, senders: "example.org, other.example")]))
            .SendUntilSettledAsync(await House.StartAsync(), null, Stop).WaitAsync(Patience);

        Assert.That((theirs.Letters.Count, anybodys.Letters.Count, ours.Letters.Count), Is.EqualTo((0, 0, 30)));
    }

    [Test]
    public async Task Two_workers_share_the_limit_of_a_relay()
    {
        await using var server = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 60));
        var edition = await House.StartAsync();
        var arrivals = Arrivals(server, "quick.example");
        var other = new SendingHome(OpenAnother(), TimeProvider.System);
        var began = DateTimeOffset.UtcNow;

        await Task.WhenAll(
            Dispatcher(new SendingPlan([Relay(server, limits: "20/s")]), batch: 5).SendUntilSettledAsync(edition, null, Stop),
            Dispatcher(new SendingPlan([Relay(server, limits: "20/s")]), house: other, batch: 5).SendUntilSettledAsync(edition, null, Stop)).WaitAsync(Patience);

        Assert.That(((await House.TallyAsync(edition)).Sent, server.Letters.Count), Is.EqualTo((60L, 60)));
        Assert.That(arrivals[^1] - began, Is.GreaterThan(TimeSpan.FromSeconds(2.8)), "59 rights, 52.5 ms apart, however many workers there are");
    }

    [Test]
    public async Task A_warm_up_lets_go_what_the_day_allows_and_the_rest_waits_for_tomorrow()
    {
        await using var server = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 60));
        var edition = await House.StartAsync();
        var warmUp = new WarmUp(DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-1)), [5, 25, 25, 100]); // one more day of 25, should midnight pass meanwhile
        var plan = new SendingPlan([Relay(server)]) { WarmUp = warmUp };

        await Dispatcher(plan).SendDueAsync(edition, null, Stop).WaitAsync(Patience);
        await Dispatcher(plan).SendDueAsync(edition, null, Stop).WaitAsync(Patience);

        var tally = await House.TallyAsync(edition);
        Assert.That((tally.Sent, tally.Waiting, server.Letters.Count), Is.EqualTo((25L, 35L, 25)));
    }

    [Test]
    public async Task Outside_the_sending_hours_nothing_leaves_and_status_says_until_when()
    {
        await using var server = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 10));
        var edition = await House.StartAsync();
        var tomorrow = DateTime.UtcNow.AddDays(2).DayOfWeek.ToString();

        await Dispatcher(new SendingPlan([Relay(server)]) { Hours = SendingHours.Read($"{tomorrow} 00:00-24:00")! }).SendDueAsync(edition, null, Stop).WaitAsync(Patience);

        var hold = (await new PaceStore(Database).HoldsAsync(DateTimeOffset.UtcNow, Stop)).Single();
        Assert.That((server.Letters.Count, (await House.TallyAsync(edition)).Waiting, hold.Kind), Is.EqualTo((0, 10L, "hours")));
        Assert.That(hold.Until, Is.GreaterThan(DateTimeOffset.UtcNow));
    }

    [Test]
    public async Task Readers_for_whom_it_is_night_wait_for_their_morning_and_the_others_get_their_letter()
    {
        await using var server = new LoopbackSmtp();
        var now = DateTimeOffset.UtcNow;
        await SubscribeAsync("Pacific/Auckland", ("far.example", 10));
        await SubscribeAsync("Etc/UTC", ("near.example", 10));
        var edition = await House.StartAsync();
        // From an hour ago to three hours from now, by UTC: in Auckland that is half a day off.
        var hours = SendingHours.Read(string.Create(CultureInfo.InvariantCulture, $"{now.AddHours(-1):HH:mm}-{now.AddHours(3):HH:mm}"))!;

        await Dispatcher(new SendingPlan([Relay(server)]) { Hours = hours, HoursOfReader = true }).SendDueAsync(edition, null, Stop).WaitAsync(Patience);

        var tally = await House.TallyAsync(edition);
        Assert.That((tally.Sent, tally.Waiting), Is.EqualTo((10L, 10L)));
        Assert.That(server.Letters.Select(letter => letter.To[0].Split('@')[1]).Distinct(), Is.EqualTo(["near.example"]));
        Assert.That(await House.Deliveries.NextDueAsync(edition, Stop), Is.GreaterThan(now.AddHours(3)));
    }

    [Test]
    public async Task At_local_time_each_reader_waits_until_their_own_clock_shows_the_time_of_the_edition()
    {
        await using var server = new LoopbackSmtp();
        await SubscribeAsync("Pacific/Honolulu", ("west.example", 10));
        await SubscribeAsync("Nowhere/Atall", ("lost.example", 5));
        await SubscribeAsync("", ("home.example", 10));
        var edition = await House.StartAsync();

        await Dispatcher(new SendingPlan([Relay(server)]) { AtLocalTime = true }).SendDueAsync(edition, null, Stop).WaitAsync(Patience);

        Assert.That(server.Letters.Select(letter => letter.To[0].Split('@')[1]).Distinct(), Is.EquivalentTo(["home.example", "lost.example"]));
        Assert.That(await House.Deliveries.NextDueAsync(edition, Stop), Is.EqualTo((await House.EditionAsync(edition)).DueAt.AddHours(10)), "Hawaii is ten hours behind, all year");
    }

    [Test]
    public async Task Changed_settings_hold_from_the_next_letter_on_and_wrong_ones_are_said_and_left()
    {
        await using var server = new LoopbackSmtp();
        await using var next = new LoopbackSmtp();
        await SubscribeAsync(("quick.example", 400));
        var edition = await House.StartAsync();
        var (stamp, plan) = ("1", (Func<SendingPlan>)(() => throw new SettingException("Relays:0:Limits holds what is no limit")));
        var plans = new CurrentPlan(new SendingPlan([Relay(server, limits: "20/s")]), () => plan(), () => stamp, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var progress = new KeptProgress();
        var sending = Dispatcher(plans, SendingHome.Quick()).SendUntilSettledAsync(edition, progress, Stop);

        await server.WaitForLettersAsync(5);
        stamp = "2";
        Assert.That(() => plans.Fault, Is.Not.Null.After(120).Seconds.PollEvery(10));
        await server.WaitForLettersAsync(server.Letters.Count + 5);
        (plan, stamp) = (() => new([Relay(next)]), "3");
        var ended = await sending.WaitAsync(Patience);

        Assert.That(ended.State, Is.EqualTo(EditionState.Complete));
        Assert.That(server.Letters.Count + next.Letters.Count, Is.EqualTo(400));
        Assert.That(next.Letters, Has.Count.GreaterThan(200), "all that was left when the new plan came");
        Assert.That(progress.All.Select(report => report.Trouble).OfType<string>(), Has.Some.Contains("no limit"));
    }

    private async Task SubscribeAsync(string zone, params (string Domain, int Count)[] domains)
    {
        foreach (var (domain, count) in domains)
            for (var i = 0; i < count; i++)
                await House.Subscribers.AddAsync(new(EmailAddress.Read($"reader{i.ToString(CultureInfo.InvariantCulture)}@{domain}")!) { TimeZone = zone },
                    new(SubscriptionState.Active, "test", Actor.Import, DateTimeOffset.UtcNow), Stop);
    }

    private Task SubscribeAsync(params (string Domain, int Count)[] domains) => SubscribeAsync("", domains);

    private Dispatcher Dispatcher(SendingPlan plan, SendingOptions? options = null, SendingHome? house = null, int batch = 50) =>
        Dispatcher(new CurrentPlan(plan), options ?? SendingHome.Quick(batch: batch), house);

    private Dispatcher Dispatcher(CurrentPlan plans, SendingOptions options, SendingHome? house = null) =>
        new((house ?? House).Desk(options, [.. plans.Value.Transports]) with { Plans = plans }, Some.Publication(), Newsletter.Composing.DkimSeal.None);

    private SmtpTransport Relay(LoopbackSmtp server, int connections = 4, string limits = "", int weight = 1, string senders = "") => new(new RelayOptions
    {
        Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, Connections = connections, Limits = limits, Weight = weight, SenderDomains = senders, Way = way,
    });

    private static DomainRule Rule(string match, string limits, int connections = 0) => DomainRule.Of(new() { Match = match, Limits = limits, Connections = connections });

    private static Func<LoopbackMoment, LoopbackAnswer?> At(string domain, string line) =>
        moment => moment.Stage is LoopbackStage.Recipient && moment.To.EndsWith("@" + domain, StringComparison.Ordinal) ? new LoopbackAnswer.Reply(line) : null;

    private static List<DateTimeOffset> Arrivals(LoopbackSmtp server, string domain)
    {
        var arrivals = new List<DateTimeOffset>();
        server.Script = moment =>
        {
            if (moment.Stage is LoopbackStage.Letter && moment.To.EndsWith(domain, StringComparison.Ordinal))
                lock (arrivals)
                    arrivals.Add(DateTimeOffset.UtcNow);
            return null;
        };
        return arrivals;
    }

    private static void InterlockedMost(ref int most, int now)
    {
        for (var known = Volatile.Read(ref most); now > known; known = Volatile.Read(ref most))
            if (Interlocked.CompareExchange(ref most, now, known) == known)
                return;
    }
}
