using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Tests.Mailroom.Sending;

namespace Newsletter.Tests.Storage.Sending;

/// <summary>What failed or is in doubt is made due once more: of editions that can send it, and only what still stands so.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class RetryTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeliveryFilter All = new();

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task Of_a_cancelled_edition_nothing_is_tried_again()
    {
        var edition = await FailedAsync(2);
        await House.Editions.StepAsync(edition, EditionState.Cancelled, "", Noon, Stop);

        Assert.That((await House.Deliveries.RetryAsync(edition, All, Noon, Stop), await House.TallyAsync(edition)), Is.EqualTo((0, new Tally(Failed: 2))));
    }

    [Test]
    public async Task A_paused_edition_keeps_it_for_when_it_goes_on()
    {
        var edition = await FailedAsync(2);
        await House.Editions.StepAsync(edition, EditionState.Paused, "", Noon, Stop);

        Assert.That((await House.Deliveries.RetryAsync(edition, All, Noon, Stop), (await House.EditionAsync(edition)).State), Is.EqualTo((2, EditionState.Paused)));
    }

    /// <summary>On PostgreSQL the second one waits for the row, and finds it changed.</summary>
    [Test]
    public async Task What_was_sent_while_it_waited_for_the_row_is_not_sent_again()
    {
        var edition = await FailedAsync(1);

        var retried = await WhileHeldAsync("update deliveries set state = 'sent'", () => House.Deliveries.RetryAsync(edition, All, Noon, Stop));

        Assert.That((retried, await House.TallyAsync(edition)), Is.EqualTo((0, new Tally(Sent: 1))));
    }

    /// <summary>The statements of a retry, and amid them a worker that sees nothing left.</summary>
    [Test]
    public async Task An_edition_is_not_complete_while_a_retry_makes_its_letters_due()
    {
        var edition = await FailedAsync(1);

        var completed = await WhileHeldAsync("update editions set state = state; update deliveries set state = 'waiting'", () => House.Editions.CompleteAsync(edition, Noon, Stop));

        Assert.That((completed, (await House.EditionAsync(edition)).State), Is.EqualTo((false, EditionState.Running)));
    }

    private async Task<EditionId> FailedAsync(int readers)
    {
        await House.SubscribeAsync(readers);
        var edition = await House.StartAsync();
        var claims = await House.Deliveries.ClaimAsync(edition, "worker", DateTimeOffset.MaxValue, DateTimeOffset.UtcNow, readers, Stop);
        await House.Deliveries.RecordAsync([.. claims.Select(claim => new AttemptResult(claim, new SmtpOutcome.Rejected(554, null, "no"), new(DeliveryState.Failed), Noon))]);
        return edition;
    }

    /// <summary>Another's transaction has changed something and commits when the work waits for it.</summary>
    private async Task<T> WhileHeldAsync<T>(string change, Func<Task<T>> work)
    {
        await using var other = await Database.OpenAsync(Stop);
        await other.ExecuteAsync((Home.Provider is DatabaseProvider.Sqlite ? "begin immediate;" : "begin;") + change);
        var waiting = Task.Run(work);
        while (Home.Provider is DatabaseProvider.Postgres && await WaitingAsync() == 0)
            await Task.Yield();
        await other.ExecuteAsync("commit");
        return await waiting;
    }

    private Task<long> WaitingAsync() => Database.ReadAsync(connection =>
        connection.ExecuteScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"), Stop);
}
