using Dapper;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Tests.Mailroom.Sending;

namespace Newsletter.Tests.Storage.Sending;

/// <summary>Who has left is looked for among what is due, or among all that wait, and nobody waits for the search.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SkipEndedTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task What_is_due_later_is_skipped_when_all_that_wait_are_looked_at()
    {
        var people = await House.SubscribeAsync(3);
        var edition = await House.StartAsync();
        var now = DateTimeOffset.UtcNow.AddSeconds(1);
        await House.LeaveAsync(people[0]);
        await House.LeaveAsync(people[1]);
        await using (var connection = await Database.OpenAsync(Stop))
            await connection.ExecuteAsync("update deliveries set due_at = @later where subscriber_id = @Value", new { later = now.AddHours(1).ToUnixTimeMilliseconds(), people[1].Value });

        var due = await House.Deliveries.SkipEndedAsync(edition, now, now, Stop);
        var all = await House.Deliveries.SkipEndedAsync(edition, DateTimeOffset.MaxValue, now, Stop);

        Assert.That((due, all, await House.TallyAsync(edition)), Is.EqualTo((1, 1, new Tally(Waiting: 1, Skipped: 2))));
    }

    [Test]
    public async Task Where_nobody_has_left_nothing_is_locked_and_whoever_writes_is_not_waited_for()
    {
        await House.SubscribeAsync(3);
        var edition = await House.StartAsync();

        var skipped = await Database.WriteAsync(async transaction =>
        {
            await transaction.Connection!.ExecuteAsync("update deliveries set reply_code = 250", transaction: transaction);
            return await new DeliveryStore(OpenAnother()).SkipEndedAsync(edition, DateTimeOffset.MaxValue, DateTimeOffset.UtcNow, Stop);
        }, Stop);

        Assert.That(skipped, Is.Zero);
    }
}
