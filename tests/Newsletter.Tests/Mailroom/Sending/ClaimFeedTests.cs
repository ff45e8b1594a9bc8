using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Claims that are taken while those before are handed out, as quick lines have them: the clock stands still, and so the batches grow.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ClaimFeedTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    /// <summary>Three batches of 50, of which one is taken at once; then two of 100, one to be handed out next and one that lies ready.</summary>
    private const int Grown = 350;

    private const int Taken = 50;

    private static readonly CancellationToken Stop = CancellationToken.None;

    private readonly FakeTimeProvider clock = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    private SendingHome House => field ??= new(Database, clock);

    [Test]
    public async Task After_a_pause_of_the_process_no_letter_goes_that_another_worker_has_taken_over()
    {
        var (feed, edition) = await FeedAsync(Grown);
        var feeding = feed.FeedAsync(Stop);
        await GrowAsync(feed, edition);

        clock.Advance(TimeSpan.FromMinutes(5));
        await House.Deliveries.RecoverAsync(edition, "another", hold: false, clock.GetUtcNow(), Stop);
        await House.Deliveries.ClaimAsync(edition, "another", clock.GetUtcNow().AddMinutes(2), clock.GetUtcNow(), Grown, Stop);
        var due = new List<bool>();
        while (await feed.WaitAsync(Stop) && feed.TryTake(out var held))
            due.Add(await feed.IsStillDueAsync(held));
        await feeding;

        Assert.That(due, Has.Count.EqualTo(Grown - Taken).And.All.False);
    }

    /// <summary>The claim after those that lie ready fails.</summary>
    [Test]
    public async Task Where_the_next_claim_fails_those_in_hand_are_given_back()
    {
        var (feed, edition) = await FeedAsync(Grown + 1);
        var feeding = feed.FeedAsync(Stop);
        await GrowAsync(feed, edition);
        await RenameAsync("time_zone", "lost_zone");

        await TakeAsync(feed, 150);
        Assert.That(() => feeding, Throws.InstanceOf<DbException>());
        await feed.GiveBackAsync();
        await RenameAsync("lost_zone", "time_zone");

        Assert.That((await House.TallyAsync(edition)).Claimed, Is.EqualTo(Taken + 150), "those that were taken");
    }

    private async Task RenameAsync(string from, string to)
    {
        await using var connection = await Database.OpenAsync(Stop);
        await connection.ExecuteAsync($"alter table subscribers rename column {from} to {to}");
    }

    private async Task<(ClaimFeed Feed, EditionId Edition)> FeedAsync(int readers)
    {
        await House.SubscribeAsync(readers);
        var edition = await House.StartAsync();
        var desk = House.Desk(SendingHome.Quick(batch: 1000), new SmtpTransport(new() { Host = "127.0.0.1", Port = 1 }));
        return (new(await House.EditionAsync(edition), desk, lines: 1), edition);
    }

    private async Task GrowAsync(ClaimFeed feed, EditionId edition)
    {
        await ClaimedAsync(edition, 150);
        await TakeAsync(feed, Taken);
        await ClaimedAsync(edition, Grown);
    }

    private static async Task TakeAsync(ClaimFeed feed, int count)
    {
        for (var taken = 0; taken < count; taken++)
            while (!feed.TryTake(out _))
                await feed.WaitAsync(Stop);
    }

    private async Task ClaimedAsync(EditionId edition, int count)
    {
        while ((await House.TallyAsync(edition)).Claimed < count)
            await Task.Yield();
    }
}
