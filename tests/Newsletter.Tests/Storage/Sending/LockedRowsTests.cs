using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Tests.Mailroom.Sending;

namespace Newsletter.Tests.Storage.Sending;

/// <summary>A worker that was stopped between two statements: PostgreSQL keeps its rows locked, and the others go on. (SQLite has one writer, who has the whole file.)</summary>
public sealed class LockedRowsTests : DatabaseTests<PostgresHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task What_another_transaction_holds_does_not_stop_the_rest_from_being_recovered()
    {
        var people = await House.SubscribeAsync(3);
        var edition = await House.StartAsync();
        await House.Deliveries.ClaimAsync(edition, "stopped", Noon, DateTimeOffset.MaxValue, 3, Stop);

        var freed = await Database.WriteAsync(async stopped =>
        {
            await stopped.Connection!.ExecuteAsync("update deliveries set reply_code = 250 where subscriber_id = @Value", people[0], stopped);
            return await new DeliveryStore(OpenAnother()).RecoverAsync(edition, "another", false, Noon.AddMinutes(3), Stop);
        }, Stop);

        Assert.That(freed, Is.EqualTo(2));
        Assert.That(await House.Deliveries.RecoverAsync(edition, "another", false, Noon.AddMinutes(3), Stop), Is.EqualTo(1));
    }

    [Test]
    public async Task What_another_transaction_holds_does_not_stop_those_who_left_from_being_skipped()
    {
        var people = await House.SubscribeAsync(3);
        var edition = await House.StartAsync();
        foreach (var reader in people)
            await House.LeaveAsync(reader);

        var skipped = await Database.WriteAsync(async stopped =>
        {
            await stopped.Connection!.ExecuteAsync("update deliveries set reply_code = 250 where subscriber_id = @Value", people[0], stopped);
            return await new DeliveryStore(OpenAnother()).SkipEndedAsync(edition, DateTimeOffset.MaxValue, Noon, Stop);
        }, Stop);

        Assert.That(skipped, Is.EqualTo(2));
    }

    /// <summary>A claim that began before the cancel and commits after it, as where the server is slow: those letters are in hand.</summary>
    [Test]
    public async Task An_issue_that_is_sent_anew_waits_for_claims_of_the_cancelled_edition_that_are_not_committed_yet()
    {
        await House.SubscribeAsync(3);
        var first = await House.StartAsync();
        await using var slow = OpenAnother();
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
            create function slow() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(1); return new; end $$;
            create trigger slow before update on deliveries for each row execute function slow();
            """, transaction: transaction), Stop);

        Task<IReadOnlyList<Claim>>? claiming = null;
        Task<bool>? anew = null;
        await Database.WriteAsync(async holding =>
        {
            await holding.Connection!.ExecuteAsync("select pg_advisory_xact_lock(1)", transaction: holding);
            claiming = new DeliveryStore(slow).ClaimAsync(first, "slow", DateTimeOffset.MaxValue, DateTimeOffset.UtcNow, 2, Stop);
            await WaitingAsync(1);
            anew = AnewAsync(first);
            await Task.WhenAny(anew, WaitingAsync(2));
        }, Stop);

        Assert.That(((await claiming!).Count, await anew!), Is.EqualTo((2, false)), "two are in hand");
    }

    [Test]
    public async Task Many_who_claim_at_once_claim_no_delivery_twice()
    {
        await House.SubscribeAsync(1000);
        var edition = await House.StartAsync();

        var claims = (await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => ClaimAllAsync(edition, $"worker {i}"))))).SelectMany(each => each).ToList();

        Assert.That(claims, Is.Unique);
        Assert.That(claims, Has.Count.EqualTo(1000));
    }

    [Test]
    public async Task A_transaction_in_which_nothing_happens_is_ended_by_the_server() => Assert.That(
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteScalarAsync<string>("show idle_in_transaction_session_timeout", transaction: transaction), Stop),
        Is.EqualTo("10s"));

    private async Task<List<SubscriberId>> ClaimAllAsync(EditionId edition, string worker)
    {
        await using var database = OpenAnother();
        var (store, claimed) = (new DeliveryStore(database), new List<SubscriberId>());
        while (await store.ClaimAsync(edition, worker, DateTimeOffset.MaxValue, DateTimeOffset.UtcNow, 5, Stop) is { Count: > 0 } claims)
            claimed.AddRange(claims.Select(claim => claim.Id.Subscriber));
        return claimed;
    }

    private async Task<bool> AnewAsync(EditionId first)
    {
        await House.Editions.StepByPersonAsync(first, EditionState.Cancelled, "wrong link", Noon, Stop);
        var (second, _) = await House.Editions.AddAsync(Some.RenderedIssue(), "", Noon, Noon, Stop);
        return await House.Editions.FreezeAsync(second.Id, Noon, Stop);
    }

    /// <summary>Until so many sessions of this database wait for another.</summary>
    private async Task WaitingAsync(int sessions)
    {
        await using var database = OpenAnother();
        while (await database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(distinct pid) from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())"), Stop) < sessions)
            await Task.Yield();
    }
}
