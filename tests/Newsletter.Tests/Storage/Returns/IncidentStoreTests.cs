using Newsletter.Addresses;
using Newsletter.Returns;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class IncidentStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly DateTimeOffset Now = BounceHome.Now;
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly Decision Said = new("their server was ill", "by command (zoe)", Now.AddHours(3));

    private BounceHome House => field ??= new(Database);

    private static IncidentRules Few => IncidentRules.Usual with { Readers = 8 };

    [Test]
    public async Task A_wave_at_one_provider_opens_an_incident_pauses_the_edition_and_gives_back_who_was_suspended_before()
    {
        var house = new BounceHome(Database, rules: Few);
        var (readers, edition) = await WaveAsync(house, 30, bounced: 20);

        var incident = (await house.Incidents.ListAsync(all: false, 10, Stop)).Single();
        Assert.That((incident.Provider, incident.Edition, incident.Readers, incident.Suspended, incident.GivenBack, incident.State), Is.EqualTo(("harbour.example", (EditionId?)edition, 20L, 0L, 15L, IncidentState.Open)));
        Assert.That(await house.SuspendedAsync(), Is.Zero);
        Assert.That(await house.EditionAsync(edition), Is.EqualTo(("paused", $"incident {incident.Id}: 16 readers refused alike within 60 minutes, 53.3 % of the letters of that time")));
        Assert.That((await house.NoticesAsync()).Single(), Does.Contain("At harbour.example: 16 readers refused alike").And.Contain($"newsletter incidents undo {incident.Id}").And.Contain("15 who were before it was seen are active again").And.Not.Contain("reader0"));
        Assert.That((await house.Subscribers.HistoryAsync(readers[0], Stop))[^1].Change, Is.EqualTo(
            new StandingChange(SubscriptionState.Active, $"incident {incident.Id}: a wave of the same refusal, seen after this one", Actor.Undo, Now.AddSeconds(15), Incident: incident.Id)));
    }

    [Test]
    public async Task Letters_that_came_back_under_an_incident_are_due_again_once_and_no_others()
    {
        var house = new BounceHome(Database, rules: Few);
        var (readers, edition) = await WaveAsync(house, 30, bounced: 20);
        var incident = (await house.Incidents.ListAsync(all: false, 10, Stop)).Single().Id;
        await house.Subscribers.ChangeAsync(readers[0], new(SubscriptionState.Unsubscribed, "left", Actor.Reader, Now.AddHours(1)), Stop);
        var deliveries = new DeliveryStore(Database);

        var again = await deliveries.RetryAsync(edition, new(Incident: incident), Now.AddHours(2), Stop);
        var tally = await deliveries.TallyAsync(edition, Stop);
        var twice = await deliveries.RetryAsync(edition, new(Incident: incident), Now.AddHours(2), Stop);
        await house.RunAsync($"update deliveries set state = 'sent', state_at = {Now.AddHours(3).Ms()} where state = 'waiting'");
        var whenSent = await deliveries.RetryAsync(edition, new(Incident: incident), Now.AddHours(4), Stop);

        Assert.That((again, tally, twice, whenSent), Is.EqualTo((19, new Tally(Waiting: 19, Sent: 11), 0, 0)), "who left stays as sent");
    }

    [Test]
    public async Task Dead_addresses_over_many_domains_are_suspended_as_always()
    {
        var house = new BounceHome(Database, rules: Few);
        var readers = new List<SubscriberId>();
        for (var i = 0; i < 40; i++)
            readers.AddRange(await house.SubscribeAsync(10, $"host{i}.example"));
        var edition = await house.SendAsync(readers, Now);

        for (var i = 0; i < 40; i++)
            await house.BounceAsync(edition, readers[10 * i], BounceHome.Dead, Now.AddSeconds(i));

        Assert.That((await house.SuspendedAsync(), (await house.Incidents.ListAsync(all: true, 10, Stop)).Count, (await house.EditionAsync(edition)).State), Is.EqualTo((40L, 0, "running")));
    }

    [Test]
    public async Task Readers_who_took_the_last_letter_do_not_die_in_numbers_a_few_in_a_hundred_are_enough()
    {
        var house = new BounceHome(Database, rules: Few);
        var readers = await house.SubscribeAsync(100);
        await house.SendAsync(readers, Now.AddDays(-7), "complete");
        var edition = await house.SendAsync(readers, Now);

        foreach (var reader in readers.Take(10))
            await house.BounceAsync(edition, reader, BounceHome.Dead, Now);

        Assert.That((await house.Incidents.ListAsync(all: true, 10, Stop)).Single().Found, Is.EqualTo("8 readers refused alike within 60 minutes, 8 of whom had taken an earlier edition; usual are 0 an edition"));
        Assert.That(await house.SuspendedAsync(), Is.Zero);
    }

    [Test]
    public async Task A_stale_list_that_was_read_in_is_no_wave()
    {
        var house = new BounceHome(Database, rules: Few);
        var old = await house.SubscribeAsync(20, "old.example");
        await house.SendAsync(old, Now.AddDays(-7), "complete");
        var stale = await house.SubscribeAsync(80);
        var edition = await house.SendAsync([.. old, .. stale], Now);

        foreach (var reader in stale.Take(20))
            await house.BounceAsync(edition, reader, BounceHome.Dead, Now);

        Assert.That((await house.SuspendedAsync(), (await house.Incidents.ListAsync(all: true, 10, Stop)).Count), Is.EqualTo((20L, 0)));
    }

    [Test]
    public async Task A_refusal_about_us_from_all_sides_pauses_the_edition()
    {
        var house = new BounceHome(Database, rules: Few);
        var readers = new List<SubscriberId>();
        for (var i = 0; i < 30; i++)
            readers.AddRange(await house.SubscribeAsync(1, $"host{i}.example"));
        var edition = await house.SendAsync(readers, Now);

        foreach (var reader in readers)
            await house.BounceAsync(edition, reader, BounceHome.Listed, Now, "554 blocked using spamcop");

        var incident = (await house.Incidents.ListAsync(all: false, 10, Stop)).Single();
        Assert.That((incident.Provider, (await house.EditionAsync(edition)).State, await house.SuspendedAsync()), Is.EqualTo(("", "paused", 0L)));
    }

    [Test]
    public async Task Where_the_setting_says_so_the_edition_goes_on_and_the_editor_is_told_all_the_same()
    {
        var house = new BounceHome(Database, rules: Few with { Pauses = false });

        var (_, edition) = await WaveAsync(house, 20, bounced: 20);

        Assert.That(((await house.EditionAsync(edition)).State, (await house.NoticesAsync()).Single().Contains($"Edition {edition.Value} goes on.", StringComparison.Ordinal)), Is.EqualTo(("running", true)));
    }

    [Test]
    public async Task A_wave_that_is_seen_while_an_edition_waits_for_its_next_part_stops_that()
    {
        var house = new BounceHome(Database, rules: Few);
        var readers = await house.SubscribeAsync(20);
        var edition = await house.SendAsync(readers, Now, "paused");
        await house.RunAsync($"update editions set by_person = 0, goes_on_at = {Now.AddHours(4).ToUnixTimeMilliseconds()}, state_reason = 'the first part is out'");

        foreach (var reader in readers)
            await house.BounceAsync(edition, reader, BounceHome.Dead, Now);

        Assert.That((await house.EditionAsync(edition)).Reason, Does.StartWith("incident "));
        Assert.That(await house.TextAsync("select cast(goes_on_at as text) from editions"), Is.Null);
    }

    [Test]
    public async Task Accepting_leaves_alone_who_has_taken_a_letter_since()
    {
        var house = new BounceHome(Database, rules: Few);
        var (readers, _) = await WaveAsync(house, 20, bounced: 20);
        await house.SendAsync([readers[0]], Now.AddDays(7));
        var (id, decision) = ((await house.Incidents.ListAsync(all: false, 10, Stop)).Single().Id, new Decision("", "zoe", Now.AddDays(20)));

        await house.Incidents.DecideAsync(id, IncidentState.Accepted, decision, Stop);
        await house.Incidents.AcceptAsync(id, new(0), 100, decision, Stop);

        Assert.That((await house.StateAsync(readers[0]), await house.StateAsync(readers[1])), Is.EqualTo((SubscriptionState.Active, SubscriptionState.Suspended)));
    }

    [Test]
    public async Task A_decision_that_was_changed_meanwhile_goes_no_further()
    {
        var house = new BounceHome(Database, rules: Few);
        await WaveAsync(house, 20, bounced: 20);
        var (id, decision) = ((await house.Incidents.ListAsync(all: false, 10, Stop)).Single().Id, new Decision("", "zoe", Now));
        await house.Incidents.DecideAsync(id, IncidentState.Undone, decision, Stop);

        var batch = await house.Incidents.AcceptAsync(id, new(0), 100, decision, Stop);

        Assert.That((batch, await house.SuspendedAsync()), Is.EqualTo((default(IncidentBatch), 0L)));
    }

    [Test]
    public async Task A_pause_by_a_persons_hand_stays_theirs()
    {
        var house = new BounceHome(Database, rules: Few);
        var readers = await house.SubscribeAsync(20);
        var edition = await house.SendAsync(readers, Now, "paused");
        await house.RunAsync("update editions set by_person = 1, state_reason = 'wrong link'");

        foreach (var reader in readers)
            await house.BounceAsync(edition, reader, BounceHome.Dead, Now);

        Assert.That(await house.EditionAsync(edition), Is.EqualTo(("paused", "wrong link")));
    }

    [Test]
    public async Task Undone_its_bounces_never_count_and_those_of_the_same_letters_after_it_neither()
    {
        var house = new BounceHome(Database, rules: Few);
        var (readers, edition) = await WaveAsync(house, 30, bounced: 20);
        var id = (await house.Incidents.ListAsync(all: false, 10, Stop)).Single().Id;

        await house.Incidents.DecideAsync(id, IncidentState.Undone, Said, Stop);
        var (_, late) = await house.BounceAsync(edition, readers[25], BounceHome.Dead, Now.AddMinutes(30));

        Assert.That((late, (await house.Suspensions.OfAsync(readers[0], Now.AddHours(4), Stop)).Score.Value, await house.SuspendedAsync()), Is.EqualTo(($"kept under incident {id}", 0.0, 0L)));
    }

    [Test]
    public async Task Accepted_it_suspends_whom_it_had_kept_and_undone_again_gives_them_back()
    {
        var house = new BounceHome(Database, rules: Few);
        await WaveAsync(house, 30, bounced: 20);
        var id = (await house.Incidents.ListAsync(all: false, 10, Stop)).Single().Id;

        await house.Incidents.DecideAsync(id, IncidentState.Accepted, Said, Stop);
        var changed = await AllAsync(after => house.Incidents.AcceptAsync(id, after, 6, Said, Stop));
        var again = await AllAsync(after => house.Incidents.AcceptAsync(id, after, 6, Said, Stop));
        var suspended = await house.SuspendedAsync();
        await house.Incidents.DecideAsync(id, IncidentState.Undone, Said, Stop);
        var back = await AllAsync(after => house.Incidents.UndoAsync(id, after, 6, Said, Stop));

        Assert.That((changed, again, suspended, back, await house.SuspendedAsync()), Is.EqualTo((20, 0, 20L, 20, 0L)));
    }

    [Test]
    public async Task After_an_acceptance_bounces_of_the_same_letters_suspend_at_once()
    {
        var house = new BounceHome(Database, rules: Few);
        var (readers, edition) = await WaveAsync(house, 30, bounced: 20);
        var id = (await house.Incidents.ListAsync(all: false, 10, Stop)).Single().Id;
        await house.Incidents.DecideAsync(id, IncidentState.Accepted, Said, Stop);

        var (_, outcome) = await house.BounceAsync(edition, readers[25], BounceHome.Dead, Now.AddMinutes(10));

        Assert.That(outcome, Is.EqualTo("suspended"));
    }

    [Test]
    public async Task What_no_incident_caught_is_undone_by_words_and_time_as_one_that_can_be_taken_back()
    {
        var readers = await House.SubscribeAsync(6);
        var edition = await House.SendAsync(readers, Now);
        foreach (var (reader, i) in readers.Select((reader, i) => (reader, i)))
            await House.BounceAsync(edition, reader, BounceHome.Dead, Now.AddHours(i), i == 5 ? "550 no such user" : "550 no such user; see SpamCop");
        await House.Subscribers.ChangeAsync(readers[1], new(SubscriptionState.Complained, "complaint", Actor.Server, Now.AddHours(8)), Stop);
        await House.Subscribers.ChangeAsync(readers[2], new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, Now.AddHours(8)), Stop);
        await House.Subscribers.EraseAsync(readers[3], "asked for", Actor.Editor, Now.AddHours(8), Stop);

        var question = new SuspensionQuestion(Words: "spamcop", From: Now, To: Now.AddHours(5));
        var id = await House.Incidents.AddByHandAsync(question, Said, Stop);
        var back = await House.Incidents.UndoAsync(id, question, new(0), 100, Said, Stop);
        var states = await StatesAsync(readers);
        await House.Incidents.DecideAsync(id, IncidentState.Accepted, Said, Stop);
        await House.Incidents.AcceptAsync(id, new(0), 100, Said, Stop);

        Assert.That((back.Changed, string.Join(' ', states)), Is.EqualTo((2, "active complained unsubscribed erased active suspended")));
        Assert.That(string.Join(' ', await StatesAsync(readers)), Is.EqualTo("suspended complained unsubscribed erased suspended suspended"));
        Assert.That((await House.Subscribers.HistoryAsync(readers[0], Stop)).Select(line => line.Change.Reason), Is.EqualTo(new[]
        {
            "test", "hard bounce: user-unknown", $"incident {id} undone: their server was ill", $"incident {id} accepted: their server was ill: hard bounce: user-unknown",
        }));
    }

    [Test]
    public async Task A_question_finds_by_reason_and_domain_and_takes_no_wildcards()
    {
        var readers = (IReadOnlyList<SubscriberId>)[.. await House.SubscribeAsync(2), .. await House.SubscribeAsync(1, "other.example")];
        var edition = await House.SendAsync(readers, Now);
        foreach (var reader in readers)
            await House.BounceAsync(edition, reader, BounceHome.Dead, Now, "550 100% dead");

        long[] counts =
        [
            await House.Suspensions.CountAsync(new(Domain: "other.example"), Stop), await House.Suspensions.CountAsync(new(Reason: "user-unknown"), Stop),
            await House.Suspensions.CountAsync(new(Words: "100%"), Stop), await House.Suspensions.CountAsync(new(Words: "1%d"), Stop), await House.Suspensions.CountAsync(new(), Stop),
        ];

        Assert.That(counts, Is.EqualTo(new[] { 1, 3, 3, 0, 3 }));
    }

    [Test]
    public async Task Who_is_suppressed_by_a_person_stays_suspended_when_all_are_given_back()
    {
        var readers = await House.SubscribeAsync(2);
        var edition = await House.SendAsync(readers, Now);
        foreach (var reader in readers)
            await House.BounceAsync(edition, reader, BounceHome.Dead, Now);
        await House.RunAsync("insert into suppressions (address_key, reason, at, actor) values ('reader0@harbour.example', 'manual', 0, 'editor')");

        var id = await House.Incidents.AddByHandAsync(new(Reason: "hard"), Said, Stop);
        var back = await House.Incidents.UndoAsync(id, new SuspensionQuestion(Reason: "hard"), new(0), 100, Said, Stop);

        Assert.That((back.Changed, back.LeftAlone), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Who_was_suspended_in_a_list_that_was_read_in_is_not_given_back_with_all_others()
    {
        var readers = await House.SubscribeAsync(2);
        await House.BounceAsync(await House.SendAsync(readers, Now), readers[0], BounceHome.Dead, Now);
        await House.RunAsync($"update subscribers set state = 'suspended' where id = {readers[1].Value}; update subscriptions_log set state = 'suspended' where subscriber_id = {readers[1].Value}");

        var id = await House.Incidents.AddByHandAsync(new(From: DateTimeOffset.UnixEpoch), Said, Stop);
        var back = await House.Incidents.UndoAsync(id, new SuspensionQuestion(From: DateTimeOffset.UnixEpoch), new(0), 100, Said, Stop);

        Assert.That((back.Changed, await House.Suspensions.CountAsync(new(), Stop)), Is.EqualTo((1, 1L)), "and is listed all the same");
    }

    [Test]
    public async Task Eight_workers_in_one_wave_open_one_incident_and_suspend_nobody()
    {
        var house = new BounceHome(Database, rules: Few);
        var readers = await house.SubscribeAsync(80);
        var edition = await house.SendAsync(readers, Now);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var way = OpenAnother();
            foreach (var reader in readers.Skip(10 * worker).Take(10))
                await house.BounceAsync(way, edition, reader, BounceHome.Dead, Now, $"550 5.1.1 {reader.Value} no such user");
        })));

        Assert.That(((await house.Incidents.ListAsync(all: true, 10, Stop)).Count, await house.SuspendedAsync(), (await house.NoticesAsync()).Count), Is.EqualTo((1, 0L, 1)));
    }

    private static async Task<(IReadOnlyList<SubscriberId>, EditionId)> WaveAsync(BounceHome house, int letters, int bounced)
    {
        var readers = await house.SubscribeAsync(letters);
        var edition = await house.SendAsync(readers, Now);
        for (var i = 0; i < bounced; i++)
            await house.BounceAsync(edition, readers[i], BounceHome.Dead, Now.AddSeconds(i), $"550 5.1.1 <reader{i}@harbour.example> no such user, id {i}");
        return (readers, edition);
    }

    private async Task<List<string>> StatesAsync(IReadOnlyList<SubscriberId> readers)
    {
        var states = new List<string>();
        foreach (var reader in readers)
            states.Add((await House.StateAsync(reader)).Word());
        return states;
    }

    private static async Task<int> AllAsync(Func<SubscriberId, Task<IncidentBatch>> batch)
    {
        var changed = 0;
        for (var after = 0L; ;)
        {
            var done = await batch(new(after));
            changed += done.Changed;
            if (done.Last == 0)
                return changed;
            after = done.Last;
        }
    }
}
