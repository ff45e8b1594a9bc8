using Dapper;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SignUpStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5), Week = TimeSpan.FromDays(7);
    private static readonly SignUpCaps Caps = new(MailsEver: 3, BetweenMails: TimeSpan.FromDays(1), PerNetwork: 4, PerForm: 6, InAll: 8, HeldPerDay: 3);
    private static readonly Wording Words = new("main", "en", "Yes, send it.");
    private static readonly SignUpOrigin Origin = new("2001:db8::7", "2001:db8::/56", "Browser/1.0\r\nX: y");

    private SubscriberStore Subscribers => field ??= new(Database, Some.ErasedAddresses());

    private SignUpStore Store => field ??= Of(Database);

    [Test]
    public async Task An_ask_by_eight_at_once_is_one_wish_one_subscriber_and_one_mail()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Of(OpenAnother()).AskAsync(Wish(1), Words, Origin, _ => SignUpVerdict.Good, Caps, Noon, Stop))));
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Of(OpenAnother()).ClaimAsync(Noon, Lease, Stop))));

        Assert.That(outcomes.Count(outcome => outcome is AskOutcome.Owed), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome is AskOutcome.Counted), Is.EqualTo(7));
        Assert.That(claims.Count(claim => claim is not null), Is.EqualTo(1));
        Assert.That((await CountAsync("signups"), await CountAsync("subscribers"), await CountAsync("subscriptions_log"), await CountAsync("wordings")), Is.EqualTo((1L, 1L, 1L, 1L)));
    }

    [Test]
    public async Task Asking_again_is_counted_once_a_minute_and_changes_nothing_else()
    {
        await AskAsync(1);
        var before = await RowAsync();

        for (var second = 0; second < 180; second++)
            await AskAsync(1, Noon.AddSeconds(second), words: new("main", "en", "other words"));

        var after = await RowAsync();
        Assert.That(after["asked"], Is.EqualTo(3L));
        Assert.That(after.Where(column => column.Key is not ("asked" or "asked_last")), Is.EqualTo(before.Where(column => column.Key is not ("asked" or "asked_last"))));
        Assert.That(await CountAsync("wordings"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_kill_between_relay_and_ledger_sends_a_mail_a_second_time_and_no_third()
    {
        await AskAsync(1);

        var first = await Store.ClaimAsync(Noon, Lease, Stop);
        var early = await Store.ClaimAsync(Noon.AddMinutes(1), Lease, Stop);
        var second = await Store.ClaimAsync(Noon + Lease, Lease, Stop);
        await Store.SettleAsync(second!.Id, Noon + Lease);
        var third = await Store.ClaimAsync(Noon + Lease + Lease, Lease, Stop);

        Assert.That((first!.Id, early, third), Is.EqualTo((second.Id, (OwedConfirmation?)null, (OwedConfirmation?)null)));
    }

    [Test]
    public async Task A_mail_that_no_relay_took_for_two_days_is_not_sent()
    {
        await AskAsync(1);

        Assert.That(await Store.ClaimAsync(Noon.AddDays(2.1), Lease, Stop), Is.Null);
        Assert.That((await RowAsync())["words"], Is.EqualTo("too late"));
    }

    [Test]
    public async Task A_network_is_sent_away_when_it_has_asked_for_too_many_whatever_the_address_and_comes_again_in_an_hour()
    {
        var outcomes = new List<AskOutcome>();
        for (var i = 0; i < 5; i++)
            outcomes.Add(await AskAsync(i));

        Assert.That(outcomes, Is.EqualTo(new[] { AskOutcome.Owed, AskOutcome.Owed, AskOutcome.Owed, AskOutcome.Owed, AskOutcome.TooMany }));
        Assert.That(await AskAsync(1), Is.EqualTo(AskOutcome.TooMany), "one that is under way is answered alike");
        Assert.That(await AskAsync(5, net: "192.0.2.0/24"), Is.EqualTo(AskOutcome.Owed));
        Assert.That(await AskAsync(6, Noon.AddMinutes(61)), Is.EqualTo(AskOutcome.Owed));
    }

    [Test]
    public async Task What_is_over_at_a_form_is_held_and_what_is_over_that_is_not_kept_at_all()
    {
        var outcomes = new List<AskOutcome>();
        for (var i = 0; i < 10; i++)
            outcomes.Add(await AskAsync(i, net: $"192.0.{i}.0/24"));

        Assert.That(outcomes, Is.EqualTo(Enumerable.Repeat(AskOutcome.Owed, 6).Concat(Enumerable.Repeat(AskOutcome.Held, 3)).Append(AskOutcome.TooMany)));
        Assert.That((await CountAsync("signups"), await CountAsync("subscribers")), Is.EqualTo((9L, 6L)));
    }

    [Test]
    public async Task A_flood_of_what_is_seen_to_be_machines_is_bounded_and_keeps_nobody_else_out()
    {
        var bad = new SignUpVerdict(5, ["trap"], IsHeld: true);
        var machines = new List<AskOutcome>();
        for (var i = 0; i < 20; i++)
            machines.Add(await Store.AskAsync(Wish(i), Words, Origin with { Network = $"192.0.{i}.0/24" }, _ => bad, Caps, Noon, Stop));

        Assert.That(machines, Is.EqualTo(Enumerable.Repeat(AskOutcome.Held, 3).Concat(Enumerable.Repeat(AskOutcome.TooMany, 17))));
        Assert.That((await AskAsync(21), await AskAsync(22), await CountAsync("signups")), Is.EqualTo((AskOutcome.Owed, AskOutcome.Owed, 5L)));
    }

    [Test]
    public async Task What_comes_from_no_known_network_is_counted_together_with_nobody()
    {
        for (var i = 0; i < 6; i++)
            Assert.That(await AskAsync(i, net: ""), Is.EqualTo(AskOutcome.Owed));
    }

    [Test]
    public async Task A_confirmation_keeps_who_said_yes_and_from_where()
    {
        await AskAsync(1);
        var owed = (await Store.ClaimAsync(Noon, Lease, Stop))!;
        await Store.SettleAsync(owed.Id, Noon);

        var (outcome, subscriber) = await Store.ConfirmAsync(owed.Id, Week, new("192.0.2.9", "192.0.2.0/24", "Phone/2"), Noon.AddHours(1), Stop);

        var row = await RowAsync();
        Assert.That((outcome, row["state"], row["asked_from"], row["asked_agent"], row["confirmed_from"], row["confirmed_agent"], row["subscriber_id"]),
            Is.EqualTo((ConfirmOutcome.Confirmed, "confirmed", "2001:db8::7", "Browser/1.0 X: y", "192.0.2.9", "Phone/2", subscriber!.Value.Value)));
        Assert.That(await Store.ConfirmAsync(owed.Id with { MadeAt = owed.Id.MadeAt + 1 }, Week, Origin, Noon, Stop), Is.EqualTo((ConfirmOutcome.Gone, (SubscriberId?)null)));
    }

    [Test]
    public async Task Who_left_after_confirming_may_ask_again_at_once()
    {
        var reader = await ConfirmAsync(1, Noon);
        await Subscribers.ChangeAsync(reader, new(SubscriptionState.Unsubscribed, "page", Actor.Reader, Noon), Stop);

        Assert.That(await AskAsync(1, Noon.AddHours(1)), Is.EqualTo(AskOutcome.Owed));
        Assert.That(await ConfirmAsync(1, Noon.AddHours(1)), Is.EqualTo(reader));
        Assert.That(await CountAsync("signups"), Is.EqualTo(2), "each consent has its row");
    }

    [Test]
    public async Task Each_consent_shows_its_own_words_and_origin()
    {
        var reader = await ConfirmAsync(1, Noon);
        await Subscribers.ChangeAsync(reader, new(SubscriptionState.Unsubscribed, "page", Actor.Reader, Noon), Stop);
        await AskAsync(1, Noon.AddDays(1), words: new("main", "de", "Ja, schickt es."));

        var consents = await Store.ConsentsAsync(reader, Wish(1).Address, Stop);

        Assert.That(consents.Select(consent => (consent.Wording, consent.State, consent.AskedAt, consent.AskedFrom, consent.ConfirmedAt, consent.Mails)), Is.EqualTo(new[]
        {
            (Words, SignUpState.Confirmed, Noon, "2001:db8::7", (DateTimeOffset?)Noon, 1),
            (new Wording("main", "de", "Ja, schickt es."), SignUpState.Waiting, Noon.AddDays(1), "2001:db8::7", null, 0),
        }));
        Assert.That(consents[0].FirstAt, Is.EqualTo(Noon));
    }

    [Test]
    public async Task Erasing_forgets_wishes_and_keeps_when_which_words_were_agreed_to()
    {
        var reader = await ConfirmAsync(1, Noon);
        await AskAsync(1, Noon.AddDays(1));

        await Subscribers.EraseAsync(reader, "asked to", Actor.Reader, Noon.AddDays(2), Stop);

        var row = await RowAsync();
        Assert.That((row["address"], row["asked_from"], row["asked_agent"], row["confirmed_from"], row["wording_id"]), Is.EqualTo(("", "", "", "", Words.Id)));
        Assert.That(string.Join(' ', row.Values), Does.Not.Contain("reader1"));
    }

    private static SignUpStore Of(Database database) => new(database, new SubscriberStore(database, Some.ErasedAddresses()), Some.ErasedAddresses());

    private static Profile Wish(int reader) => new(EmailAddress.Read($"reader{reader}@harbour.example")!) { Language = "en", Source = "form main" };

    private Task<AskOutcome> AskAsync(int reader, DateTimeOffset? at = null, string? net = null, Wording? words = null) =>
        Store.AskAsync(Wish(reader), words ?? Words, net is null ? Origin : Origin with { Network = net }, _ => SignUpVerdict.Good, Caps, at ?? Noon, Stop);

    private async Task<SubscriberId> ConfirmAsync(int reader, DateTimeOffset at)
    {
        await AskAsync(reader, at);
        var owed = (await Store.ClaimAsync(at, Lease, Stop))!;
        await Store.SettleAsync(owed.Id, at);
        return (await Store.ConfirmAsync(owed.Id, Week, Origin, at, Stop)).Subscriber!.Value;
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = await Database.OpenAsync(Stop);
        return await connection.ExecuteScalarAsync<long>($"select count(*) from {table}");
    }

    private async Task<IDictionary<string, object?>> RowAsync()
    {
        await using var connection = await Database.OpenAsync(Stop);
        return (IDictionary<string, object?>)await connection.QuerySingleAsync("select * from signups");
    }
}
