using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Subscribers;

/// <summary>What readers choose on pages of their own.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ReaderStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private SubscriberStore Subscribers => field ??= new(Database, Some.ErasedAddresses());

    private ReaderStore Store => field ??= new(Database, Some.ErasedAddresses());

    [Test]
    public async Task A_choice_is_kept_with_a_line_and_twice_is_once()
    {
        var reader = await AddAsync();

        var first = await ChooseAsync(reader, Noon);
        var second = await ChooseAsync(reader, Noon.AddHours(1));

        var found = (await Subscribers.FindAsync(reader, Stop))!.Profile!;
        Assert.That((first, second), Is.EqualTo((ChangeOutcome.Changed, ChangeOutcome.AlreadySo)));
        Assert.That((found.Language, found.Name), Is.EqualTo(("de", "Ida")));
        Assert.That((found.Reads("news"), found.Reads("jobs"), found.Reads("later")), Is.EqualTo((true, false, false)));
        Assert.That(await Store.ActsAsync(reader, Stop), Is.EqualTo(new[] { new ReaderAct(Noon, "chose", "+news, -jobs, language de, name", "192.0.2.7", new EditionId(3)) }));
        Assert.That(await Subscribers.HistoryAsync(reader, Stop), Has.Count.EqualTo(1), "their standing is as it was");
    }

    [Test]
    public async Task A_pause_has_an_end_that_can_be_moved_and_the_reader_can_go_on_before_it()
    {
        var reader = await AddAsync();

        var outcomes = new[] { await PauseAsync(reader, 7), await PauseAsync(reader, 7), await PauseAsync(reader, 14) };
        var paused = (await Subscribers.FindAsync(reader, Stop))!;
        var on = await GoOnAsync(reader);
        var active = (await Subscribers.FindAsync(reader, Stop))!;

        Assert.That(outcomes, Is.EqualTo(new[] { ChangeOutcome.Changed, ChangeOutcome.AlreadySo, ChangeOutcome.Changed }));
        Assert.That((paused.State, paused.PausedUntil), Is.EqualTo((SubscriptionState.Paused, (DateTimeOffset?)Noon.AddDays(14))));
        Assert.That((on, active.State, active.PausedUntil), Is.EqualTo((ChangeOutcome.Changed, SubscriptionState.Active, (DateTimeOffset?)null)));
        Assert.That((await Store.ActsAsync(reader, Stop)).Select(act => act.Act), Is.EqualTo(new[] { "paused" }), "moving the end is no change of standing");
    }

    [TestCase(SubscriptionState.Unsubscribed)]
    [TestCase(SubscriptionState.Complained)]
    [TestCase(SubscriptionState.Suspended)]
    [TestCase(SubscriptionState.Pending)]
    public async Task Going_on_ends_a_pause_and_nothing_else(SubscriptionState state)
    {
        var reader = await AddAsync(state);

        Assert.That(await GoOnAsync(reader), Is.EqualTo(ChangeOutcome.NotAllowed));
        Assert.That(await PauseAsync(reader, 7), Is.EqualTo(ChangeOutcome.NotAllowed));
        Assert.That((await Subscribers.FindAsync(reader, Stop))!.State, Is.EqualTo(state));
    }

    [Test]
    public async Task The_clock_ends_what_is_over_once_and_lets_all_others_be()
    {
        var (over, later, open, left) = (await AddAsync(), await AddAsync(), await AddAsync(), await AddAsync());
        await PauseAsync(over, 7);
        await PauseAsync(later, 8);
        await Store.PauseAsync(open, new(SubscriptionState.Paused, "by command", Actor.Editor, Noon), Stop);
        await PauseAsync(left, 7);
        await Subscribers.ChangeAsync(left, new(SubscriptionState.Unsubscribed, "page", Actor.Reader, Noon.AddDays(1)), Stop);

        var early = await Store.EndPausesAsync(Noon.AddDays(7).AddMilliseconds(-1), 100, Stop);
        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => new ReaderStore(OpenAnother(), Some.ErasedAddresses()).EndPausesAsync(Noon.AddDays(7), 100, Stop))));

        Assert.That((early, ended.Sum()), Is.EqualTo((0, 1)));
        Assert.That(await StatesAsync(over, later, open, left), Is.EqualTo(new[] { SubscriptionState.Active, SubscriptionState.Paused, SubscriptionState.Paused, SubscriptionState.Unsubscribed }));
        Assert.That((await Subscribers.HistoryAsync(over, Stop))[^1].Change, Is.EqualTo(new StandingChange(SubscriptionState.Active, "the pause is over", Actor.Clock, Noon.AddDays(7))));
    }

    [Test]
    public async Task Pauses_end_in_batches()
    {
        foreach (var _ in Enumerable.Range(0, 5))
            await PauseAsync(await AddAsync(), 1);

        var batches = new[] { await Store.EndPausesAsync(Noon.AddDays(2), 2, Stop), await Store.EndPausesAsync(Noon.AddDays(2), 2, Stop), await Store.EndPausesAsync(Noon.AddDays(2), 2, Stop) };

        Assert.That(batches, Is.EqualTo(new[] { 2, 2, 1 }));
    }

    [Test]
    public async Task Why_somebody_left_is_kept_once_for_a_leaving_of_their_own()
    {
        var reader = await AddAsync();
        await Subscribers.ChangeAsync(reader, new(SubscriptionState.Unsubscribed, "page", Actor.Reader, Noon), Stop);

        var outcomes = new[] { await SayWhyAsync(reader, "too-often", Noon.AddMinutes(1)), await SayWhyAsync(reader, "other: no", Noon.AddMinutes(2)), await SayWhyAsync(reader, "late", Noon.AddHours(25)) };

        Assert.That(outcomes, Is.EqualTo(new[] { ChangeOutcome.Changed, ChangeOutcome.Changed, ChangeOutcome.NotAllowed }));
        Assert.That((await Store.ActsAsync(reader, Stop)).Select(act => act.Words), Is.EqualTo(new[] { "other: no" }));
        Assert.That(await Subscribers.TakeBackUnsubscribeAsync(reader, new(SubscriptionState.Active, "back", Actor.Reader, Noon.AddHours(1)), Noon, null, Stop), Is.EqualTo(ChangeOutcome.Changed), "it can be undone as before");
    }

    [TestCase(SubscriptionState.Unsubscribed, Actor.Editor)]
    [TestCase(SubscriptionState.Suspended, Actor.Server)]
    public async Task Who_did_not_leave_by_themselves_is_not_asked_why(SubscriptionState state, Actor actor)
    {
        var reader = await AddAsync();
        await Subscribers.ChangeAsync(reader, new(state, "else", actor, Noon), Stop);

        Assert.That(await SayWhyAsync(reader, "too-often", Noon), Is.EqualTo(ChangeOutcome.NotAllowed));
    }

    [Test]
    public async Task More_than_a_person_does_in_a_day_is_not_taken_but_leaving_is()
    {
        var reader = await AddAsync();
        foreach (var i in Enumerable.Range(0, ReaderStore.ActsPerDay))
            await Store.ChooseAsync(reader, before => before with { Name = $"{i}" }, new(Noon, "described", ""), Stop);

        var refused = new[] { await ChooseAsync(reader, Noon), await PauseAsync(reader, 7) };
        var tomorrow = await ChooseAsync(reader, Noon.AddDays(1).AddSeconds(1));
        var left = await Subscribers.ChangeAsync(reader, new(SubscriptionState.Unsubscribed, "page", Actor.Reader, Noon), Stop);

        Assert.That(refused, Is.All.EqualTo(ChangeOutcome.TooMany));
        Assert.That((tomorrow, left), Is.EqualTo((ChangeOutcome.Changed, ChangeOutcome.Changed)));
    }

    [Test]
    public async Task Of_somebody_who_is_forgotten_nothing_is_left_and_nothing_can_be_chosen()
    {
        var reader = await AddAsync();
        await ChooseAsync(reader, Noon);
        await PauseAsync(reader, 7);
        await Store.OweOwnPageAsync(reader, Noon, Stop);

        await Subscribers.EraseAsync(reader, "by the reader", Actor.Reader, Noon, Stop);

        Assert.That(await Store.ActsAsync(reader, Stop), Is.Empty);
        Assert.That(new[] { await ChooseAsync(reader, Noon), await PauseAsync(reader, 8), await GoOnAsync(reader) }, Is.All.EqualTo(ChangeOutcome.NobodyThere));
        Assert.That((await Store.EndPausesAsync(Noon.AddDays(9), 10, Stop), await Store.ClaimAsync(Noon, TimeSpan.FromMinutes(1), 10, Stop)), Is.EqualTo((0, (OwedReaderMail?)null)));
    }

    private Task<ChangeOutcome> ChooseAsync(SubscriberId reader, DateTimeOffset at) => Store.ChooseAsync(reader,
        before => before with { Name = "Ida", Language = "de", Topics = ["news"], TopicsLeft = ["jobs"] }, new(at, "chose", "", "192.0.2.7", new EditionId(3)), Stop);

    private Task<ChangeOutcome> PauseAsync(SubscriberId reader, int days) =>
        Store.PauseAsync(reader, new(SubscriptionState.Paused, $"until day {days}", Actor.Reader, Noon) { Until = Noon.AddDays(days) }, Stop);

    private Task<ChangeOutcome> GoOnAsync(SubscriberId reader) => Store.GoOnAsync(reader, new(SubscriptionState.Active, "goes on", Actor.Reader, Noon), Stop);

    private Task<ChangeOutcome> SayWhyAsync(SubscriberId reader, string words, DateTimeOffset at) => Store.SayWhyAsync(reader, new(at, ReaderAct.LeftBecause, words), at.AddDays(-1), Stop);

    private async Task<SubscriptionState[]> StatesAsync(params SubscriberId[] readers)
    {
        var states = new List<SubscriptionState>();
        foreach (var reader in readers)
            states.Add((await Subscribers.FindAsync(reader, Stop))!.State);
        return [.. states];
    }

    private int added;

    private async Task<SubscriberId> AddAsync(SubscriptionState state = SubscriptionState.Active) =>
        ((Addition.Added)await Subscribers.AddAsync(new(EmailAddress.Read($"reader{added++}@example.org")!), new(state, "test", Actor.Import, Noon.AddDays(-9)), Stop)).Id;
}
