using Dapper;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SubscriberStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly EmailAddress Ada = EmailAddress.Read("Ada@Example.org")!;

    private SubscriberStore Store => field ??= new(Database, Some.ErasedAddresses());

    [Test]
    public async Task A_subscriber_comes_back_as_added()
    {
        var profile = new Profile(Ada)
        {
            Name = "Ada “the first” Lovelace\u0301",
            Fields = new Dictionary<string, string> { ["city"] = "Zürich", ["note"] = "two\nlines" },
            Tags = ["press", "early"],
            Topics = ["hpc"],
            Language = "de",
            TimeZone = "Europe/Zurich",
            Source = "form",
        };

        var id = await AddedAsync(profile);

        var found = await Store.FindAsync(EmailAddress.Read("ada@EXAMPLE.org")!, Stop);
        Assert.That(found, Is.EqualTo(await Store.FindAsync(id, Stop)).Using<Subscriber>(Same));
        Assert.That(found, Is.EqualTo(new Subscriber(id, profile, SubscriptionState.Active, Noon, Noon)).Using<Subscriber>(Same));
        Assert.That(found!.Profile!.Address.Value, Is.EqualTo("Ada@Example.org"));
    }

    [Test]
    public async Task An_address_added_by_eight_at_once_is_one_row_with_one_line_of_history()
    {
        var additions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new SubscriberStore(OpenAnother(), Some.ErasedAddresses()).AddAsync(new(Ada), First(), Stop))));

        Assert.That(additions.OfType<Addition.Added>().Count(), Is.EqualTo(1));
        Assert.That(additions.OfType<Addition.AlreadyThere>().Count(), Is.EqualTo(7));
        Assert.That(await Store.HistoryAsync(additions.OfType<Addition.Added>().Single().Id, Stop), Has.Count.EqualTo(1));
        Assert.That(await Store.ListAsync(null, Stop).CountAsync(Stop), Is.EqualTo(1));
    }

    [Test]
    public async Task A_change_by_eight_at_once_happens_once()
    {
        var id = await AddedAsync(new(Ada));
        var change = new StandingChange(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, Noon.AddDays(1), "192.0.2.7", new EditionId(3), 7);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new SubscriberStore(OpenAnother(), Some.ErasedAddresses()).ChangeAsync(id, change, Stop))));

        Assert.That(outcomes.Count(outcome => outcome is ChangeOutcome.Changed), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome is ChangeOutcome.AlreadySo), Is.EqualTo(7));
        Assert.That(await Store.HistoryAsync(id, Stop), Is.EqualTo(new HistoryLine[] { new(null, First()), new(SubscriptionState.Active, change) }));
        Assert.That((await Store.FindAsync(id, Stop))!.StateAt, Is.EqualTo(Noon.AddDays(1)));
    }

    [Test]
    public async Task What_is_no_legal_step_changes_nothing()
    {
        var id = await AddedAsync(new(Ada));
        await Store.ChangeAsync(id, new(SubscriptionState.Unsubscribed, "page", Actor.Reader, Noon), Stop);

        var bounced = await Store.ChangeAsync(id, new(SubscriptionState.Suspended, "hard bounce", Actor.Server, Noon), Stop);
        var revived = await Store.ChangeAsync(id, new(SubscriptionState.Active, "list.csv", Actor.Import, Noon), Stop);
        var nobody = await Store.ChangeAsync(new(id.Value + 1), new(SubscriptionState.Unsubscribed, "page", Actor.Reader, Noon), Stop);

        Assert.That((bounced, revived, nobody), Is.EqualTo((ChangeOutcome.NotAllowed, ChangeOutcome.NotAllowed, ChangeOutcome.NobodyThere)));
        Assert.That(await Store.HistoryAsync(id, Stop), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_change_inside_a_transaction_that_fails_did_not_happen()
    {
        var id = await AddedAsync(new(Ada));

        Assert.That(() => Database.WriteAsync(async transaction =>
        {
            await Standings.ChangeAsync(Database, transaction, id, new(SubscriptionState.Suspended, "hard bounce", Actor.Server, Noon));
            throw new InvalidOperationException("later in the same transaction");
        }, Stop), Throws.InvalidOperationException);

        Assert.That((await Store.FindAsync(id, Stop))!.State, Is.EqualTo(SubscriptionState.Active));
        Assert.That(await Store.HistoryAsync(id, Stop), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_suppressed_address_is_not_added_and_the_first_reason_stays()
    {
        var byPerson = new Suppression(SuppressionReason.Manual, Actor.Editor, Noon, "wrote to us");

        var first = await Store.SuppressAsync(Ada, byPerson, Stop);
        var second = await Store.SuppressAsync(Ada, new(SuppressionReason.Complaint, Actor.Server, Noon), Stop);

        Assert.That((first, second), Is.EqualTo((true, false)));
        Assert.That(await Store.AddAsync(new(Ada), First(), Stop), Is.EqualTo(new Addition.Suppressed(byPerson)));
    }

    [Test]
    public async Task Who_complained_and_was_then_barred_by_a_person_stays_barred_when_the_complaint_is_undone()
    {
        var id = await AddedAsync(new(Ada));
        await Store.SuppressAsync(Ada, new(SuppressionReason.Complaint, Actor.Server, Noon, "feedback report"), Stop);
        await Store.SuppressAsync(Ada, new(SuppressionReason.Manual, Actor.Editor, Noon, "wrote to us"), Stop);

        var outcome = await Store.ChangeAsync(id, new(SubscriptionState.Active, "wrongly listed on 4 May", Actor.Undo, Noon), Stop);

        Assert.That(outcome, Is.EqualTo(ChangeOutcome.Suppressed));
        Assert.That((await Store.FindSuppressionAsync(Ada, Stop))!.Reason, Is.EqualTo(SuppressionReason.Manual));
    }

    [Test]
    public async Task Coming_back_lifts_the_bar_of_a_complaint_and_not_that_of_a_person([Values(SuppressionReason.Complaint, SuppressionReason.Manual)] SuppressionReason reason)
    {
        var id = await AddedAsync(new(Ada));
        await Store.ChangeAsync(id, new(SubscriptionState.Complained, "complaint", Actor.Server, Noon), Stop);
        await Database.WriteAsync(transaction => Standings.SuppressAsync(transaction, id, new(reason, Actor.Server, Noon)), Stop);

        var outcome = await Store.ChangeAsync(id, new(SubscriptionState.Active, "wrongly listed on 4 May", Actor.Undo, Noon), Stop);

        var lifted = reason is SuppressionReason.Complaint;
        Assert.That(outcome, Is.EqualTo(lifted ? ChangeOutcome.Changed : ChangeOutcome.Suppressed));
        Assert.That(await Store.FindSuppressionAsync(Ada, Stop), lifted ? Is.Null : Is.Not.Null);
        Assert.That((await Store.FindAsync(id, Stop))!.State, Is.EqualTo(lifted ? SubscriptionState.Active : SubscriptionState.Complained));
    }

    [Test]
    public async Task An_erased_person_leaves_no_word_behind_and_cannot_be_added_again()
    {
        var id = await AddedAsync(new(Ada) { Name = "Ada Lovelace", Fields = new Dictionary<string, string> { ["city"] = "Lovelaceville" }, Source = "ada.csv" }, evidence: "ada@example.org from 192.0.2.7");

        var first = await Store.EraseAsync(id, "asked for by letter", Actor.Editor, Noon, Stop);
        var second = await Store.EraseAsync(id, "asked for by letter", Actor.Editor, Noon, Stop);

        Assert.That((first, second), Is.EqualTo((ChangeOutcome.Changed, ChangeOutcome.AlreadySo)));
        Assert.That((await Store.FindAsync(id, Stop))!.Profile, Is.Null);
        Assert.That(await Store.FindAsync(Ada, Stop), Is.Null);
        Assert.That(await WordsAsync(), Does.Not.Contain("ada").IgnoreCase.And.Not.Contain("lovelace").IgnoreCase.And.Not.Contain("192.0.2.7"));
        Assert.That(await Store.AddAsync(new(Ada), First(), Stop), Is.TypeOf<Addition.Suppressed>());
    }

    [Test]
    public async Task A_mark_of_an_older_key_still_stands_for_its_address()
    {
        await Store.EraseAsync(await AddedAsync(new(Ada)), "asked for", Actor.Reader, Noon, Stop);
        var ring = Some.KeyRing();
        var rotated = new KeyRing(2, new Dictionary<byte, byte[]>(ring.Keys) { [2] = new byte[32] });

        var addition = await new SubscriberStore(Database, new(rotated)).AddAsync(new(Ada), First(), Stop);

        Assert.That(addition, Is.TypeOf<Addition.Suppressed>());
    }

    [Test]
    public async Task A_list_longer_than_a_page_comes_whole_and_in_order()
    {
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
            with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 2500)
            insert into subscribers (address, address_key, state, state_at, created_at)
            select 'r' || n || '@example.org', 'r' || n || '@example.org', case when n % 2 = 0 then 'active' else 'paused' end, 0, 0 from numbers
            """, transaction: transaction), Stop);

        var all = await Store.ListAsync(null, Stop).Select(subscriber => subscriber.Id.Value).ToListAsync(Stop);
        var paused = await Store.ListAsync(SubscriptionState.Paused, Stop).CountAsync(Stop);

        Assert.That(all, Has.Count.EqualTo(2500).And.Ordered.Ascending.And.Unique);
        Assert.That(paused, Is.EqualTo(1250));
        Assert.That(await Store.CountAsync(Stop), Is.EquivalentTo(new Dictionary<SubscriptionState, long> { [SubscriptionState.Active] = 1250, [SubscriptionState.Paused] = 1250 }));
    }

    private static StandingChange First(string evidence = "") => new(SubscriptionState.Active, "added", Actor.Editor, Noon, evidence);

    private async Task<SubscriberId> AddedAsync(Profile profile, string evidence = "") =>
        await Store.AddAsync(profile, First(evidence), Stop) is Addition.Added added ? added.Id : throw new AssertionException("not added");

    private async Task<string> WordsAsync() => await Database.ReadAsync(async connection =>
        string.Join('\n', (await connection.QueryAsync("select * from subscribers")).Concat(await connection.QueryAsync("select * from subscriptions_log"))
            .Concat(await connection.QueryAsync("select * from suppressions")).SelectMany(row => ((IDictionary<string, object>)row).Values)), Stop);

    private static bool Same(Subscriber one, Subscriber other) => Text(one) == Text(other);

    private static string Text(Subscriber subscriber) => System.Text.Json.JsonSerializer.Serialize(
        subscriber with { Profile = subscriber.Profile! with { Since = null } });
}
