using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Tests.Mailroom.Sending;

namespace Newsletter.Tests.Storage.Sending;

/// <summary>Old editions become counts; what one could ask of them before, one can ask of them afterwards.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class RollupStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    private SendingHome House => field ??= new(Database, time);

    private RollupStore Rollups => field ??= new(Database);

    private DateTimeOffset Now => time.GetUtcNow();

    [Test]
    public async Task Ordinary_deliveries_become_counts_and_what_someone_may_ask_about_stays_a_row()
    {
        var people = await House.SubscribeAsync(12);
        var edition = await House.StartAsync();
        await SettleAsync(edition, new Dictionary<int, DeliveryState> { [3] = DeliveryState.Failed, [4] = DeliveryState.InDoubt });
        await ReturnAsync(edition, people[5], "bounce");
        await ReturnAsync(edition, people[6], "reply");
        await ReturnAsync(edition, people[7], "auto-reply");
        var before = await EndAsync(edition);

        await RollUpAsync(edition);

        Assert.That(await House.TallyAsync(edition), Is.EqualTo(before));
        Assert.That(await RowsAsync(edition), Is.EqualTo(new[] { people[3], people[4], people[5], people[6] }));
        Assert.That(await Rollups.CountsAsync(edition, Stop), Is.EqualTo(new[] { (DeliveryState.Sent, "", 8L) }), "fewer than ten of a domain are counted together");
        Assert.That(await CountAsync("select count(*) from attempts"), Is.EqualTo(2), "those of the rows that stay");
    }

    [Test]
    public async Task At_every_moment_rows_and_counts_together_are_all_deliveries_and_it_goes_on_where_it_was_left()
    {
        await House.SubscribeAsync(23);
        var edition = await House.StartAsync();
        await SettleAsync(edition, []);
        var before = await EndAsync(edition);

        var batches = new List<(int, Tally)>();
        for (var i = 0; i < 4; i++) // each begins anew, as after a restart
            batches.Add(((await new RollupStore(OpenAnother()).RollUpAsync(edition, new(0), 10, Now, Stop)).Deliveries, await House.TallyAsync(edition)));

        Assert.That(batches, Is.EqualTo(new[] { (10, before), (10, before), (3, before), (0, before) }));
        Assert.That(await Rollups.CountsAsync(edition, Stop), Is.EqualTo(new[] { (DeliveryState.Sent, "example.com", 23L) }));
        Assert.That(await Rollups.NextAsync(DateTimeOffset.MaxValue, Stop), Is.Null);
    }

    [Test]
    public async Task Two_at_once_count_each_delivery_once()
    {
        await House.SubscribeAsync(40);
        var edition = await House.StartAsync();
        await SettleAsync(edition, []);
        var before = await EndAsync(edition);

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var store = new RollupStore(OpenAnother());
            for (var after = new SubscriberId(0); await store.RollUpAsync(edition, after, 7, Now, Stop) is { Deliveries: > 0 } batch; after = batch.Last)
            {
            }
        })));

        Assert.That((await House.TallyAsync(edition), (await RowsAsync(edition)).Count), Is.EqualTo((before, 0)));
    }

    /// <summary>An issue cancelled half-way and sent again after a year: who has it must not get it twice, though no row says so any more.</summary>
    [Test]
    public async Task Who_has_an_issue_is_left_out_of_its_next_edition_after_the_roll_up_as_before()
    {
        var people = await House.SubscribeAsync(30);
        var first = await House.StartAsync();
        await SettleAsync(first, Enumerable.Range(0, 30).Where(i => i % 3 == 0).ToDictionary(i => i, _ => DeliveryState.Waiting));
        await House.Editions.StepAsync(first, EditionState.Cancelled, "typo", Now, Stop);
        await RollUpAsync(first);

        var second = await House.StartAsync();

        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(await RowsAsync(second), Is.EqualTo(people.Where((_, i) => i % 3 == 0)));
        Assert.That(await House.Editions.ExclusionsAsync(second, Stop), Is.EqualTo(new Dictionary<string, long> { ["has it already"] = 20 }));
    }

    [Test]
    public async Task An_edition_that_is_not_old_enough_or_runs_is_left_alone_and_nothing_is_done_while_a_letter_is_in_hand()
    {
        await House.SubscribeAsync(3);
        var old = await House.StartAsync();
        await SettleAsync(old, []);
        await EndAsync(old);
        var editions = new OldEditions(Rollups, new(Database), new(), time, NullLogger<OldEditions>.Instance);

        time.Advance(TimeSpan.FromDays(399));
        await editions.RollUpAsync(Stop);
        var young = (await RowsAsync(old)).Count;
        time.Advance(TimeSpan.FromDays(2));
        var running = await House.StartAsync("0002-second");
        var claims = await House.Deliveries.ClaimAsync(running, "worker", Now.AddMinutes(2), Now, 1, Stop);
        await editions.RollUpAsync(Stop);
        var whileSending = (await RowsAsync(old)).Count;
        await House.Deliveries.ReleaseAsync(claims, Now);
        await editions.RollUpAsync(Stop); // it is set running still: a rehearsal that was stopped may be so for ever

        Assert.That((young, whileSending, (await RowsAsync(old)).Count, (await RowsAsync(running)).Count), Is.EqualTo((3, 3, 0, 3)));
    }

    [Test]
    public async Task Failed_ones_of_an_old_edition_can_be_retried_still()
    {
        var people = await House.SubscribeAsync(3);
        var edition = await House.StartAsync();
        await SettleAsync(edition, new Dictionary<int, DeliveryState> { [1] = DeliveryState.Failed });
        await EndAsync(edition);
        await RollUpAsync(edition);

        var again = await House.Deliveries.RetryAsync(edition, new(DeliveryState.Failed), Now, Stop);

        Assert.That((again, await House.TallyAsync(edition)), Is.EqualTo((1, new Tally(Waiting: 1, Sent: 2))));
        Assert.That((await House.Deliveries.ClaimAsync(edition, "worker", Now.AddMinutes(2), Now, 10, Stop)).Select(claim => claim.Id.Subscriber), Is.EqualTo(new[] { people[1] }));
    }

    private async Task RollUpAsync(EditionId edition)
    {
        for (var after = new SubscriberId(0); await Rollups.RollUpAsync(edition, after, 5, Now, Stop) is { Deliveries: > 0 } batch; after = batch.Last)
        {
        }
    }

    /// <summary>Every delivery is sent, but those that become something else.</summary>
    private async Task SettleAsync(EditionId edition, Dictionary<int, DeliveryState> others)
    {
        var claims = await House.Deliveries.ClaimAsync(edition, "worker", Now.AddMinutes(2), Now, 1000, Stop);
        await House.Deliveries.RecordAsync([.. claims.Select((claim, i) => others.GetValueOrDefault(i, DeliveryState.Sent) is var state && state is DeliveryState.Sent
            ? new AttemptResult(claim, new SmtpOutcome.Accepted("ok"), new(state), Now)
            : new AttemptResult(claim, new SmtpOutcome.Refused(554, "5.7.1", "no", SmtpScope.Recipient), new(state, Now), Now))]);
    }

    private async Task<Tally> EndAsync(EditionId edition)
    {
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("update editions set state = 'complete', completed_at = @now where id = @Value", new { edition.Value, now = Now.Ms() }, transaction), Stop);
        return await House.TallyAsync(edition);
    }

    private Task<int> ReturnAsync(EditionId edition, SubscriberId reader, string kind) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        insert into returned_mails (content_hash, raw, size, source, received_at, kind, edition_id, subscriber_id, handled_at) values (@hash, @raw, 0, '', 0, @kind, @edition, @reader, 0)
        """, new { hash = $"{kind} {reader.Value}", raw = Array.Empty<byte>(), kind, edition = edition.Value, reader = reader.Value }, transaction), Stop);

    private Task<List<SubscriberId>> RowsAsync(EditionId edition) => Database.ReadAsync(async connection =>
        (await connection.QueryAsync<long>("select subscriber_id from deliveries where edition_id = @Value order by subscriber_id", edition)).Select(id => new SubscriberId(id)).ToList(), Stop);

    private Task<long> CountAsync(string sql) => Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(sql), Stop);
}
