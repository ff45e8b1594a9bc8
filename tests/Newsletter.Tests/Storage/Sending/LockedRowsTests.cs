using Dapper;
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

    [Test]
    public async Task A_transaction_in_which_nothing_happens_is_ended_by_the_server() => Assert.That(
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteScalarAsync<string>("show idle_in_transaction_session_timeout", transaction: transaction), Stop),
        Is.EqualTo("10s"));
}
