using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Subscribers;

/// <summary>Mails that readers ask for on their pages, and what their links are good for.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ReaderMailsTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Oldest = Noon.AddDays(-1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly EmailAddress New = EmailAddress.Read("Ida@New.example")!;

    private SubscriberStore Subscribers => field ??= new(Database, Some.ErasedAddresses());

    private ReaderStore Store => field ??= new(Database, Some.ErasedAddresses());

    [Test]
    public async Task Of_eight_workers_one_takes_a_mail_and_another_when_its_time_is_over()
    {
        var reader = await AddAsync("ida@example.org", "de");
        await Store.OweOwnPageAsync(reader, Noon, Stop);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new ReaderStore(OpenAnother(), Some.ErasedAddresses()).ClaimAsync(Noon, Lease, 100, Stop))));
        var again = await ClaimAsync(Noon + Lease);
        await Store.SettleAsync(again!.Id, Noon + Lease);

        var owed = taken.OfType<OwedReaderMail>().Single();
        Assert.That(owed, Is.EqualTo(again).And.EqualTo(new OwedReaderMail(owed.Id, ReaderMailKind.OwnPage, EmailAddress.Read("ida@example.org")!, "de", Noon)));
        Assert.That(await ClaimAsync(Noon + (2 * Lease)), Is.Null);
    }

    [Test]
    public async Task A_reader_gets_three_a_day_and_all_together_so_many()
    {
        var (ida, bob) = (await AddAsync("ida@example.org"), await AddAsync("bob@example.org"));

        var owed = new List<bool>();
        for (var i = 0; i < 5; i++)
            owed.Add(await Store.OweOwnPageAsync(ida, Noon, Stop));
        var tomorrow = await Store.OweOwnPageAsync(ida, Noon.AddDays(1).AddSeconds(1), Stop);
        await Store.OweOwnPageAsync(bob, Noon, Stop);

        Assert.That(owed, Is.EqualTo(new[] { true, true, true, false, false }));
        Assert.That(tomorrow);
        Assert.That(new[] { await ClaimAsync(Noon, 2), await ClaimAsync(Noon, 2), await ClaimAsync(Noon, 2) }.Count(mail => mail is not null), Is.EqualTo(2));
    }

    [Test]
    public async Task What_is_too_late_or_barred_or_goes_to_an_address_that_they_left_is_not_sent()
    {
        var (late, barred, moved) = (await AddAsync("late@example.org"), await AddAsync("barred@example.org"), await AddAsync("moved@example.org"));
        await Store.OweOwnPageAsync(late, Noon - ReaderStore.Patience - Lease, Stop);
        await Store.OweOwnPageAsync(barred, Noon, Stop);
        await Subscribers.SuppressAsync(EmailAddress.Read("barred@example.org")!, new(SuppressionReason.Manual, Actor.Editor, Noon), Stop);
        var change = await AskAsync(moved, New);
        await Store.OweOwnPageAsync(moved, Noon, Stop);
        await TakeAsync(change);

        var sent = new List<OwedReaderMail>();
        while (await ClaimAsync(Noon) is { } mail)
            sent.Add(mail);

        Assert.That(sent.Select(mail => (mail.Kind, mail.To.Value)), Is.EqualTo(new[] { (ReaderMailKind.Notice, "moved@example.org") }));
    }

    [TestCase(SubscriptionState.Complained, false)]
    [TestCase(SubscriptionState.Unsubscribed, true)]
    [TestCase(SubscriptionState.Suspended, true)]
    [TestCase(SubscriptionState.Paused, true)]
    public async Task Who_left_may_still_see_their_data_and_who_complained_is_not_mailed(SubscriptionState state, bool isOwed)
    {
        var reader = await AddAsync("ida@example.org", state: state);

        Assert.That((await Store.OweOwnPageAsync(reader, Noon, Stop), await Store.OweNewAddressAsync(reader, New, Noon, Stop)), Is.EqualTo((isOwed, isOwed)));
    }

    [Test]
    public async Task A_new_address_takes_the_place_of_the_old_one_once()
    {
        var reader = await AddAsync("ida@example.org");
        await Store.OweOwnPageAsync(reader, Noon, Stop);
        var own = (await ClaimAsync(Noon))!.Id;
        var change = await AskAsync(reader, New);

        var before = await Store.FindOwnPageAsync(own, Oldest, Stop);
        var first = await TakeAsync(change);
        var again = new[] { await TakeAsync(change), await TakeAsync(change) };

        Assert.That((before?.Id, await Store.FindOwnPageAsync(own, Oldest, Stop)), Is.EqualTo((reader, (Subscriber?)null)), "the link to the old address opens nothing any more");
        Assert.That(first, Is.EqualTo(ChangeOutcome.Changed));
        Assert.That(again, Is.All.EqualTo(ChangeOutcome.NotAllowed));
        Assert.That((await Subscribers.FindAsync(reader, Stop))!.Profile!.Address.Value, Is.EqualTo("Ida@New.example"));
        Assert.That(await Subscribers.FindAsync(EmailAddress.Read("ida@example.org")!, Stop), Is.Null);
        Assert.That((await Store.ActsAsync(reader, Stop)).Select(act => (act.Act, act.Words)), Is.EqualTo(new[] { ("new address", "") }));
    }

    [Test]
    public async Task Eight_presses_at_once_are_one_change()
    {
        var change = await AskAsync(await AddAsync("ida@example.org"), New);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new ReaderStore(OpenAnother(), Some.ErasedAddresses()).TakeAddressAsync(change, Oldest, Act(), Stop))));

        Assert.That(outcomes.Count(outcome => outcome is ChangeOutcome.Changed), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome is ChangeOutcome.NotAllowed), Is.EqualTo(7));
    }

    [Test]
    public async Task Of_two_readers_and_a_sign_up_who_want_one_address_one_gets_it()
    {
        var changes = new List<ReaderMailId>();
        foreach (var i in Enumerable.Range(0, 4)) // asked for on four days: an address is asked once a day
            changes.Add(await AskAsync(await AddAsync($"ida{i}@example.org"), New, Noon.AddDays(i).AddSeconds(i)));

        var outcomes = await Task.WhenAll(changes.Select(change => Task.Run(async () => await new ReaderStore(OpenAnother(), Some.ErasedAddresses()).TakeAddressAsync(change, Oldest, Act(), Stop) is ChangeOutcome.Changed))
            .Append(Task.Run(async () => await new SubscriberStore(OpenAnother(), Some.ErasedAddresses()).AddAsync(new(New), new(SubscriptionState.Active, "test", Actor.Editor, Noon), Stop) is Addition.Added)));

        Assert.That(outcomes.Count(isDone => isDone), Is.EqualTo(1));
    }

    [Test]
    public async Task A_link_that_is_too_old_or_not_the_last_or_anothers_changes_nothing()
    {
        var (ida, bob) = (await AddAsync("ida@example.org"), await AddAsync("bob@example.org"));
        var first = await AskAsync(ida, EmailAddress.Read("one@new.example")!);
        var last = await AskAsync(ida, New);
        await Store.OweOwnPageAsync(ida, Noon, Stop);
        var own = (await ClaimAsync(Noon))!.Id;

        var outcomes = new[]
        {
            await TakeAsync(first), await Store.TakeAddressAsync(last, Noon, Act(), Stop), await TakeAsync(last with { Subscriber = bob }), await TakeAsync(own), await TakeAsync(new(4711, ida)),
        };

        Assert.That(outcomes, Is.All.EqualTo(ChangeOutcome.NotAllowed));
        Assert.That((await Store.FindOwnPageAsync(own, Noon, Stop), await Store.FindOwnPageAsync(last, Oldest, Stop), await Store.FindOwnPageAsync(own with { Subscriber = bob }, Oldest, Stop)), Is.EqualTo(((Subscriber?)null, (Subscriber?)null, (Subscriber?)null)));
        Assert.That((await Store.FindNewAddressAsync(first, Oldest, Stop), (await Store.FindNewAddressAsync(last, Oldest, Stop))?.Id), Is.EqualTo(((Subscriber?)null, ida)));
    }

    [TestCase("taken")]
    [TestCase("barred")]
    [TestCase("forgotten")]
    [TestCase("their own")]
    public async Task An_address_that_cannot_be_theirs_is_not_asked_and_not_taken(string how)
    {
        var reader = await AddAsync("ida@example.org");
        var wanted = how is "their own" ? EmailAddress.Read("IDA@example.org")! : New;
        var change = how is "their own" ? default : await AskAsync(reader, New);
        if (how is "taken" or "forgotten")
            await AddAsync(New.Value);
        if (how is "forgotten")
            await Subscribers.EraseAsync((await Subscribers.FindAsync(New, Stop))!.Id, "asked", Actor.Reader, Noon, Stop);
        if (how is "barred")
            await Subscribers.SuppressAsync(New, new(SuppressionReason.Manual, Actor.Editor, Noon), Stop);

        Assert.That(await Store.OweNewAddressAsync(reader, wanted, Noon.AddDays(2), Stop), Is.False);
        Assert.That(await TakeAsync(change), Is.EqualTo(ChangeOutcome.NotAllowed));
    }

    [Test]
    public async Task An_address_is_asked_once_a_day_whoever_wants_it()
    {
        var (ida, bob) = (await AddAsync("ida@example.org"), await AddAsync("bob@example.org"));

        Assert.That(new[] { await Store.OweNewAddressAsync(ida, New, Noon, Stop), await Store.OweNewAddressAsync(bob, New, Noon.AddHours(1), Stop), await Store.OweNewAddressAsync(bob, New, Noon.AddHours(25), Stop) },
            Is.EqualTo(new[] { true, false, true }));
    }

    [Test]
    public async Task Who_was_suspended_for_the_old_address_is_active_at_the_new_one()
    {
        var reader = await AddAsync("ida@example.org", state: SubscriptionState.Suspended);

        await TakeAsync(await AskAsync(reader, New));

        Assert.That((await Subscribers.FindAsync(reader, Stop))!.State, Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task Something_that_costs_is_noted_so_many_times_a_day()
    {
        var reader = await AddAsync("ida@example.org");

        var outcomes = new[] { await NoteAsync(reader, Noon), await NoteAsync(reader, Noon), await NoteAsync(reader, Noon), await NoteAsync(reader, Noon.AddDays(1).AddSeconds(1)) };

        Assert.That(outcomes, Is.EqualTo(new[] { ChangeOutcome.Changed, ChangeOutcome.Changed, ChangeOutcome.TooMany, ChangeOutcome.Changed }));
    }

    private Task<ChangeOutcome> NoteAsync(SubscriberId reader, DateTimeOffset at) => Store.NoteAsync(reader, new(at, "got their data", ""), 2, Stop);

    private async Task<ReaderMailId> AskAsync(SubscriberId reader, EmailAddress to, DateTimeOffset? at = null)
    {
        Assert.That(await Store.OweNewAddressAsync(reader, to, at ?? Noon, Stop));
        var mail = (await ClaimAsync(at ?? Noon))!;
        await Store.SettleAsync(mail.Id, Noon);
        return mail.Id;
    }

    private Task<ChangeOutcome> TakeAsync(ReaderMailId mail) => Store.TakeAddressAsync(mail, Oldest, Act(), Stop);

    private Task<OwedReaderMail?> ClaimAsync(DateTimeOffset now, int perDay = 100) => Store.ClaimAsync(now, Lease, perDay, Stop);

    private static ReaderAct Act() => new(Noon, "new address", "", "192.0.2.7");

    private async Task<SubscriberId> AddAsync(string address, string language = "", SubscriptionState state = SubscriptionState.Active) =>
        ((Addition.Added)await Subscribers.AddAsync(new(EmailAddress.Read(address)!) { Language = language }, new(state, "test", Actor.Import, Noon.AddDays(-9)), Stop)).Id;
}
