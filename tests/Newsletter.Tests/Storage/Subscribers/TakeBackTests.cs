using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Subscribers;

/// <summary>A reader takes the own unsubscribe back, and nothing else by it.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class TakeBackTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private SubscriberStore Store => field ??= new(Database, Some.ErasedAddresses());

    [Test]
    public async Task It_makes_the_reader_active_again_and_twice_is_once()
    {
        var reader = await AddAsync(SubscriptionState.Active);
        await LeaveAsync(reader, Actor.Reader);

        var first = await TakeBackAsync(reader, since: Noon);
        var second = await TakeBackAsync(reader, since: Noon);

        Assert.That((first, second), Is.EqualTo((ChangeOutcome.Changed, ChangeOutcome.AlreadySo)));
        Assert.That((await Store.HistoryAsync(reader, Stop)).Select(line => line.Change.To),
            Is.EqualTo(new[] { SubscriptionState.Active, SubscriptionState.Unsubscribed, SubscriptionState.Active }));
    }

    [TestCase(SubscriptionState.Active, Actor.Editor, 0)]
    [TestCase(SubscriptionState.Active, Actor.Reader, 1)]
    [TestCase(SubscriptionState.Pending, Actor.Reader, 0)]
    [TestCase(SubscriptionState.Suspended, Actor.Reader, 0)]
    public async Task It_is_refused_where_another_ended_it_it_is_too_long_ago_or_the_reader_was_not_active(SubscriptionState before, Actor actor, int hoursTooLate)
    {
        var reader = await AddAsync(before);
        await LeaveAsync(reader, actor);

        Assert.That(await TakeBackAsync(reader, since: Noon.AddHours(hoursTooLate)), Is.EqualTo(ChangeOutcome.NotAllowed));
    }

    [Test]
    public async Task It_takes_back_what_the_editor_did_for_a_mail()
    {
        var reader = await AddAsync(SubscriptionState.Active);
        var mail = (await new ReturnedMailStore(Database).KeepAsync(new byte[] { 1 }, "test", Noon, Stop)).Id;
        await Store.ChangeAsync(reader, new(SubscriptionState.Unsubscribed, "left", Actor.Editor, Noon, ReturnedMail: mail), Stop);

        Assert.That(await TakeBackAsync(reader, since: Noon), Is.EqualTo(ChangeOutcome.Changed));
    }

    [Test]
    public async Task A_complaint_that_came_after_is_not_lifted_and_its_bar_stays()
    {
        var reader = await AddAsync(SubscriptionState.Active);
        await LeaveAsync(reader, Actor.Reader);
        await Store.ChangeAsync(reader, new(SubscriptionState.Complained, "spam", Actor.Server, Noon), Stop);
        await Store.SuppressAsync(EmailAddress.Read("ada@example.org")!, new(SuppressionReason.Complaint, Actor.Server, Noon), Stop);

        Assert.That(await TakeBackAsync(reader, since: Noon), Is.EqualTo(ChangeOutcome.NotAllowed));
        Assert.That(await Store.FindSuppressionAsync(EmailAddress.Read("ada@example.org")!, Stop), Is.Not.Null);
    }

    [Test]
    public async Task Nobody_takes_nothing_back() =>
        Assert.That(await TakeBackAsync(new(4711), since: Noon), Is.EqualTo(ChangeOutcome.NobodyThere));

    private async Task<SubscriberId> AddAsync(SubscriptionState state) =>
        ((Addition.Added)await Store.AddAsync(new(EmailAddress.Read("ada@example.org")!), new(state, "test", Actor.Import, Noon), Stop)).Id;

    private Task<ChangeOutcome> LeaveAsync(SubscriberId reader, Actor actor) => Store.ChangeAsync(reader, new(SubscriptionState.Unsubscribed, "left", actor, Noon), Stop);

    private Task<ChangeOutcome> TakeBackAsync(SubscriberId reader, DateTimeOffset since) =>
        Store.TakeBackUnsubscribeAsync(reader, new(SubscriptionState.Active, "taken back", Actor.Reader, Noon), since, null, Stop);
}
