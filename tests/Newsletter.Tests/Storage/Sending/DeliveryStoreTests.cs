using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Sending;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DeliveryStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private EditionStore Editions => field ??= new(Database);

    private DeliveryStore Deliveries => field ??= new(Database);

    private SubscriberStore Subscribers => field ??= new(Database, Some.ErasedAddresses());

    [Test]
    public async Task Every_candidate_is_a_delivery_or_an_exclusion_with_its_reason()
    {
        var people = await AddAsync(7);
        await Subscribers.ChangeAsync(people[0], new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, Noon), Stop);
        await Subscribers.ChangeAsync(people[1], new(SubscriptionState.Suspended, "hard bounce", Actor.Server, Noon), Stop);
        await BarAsync(2);

        var edition = await FreezeAsync();

        Assert.That(await Editions.ExclusionsAsync(edition, Stop), Is.EquivalentTo(new Dictionary<string, long> { ["unsubscribed"] = 1, ["suspended"] = 1, ["suppressed"] = 1 }));
        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Waiting: 4)));
        Assert.That((await Editions.FindAsync(edition, Stop))?.Candidates, Is.EqualTo(7));
    }

    [Test]
    public async Task Freezing_twice_is_freezing_once()
    {
        await AddAsync(3);
        var edition = await ScheduleAsync("0001-first");

        var frozen = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new EditionStore(OpenAnother()).FreezeAsync(edition, Noon, Stop))));

        Assert.That(frozen.Count(done => done), Is.EqualTo(1));
        Assert.That((await Deliveries.TallyAsync(edition, Stop)).Total, Is.EqualTo(3));
    }

    [Test]
    public async Task What_was_paused_is_not_frozen_again()
    {
        await AddAsync(1);
        var edition = await FreezeAsync();
        await Editions.StepAsync(edition, EditionState.Paused, "wrong link", Noon, Stop);

        var frozen = await Editions.FreezeAsync(edition, Noon, Stop);

        Assert.That((frozen, (await Editions.FindAsync(edition, Stop))?.State), Is.EqualTo((false, EditionState.Paused)));
    }

    [Test]
    public async Task Eight_workers_claim_each_delivery_once()
    {
        await AddAsync(400);
        var edition = await FreezeAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var store = new DeliveryStore(OpenAnother());
            var mine = new List<Claim>();
            while (await store.ClaimAsync(edition, $"worker {worker}", Noon.AddMinutes(2), Noon, 7, Stop) is { Count: > 0 } batch)
                mine.AddRange(batch);
            return mine;
        })));

        Assert.That(claims.SelectMany(mine => mine).Select(claim => claim.Id).Distinct().Count(), Is.EqualTo(400));
        Assert.That(claims.Sum(mine => mine.Count), Is.EqualTo(400));
    }

    [Test]
    public async Task Who_left_after_the_freeze_is_not_claimed_but_skipped()
    {
        var people = await AddAsync(3);
        var edition = await FreezeAsync();
        await Subscribers.ChangeAsync(people[1], new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, Noon), Stop);
        await BarAsync(2);

        var claims = await ClaimAsync(edition, 10);
        await Deliveries.SkipEndedAsync(edition, Noon, Noon, Stop);

        Assert.That(claims.Select(claim => claim.Id.Subscriber), Is.EqualTo(new[] { people[0] }));
        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Claimed: 1, Skipped: 2)));
    }

    [Test]
    public async Task A_claim_brings_what_the_letter_needs()
    {
        await Subscribers.AddAsync(new(Address(0)) { Name = "Ada", Fields = new Dictionary<string, string> { ["city"] = "Łódź" } }, Active(), Stop);
        var edition = await FreezeAsync();

        var claim = (await ClaimAsync(edition, 1)).Single();

        Assert.That((claim.Address, claim.Name, claim.Fields["city"], claim.Attempt), Is.EqualTo(("reader0@example.org", "Ada", "Łódź", 1)));
    }

    [Test]
    public async Task A_paused_edition_gives_nothing_out()
    {
        await AddAsync(3);
        var edition = await FreezeAsync();
        await Editions.StepAsync(edition, EditionState.Paused, "wrong link", Noon, Stop);

        Assert.That(await ClaimAsync(edition, 10), Is.Empty);
    }

    [Test]
    public async Task A_result_with_an_old_fence_becomes_evidence_and_overwrites_nothing()
    {
        await AddAsync(1);
        var edition = await FreezeAsync();
        var lost = (await ClaimAsync(edition, 1)).Single();
        await Deliveries.RecoverAsync(edition, "worker", hold: false, Noon, Stop);
        var mine = (await ClaimAsync(edition, 1)).Single();

        await Deliveries.RecordAsync([new(lost, new SmtpOutcome.Rejected(550, "5.1.1", "late"), new(DeliveryState.Failed), Noon)]);
        await Deliveries.RecordAsync([new(mine, new SmtpOutcome.Accepted("250 ok"), new(DeliveryState.Sent), Noon)]);

        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Sent: 1)));
        Assert.That(await CountAsync("select count(*) from attempts where reply_words = 'late'"), Is.EqualTo(1));
    }

    [Test]
    public void No_results_are_recorded_as_none() => Assert.That(async () => await Deliveries.RecordAsync([]), Throws.Nothing);

    [Test]
    public async Task A_late_result_counts_where_the_claim_was_freed_and_nobody_has_claimed_since()
    {
        await AddAsync(1);
        var edition = await FreezeAsync();
        var claim = (await ClaimAsync(edition, 1)).Single();
        await Deliveries.RecoverAsync(edition, "worker", hold: false, Noon, Stop);

        await Deliveries.RecordAsync([new(claim, new SmtpOutcome.Accepted("250 ok"), new(DeliveryState.Sent), Noon)]);

        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Sent: 1)));
        Assert.That(await ClaimAsync(edition, 1), Is.Empty);
    }

    [Test]
    public async Task Results_that_are_recorded_twice_change_nothing_the_second_time()
    {
        await AddAsync(3);
        var edition = await FreezeAsync();
        var claims = await ClaimAsync(edition, 3);
        AttemptResult[] results =
        [
            new(claims[0], new SmtpOutcome.Accepted("250 ok"), new(DeliveryState.Sent), Noon, "0123456789ab"),
            new(claims[1], new SmtpOutcome.Deferred(450, "4.7.1", "later", SmtpScope.Recipient), new(DeliveryState.Deferred, Noon.AddMinutes(5)), Noon),
            new(claims[2], new SmtpOutcome.Rejected(550, "5.1.1", "unknown"), new(DeliveryState.Failed), Noon),
        ];
        await Deliveries.RecordAsync(results);
        var rows = await RowsAsync();

        await Deliveries.RecordAsync(results);

        Assert.That(await RowsAsync(), Is.EqualTo(rows));
        Assert.That(await CountAsync("select count(*) from attempts"), Is.EqualTo(2));
    }

    [Test]
    public async Task What_was_retried_by_a_person_is_not_undone_by_a_result_of_before()
    {
        await AddAsync(1);
        var edition = await FreezeAsync();
        var claim = (await ClaimAsync(edition, 1)).Single();
        AttemptResult[] failed = [new(claim, new SmtpOutcome.Rejected(550, "5.1.1", "unknown"), new(DeliveryState.Failed), Noon)];
        await Deliveries.RecordAsync(failed);
        await Deliveries.RetryAsync(edition, new(DeliveryState.Failed), Noon, Stop);

        await Deliveries.RecordAsync(failed);

        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Waiting: 1)));
    }

    [Test]
    public async Task Of_a_worker_that_is_gone_the_letters_begun_are_in_doubt_and_the_others_wait()
    {
        await AddAsync(3);
        var edition = await FreezeAsync();
        var claims = await ClaimAsync(edition, 3);

        var freed = await Deliveries.FreeAsync("worker", [(claims[1].Id, claims[1].Fence)], Noon, Stop);

        Assert.That(freed, Is.EqualTo(3));
        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Waiting: 2, InDoubt: 1)));
    }

    [Test]
    public async Task A_claim_that_ran_out_is_waiting_again_or_in_doubt_as_the_editor_chose([Values(false, true)] bool hold)
    {
        await AddAsync(2);
        var edition = await FreezeAsync();
        await ClaimAsync(edition, 2);

        var early = await Deliveries.RecoverAsync(edition, "me", hold, Noon.AddMinutes(1), Stop);
        var late = await Deliveries.RecoverAsync(edition, "me", hold, Noon.AddMinutes(3), Stop);

        Assert.That((early, late), Is.EqualTo((0, 2)));
        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(hold ? new Tally(InDoubt: 2) : new Tally(Waiting: 2)));
    }

    [Test]
    public async Task A_claim_that_is_given_back_counts_no_attempt()
    {
        await AddAsync(1);
        var edition = await FreezeAsync();
        await Deliveries.ReleaseAsync(await ClaimAsync(edition, 1), Noon);

        var again = (await ClaimAsync(edition, 1)).Single();

        Assert.That((again.Attempt, again.Fence), Is.EqualTo((1, 2L)));
    }

    [Test]
    public async Task A_deferred_delivery_is_claimed_when_it_is_due_and_not_before()
    {
        await AddAsync(1);
        var edition = await FreezeAsync();
        var claim = (await ClaimAsync(edition, 1)).Single();
        await Deliveries.RecordAsync([new(claim, new SmtpOutcome.Deferred(450, "4.7.1", "later", SmtpScope.Recipient), new(DeliveryState.Deferred, Noon.AddMinutes(5)), Noon)]);

        var early = await Deliveries.ClaimAsync(edition, "worker", Noon.AddMinutes(7), Noon.AddMinutes(4), 1, Stop);
        var due = await Deliveries.ClaimAsync(edition, "worker", Noon.AddMinutes(7), Noon.AddMinutes(5), 1, Stop);

        Assert.That((early.Count, due.Count, due[0].Attempt), Is.EqualTo((0, 1, 2)));
    }

    [Test]
    public async Task A_refused_address_ends_with_the_delivery_in_one_transaction()
    {
        var people = await AddAsync(1);
        var edition = await FreezeAsync();
        var claim = (await ClaimAsync(edition, 1)).Single();

        await Deliveries.RecordAsync([new(claim, new SmtpOutcome.Rejected(550, "5.1.1", "unknown"), new(DeliveryState.Failed), Noon,
            Bounce: new(claim.Id, new(BounceReason.UserUnknown, Permanence.Permanent, "unknown"), "550 5.1.1 unknown", Noon))]);

        Assert.That((await Subscribers.FindAsync(people[0], Stop))?.State, Is.EqualTo(SubscriptionState.Suspended));
        Assert.That((await Deliveries.ListAsync(edition, DeliveryState.Failed, new(0), 10, Stop)).Single(), Is.EqualTo(new DeliveryLine(people[0].Value, "reader0@example.org", 1, 550, "5.1.1", "unknown")));
    }

    [Test]
    public async Task An_edition_is_complete_when_no_row_is_open_and_not_before()
    {
        await AddAsync(2);
        var edition = await FreezeAsync();
        var claims = await ClaimAsync(edition, 2);
        await Deliveries.RecordAsync([new(claims[0], new SmtpOutcome.Accepted("250 ok"), new(DeliveryState.Sent), Noon)]);
        var early = await Editions.CompleteAsync(edition, Noon, Stop);
        await Deliveries.RecordAsync([new(claims[1], new SmtpOutcome.Accepted("250 ok"), new(DeliveryState.Sent), Noon)]);

        var done = await Editions.CompleteAsync(edition, Noon, Stop);

        Assert.That((early, done), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task The_failed_ones_alone_are_retried_and_the_edition_runs_again()
    {
        await AddAsync(2);
        var edition = await FreezeAsync();
        var claims = await ClaimAsync(edition, 2);
        await Deliveries.RecordAsync([
            new(claims[0], new SmtpOutcome.Accepted("250 ok"), new(DeliveryState.Sent), Noon),
            new(claims[1], new SmtpOutcome.Refused(554, "5.7.1", "spam", SmtpScope.Recipient), new(DeliveryState.Failed), Noon)]);
        await Editions.CompleteAsync(edition, Noon, Stop);

        var again = await Deliveries.RetryAsync(edition, new(DeliveryState.Failed), Noon, Stop);

        Assert.That(again, Is.EqualTo(1));
        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Waiting: 1, Sent: 1)));
        Assert.That((await Editions.FindAsync(edition, Stop))?.State, Is.EqualTo(EditionState.Running));
    }

    [Test]
    public async Task Who_has_the_issue_from_a_cancelled_edition_is_not_sent_it_twice()
    {
        await AddAsync(3);
        var first = await FreezeAsync();
        var claim = (await ClaimAsync(first, 1)).Single();
        await Deliveries.RecordAsync([new(claim, new SmtpOutcome.Accepted("250 ok"), new(DeliveryState.Sent), Noon)]);
        await Editions.StepAsync(first, EditionState.Cancelled, "typo", Noon, Stop);

        var second = await FreezeAsync();

        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(await Editions.ExclusionsAsync(second, Stop), Is.EqualTo(new Dictionary<string, long> { ["has it already"] = 1 }));
    }

    [Test]
    public async Task An_issue_has_one_edition_however_often_it_is_scheduled()
    {
        var first = await Editions.AddAsync(Some.RenderedIssue("0001-first"), "", Noon, Noon, Stop);
        var second = await Editions.AddAsync(Some.RenderedIssue("0001-first"), "", Noon.AddDays(1), Noon, Stop);

        Assert.That((first.IsNew, second.IsNew, second.Edition), Is.EqualTo((true, false, first.Edition)));
    }

    [Test]
    public async Task What_servers_said_of_an_erased_person_is_forgotten_too()
    {
        var reader = (await AddAsync(2))[0];
        var edition = await FreezeAsync();
        var claims = await ClaimAsync(edition, 2);
        await Deliveries.RecordAsync([.. claims.Select(claim => new AttemptResult(claim, new SmtpOutcome.Rejected(550, "5.1.1", $"<{claim.Address}> unknown"), new(DeliveryState.Failed), Noon))]);

        await Subscribers.EraseAsync(reader, "asked for", Actor.Reader, Noon, Stop);

        Assert.That(await CountAsync("select count(*) from deliveries where reply_words is not null"), Is.EqualTo(1));
        Assert.That(await CountAsync("select count(*) from attempts where reply_words is not null"), Is.EqualTo(1));
    }

    private async Task<List<string>> RowsAsync()
    {
        await using var connection = await Database.OpenAsync(Stop);
        return [.. await connection.QueryAsync<string>("select state || attempt || ' ' || due_at || coalesce(reply_words, '') || coalesce(revision, '') from deliveries order by subscriber_id")];
    }

    private async Task<SubscriberId[]> AddAsync(int count)
    {
        var people = new SubscriberId[count];
        for (var i = 0; i < count; i++)
            people[i] = ((Addition.Added)await Subscribers.AddAsync(new(Address(i)), Active(), Stop)).Id;
        return people;
    }

    private async Task<EditionId> ScheduleAsync(string slug) => (await Editions.AddAsync(Some.RenderedIssue(slug), "", Noon, Noon, Stop)).Edition.Id;

    private async Task<EditionId> FreezeAsync()
    {
        var edition = await ScheduleAsync("0001-first");
        Assert.That(await Editions.FreezeAsync(edition, Noon, Stop), Is.True);
        return edition;
    }

    private Task<IReadOnlyList<Claim>> ClaimAsync(EditionId edition, int count) => Deliveries.ClaimAsync(edition, "worker", Noon.AddMinutes(2), Noon, count, Stop);

    /// <summary>A bar alone, whatever the subscriber's standing says.</summary>
    private Task<int> BarAsync(int i) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "insert into suppressions (address_key, reason, at, actor) values (@Key, 'manual', 0, 'editor')", new { Address(i).Key }, transaction), Stop);

    private Task<long> CountAsync(string sql) => Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(sql), Stop);

    private static EmailAddress Address(int i) => EmailAddress.Read($"reader{i}@example.org")!;

    private static StandingChange Active() => new(SubscriptionState.Active, "import", Actor.Import, Noon);
}
