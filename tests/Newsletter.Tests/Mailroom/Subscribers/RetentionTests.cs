using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class RetentionTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    private SubscriberStore Store => field ??= new(Database, Some.ErasedAddresses());

    private Retention Retention => new(new(Database), Options, Some.Acts(Database, time), time, NullLogger<Retention>.Instance);

    private RetentionOptions Options { get; set; } = new();

    [Test]
    public async Task Who_never_confirmed_is_forgotten_after_a_month_without_a_mark_and_may_come_anew()
    {
        var ada = await AddAsync("ada@example.org", SubscriptionState.Pending);
        time.Advance(TimeSpan.FromDays(1));
        var (zoe, bob) = (await AddAsync("zoe@example.org", SubscriptionState.Pending), await AddAsync("bob@example.org", SubscriptionState.Active));
        time.Advance(TimeSpan.FromDays(29.5));

        var (dry, tally, again) = (await Retention.CountAsync(Stop), await Retention.RunAsync(Stop), await Retention.RunAsync(Stop));

        Assert.That((dry, tally, again), Is.EqualTo((new RetentionTally(1, 0, 0, 0), new RetentionTally(1, 0, 0, 0), new RetentionTally(0, 0, 0, 0))));
        Assert.That((await Store.FindAsync(ada, Stop))!.Profile, Is.Null);
        Assert.That(((await Store.FindAsync(zoe, Stop))!.State, (await Store.FindAsync(bob, Stop))!.State), Is.EqualTo((SubscriptionState.Pending, SubscriptionState.Active)));
        Assert.That(await Store.FindSuppressionAsync(EmailAddress.Read("ada@example.org")!, Stop), Is.Null);
        Assert.That((await AddAsync("ada@example.org", SubscriptionState.Pending)).Value, Is.GreaterThan(ada.Value));
        Assert.That(await LinesAsync(), Is.EqualTo(new[] { "clock retention  {\"neverConfirmed\":1}" }));
    }

    [Test]
    public async Task Who_is_barred_and_never_confirmed_stays_barred()
    {
        var ada = EmailAddress.Read("ada@example.org")!;
        var id = await AddAsync("ada@example.org", SubscriptionState.Pending);
        await Database.WriteAsync(transaction => Standings.SuppressAsync(transaction, ada, new(SuppressionReason.Manual, Actor.Editor, time.GetUtcNow(), "a letter")), Stop);
        time.Advance(TimeSpan.FromDays(31));

        await Retention.RunAsync(Stop);

        Assert.That((await Store.FindAsync(id, Stop))!.State, Is.EqualTo(SubscriptionState.Erased));
        Assert.That((await Store.FindSuppressionAsync(ada, Stop))!.Reason, Is.EqualTo(SuppressionReason.Manual));
    }

    [Test]
    public async Task Many_go_in_batches_each_with_its_line()
    {
        for (var i = 0; i < 120; i++)
            await AddAsync($"r{i}@example.org", SubscriptionState.Pending);
        time.Advance(TimeSpan.FromDays(31));

        var tally = await Retention.RunAsync(Stop);

        Assert.That(tally.NeverConfirmed, Is.EqualTo(120));
        Assert.That(await LinesAsync(), Is.EqualTo(new[] { 50, 50, 20 }.Select(count => $"clock retention  {{\"neverConfirmed\":{count}}}")));
    }

    [Test]
    public async Task A_year_after_they_left_the_network_address_goes_and_what_is_no_address_stays()
    {
        var (ada, bob) = (await AddAsync("ada@example.org"), await AddAsync("bob@example.org"));
        await ChangeAsync(ada, SubscriptionState.Unsubscribed, Actor.Reader, "192.0.2.7 Mozilla");
        await ChangeAsync(bob, SubscriptionState.Paused, Actor.Reader, "192.0.2.8 Mozilla");
        var zoe = await AddAsync("zoe@example.org");
        await ChangeAsync(zoe, SubscriptionState.Suspended, Actor.Server, "550 no such user");
        time.Advance(TimeSpan.FromDays(366));

        var (dry, tally) = (await Retention.CountAsync(Stop), await Retention.RunAsync(Stop));

        Assert.That((dry, tally), Is.EqualTo((new RetentionTally(0, 0, 1, 0), new RetentionTally(0, 0, 1, 0))));
        Assert.That((await EvidenceAsync(ada), await EvidenceAsync(bob), await EvidenceAsync(zoe)), Is.EqualTo(("", "192.0.2.8 Mozilla", "550 no such user")), "who is with us keeps it, and a server's words are no address");
    }

    [Test]
    public async Task Of_sign_ups_the_unconfirmed_go_and_of_who_left_where_they_came_from()
    {
        var ada = await AddAsync("ada@example.org");
        await WriteAsync("insert into wordings (id, hash, form, language, text, first_at) values (1, 'h', 'main', 'en', 'I agree', 0)");
        await WriteAsync($"""
            insert into signups (made_at, address, address_key, form, wording_id, language, state, state_at, asked_at, asked_last, asked_from, asked_agent, confirmed_from, subscriber_id) values
            (0, 'ada@example.org', 'ada@example.org', 'main', 1, 'en', 'confirmed', 0, 0, 0, '192.0.2.7', 'Mozilla', '192.0.2.8', {ada.Value}),
            (0, 'eve@example.org', 'eve@example.org', 'main', 1, 'en', 'held', 0, 0, 0, '192.0.2.9', 'Mozilla', '', null)
            """);
        var before = await Retention.RunAsync(Stop);
        await ChangeAsync(ada, SubscriptionState.Unsubscribed, Actor.Reader, "");
        time.Advance(TimeSpan.FromDays(366));

        var tally = await Retention.RunAsync(Stop);

        Assert.That((before, tally), Is.EqualTo((new RetentionTally(0, 1, 0, 0), new RetentionTally(0, 0, 1, 0))));
        Assert.That(await ReadAsync("select state || asked_from || asked_agent || confirmed_from || wording_id from signups"), Is.EqualTo("confirmed1"));
    }

    [Test]
    public async Task An_address_whose_mailbox_never_said_yes_goes_and_so_does_where_acts_of_who_left_came_from()
    {
        var (ada, bob) = (await AddAsync("ada@example.org"), await AddAsync("bob@example.org"));
        await WriteAsync($"""
            insert into reader_mails (subscriber_id, kind, address, address_key, of_key, made_at, used_at) values
            ({ada.Value}, 'new-address', 'adda@example.org', 'adda@example.org', 'ada@example.org', 0, null), ({bob.Value}, 'new-address', 'bob@example.org', 'bob@example.org', 'rob@example.org', 0, 1)
            """);
        await WriteAsync($"insert into reader_acts (subscriber_id, at, act, evidence) values ({ada.Value}, 0, 'chose', '192.0.2.7'), ({bob.Value}, 0, 'chose', '192.0.2.8')");
        await ChangeAsync(ada, SubscriptionState.Unsubscribed, Actor.Reader, "");
        time.Advance(TimeSpan.FromDays(366));

        var (dry, tally) = (await Retention.CountAsync(Stop), await Retention.RunAsync(Stop));

        Assert.That((dry, tally), Is.EqualTo((new RetentionTally(0, 1, 1, 0), new RetentionTally(0, 1, 1, 0))));
        Assert.That(await ReadAsync("select address from reader_mails where address <> ''") + await ReadAsync("select evidence from reader_acts where evidence <> ''"), Is.EqualTo("bob@example.org192.0.2.8"));
    }

    [Test]
    public async Task The_bytes_of_mails_stay_unless_told_and_those_that_are_needed_stay_always()
    {
        await WriteAsync("""
            insert into returned_mails (content_hash, raw, size, source, received_at, kind, consequence, error, handled_at) values
            ('bounce', @raw, 3, 'x', 0, 'bounce', 'nothing', '', 1), ('shown', @raw, 3, 'x', 0, 'other', 'show', '', 1), ('failed', @raw, 3, 'x', 0, 'bounce', 'nothing', 'oh', 1), ('new', @raw, 3, 'x', 0, '', '', '', null),
            ('reply', @raw, 3, 'x', 0, 'reply', 'set aside', '', 1)
            """);
        await WriteAsync("insert into threads (subject, state, last_at) values ('s', 'done', 0)");
        await WriteAsync("insert into replies (thread_id, returned_mail_id, sender, subject, body, at) select 1, id, '', '', '', 0 from returned_mails where content_hash = 'reply'");

        var untold = await Retention.RunAsync(Stop);
        Options = new() { Mails = TimeSpan.FromDays(90) };
        var (dry, told) = (await Retention.CountAsync(Stop), await Retention.RunAsync(Stop));

        Assert.That((untold, dry, told), Is.EqualTo((new RetentionTally(0, 0, 0, 0), new RetentionTally(0, 0, 0, 1), new RetentionTally(0, 0, 0, 1))));
        Assert.That(await ReadAsync("select content_hash from returned_mails where length(raw) = 0"), Is.EqualTo("bounce"));
    }

    private async Task<SubscriberId> AddAsync(string address, SubscriptionState state = SubscriptionState.Active) =>
        ((Addition.Added)await Store.AddAsync(new(EmailAddress.Read(address)!) { Name = "Some" }, new(state, "test", Actor.Import, time.GetUtcNow()), Stop)).Id;

    private Task<ChangeOutcome> ChangeAsync(SubscriberId id, SubscriptionState to, Actor actor, string evidence) => Store.ChangeAsync(id, new(to, "test", actor, time.GetUtcNow(), evidence), Stop);

    private async Task<string> EvidenceAsync(SubscriberId id) => (await Store.HistoryAsync(id, Stop))[^1].Change.Evidence;

    private Task<int> WriteAsync(string sql) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(sql, new { raw = RawMail.Pack("raw"u8.ToArray()) }, transaction), Stop);

    private Task<string> ReadAsync(string sql) => Database.ReadAsync(connection => connection.QuerySingleAsync<string>(sql), Stop);

    private async Task<string[]> LinesAsync() => await new AuditLog(Database, new(Some.KeyRing())).ListAsync("", null, Stop).Select(line => $"{line.Line.Actor} {line.Line.Act} {line.Line.Subject} {line.Line.Detail}").ToArrayAsync(Stop);
}
