using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Sending;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class DueTimesTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private EditionStore Editions => field ??= new(Database);

    private DeliveryStore Deliveries => field ??= new(Database);

    private DueTimes Times => field ??= new(Database);

    [Test]
    public async Task What_is_put_off_is_due_at_its_time_and_has_no_attempt_more()
    {
        var edition = await StartAsync("", "", "");
        var claims = await Deliveries.ClaimAsync(edition, "one", Noon.AddMinutes(2), Noon, 9, Stop);

        await Times.PutOffAsync([(claims[0], Noon.AddMinutes(10)), (claims[1], Noon.AddMinutes(20))], Noon);

        var ten = await Deliveries.ClaimAsync(edition, "one", Noon.AddHours(2), Noon.AddMinutes(10), 9, Stop);
        Assert.That((await Deliveries.TallyAsync(edition, Stop), ten.Single().Id, ten.Single().Attempt), Is.EqualTo((new Tally(Waiting: 1, Claimed: 2), claims[0].Id, 1)));
        Assert.That(await Deliveries.NextDueAsync(edition, Stop), Is.EqualTo(Noon.AddMinutes(20)));
    }

    [Test]
    public async Task What_another_has_taken_over_is_not_put_off()
    {
        var edition = await StartAsync("");
        var old = await Deliveries.ClaimAsync(edition, "one", Noon.AddMinutes(2), Noon, 9, Stop);
        await Deliveries.ReleaseAsync(old, Noon);
        await Deliveries.ClaimAsync(edition, "two", Noon.AddMinutes(9), Noon, 9, Stop);

        await Times.PutOffAsync([(old[0], Noon.AddHours(1))], Noon);

        Assert.That(await Deliveries.TallyAsync(edition, Stop), Is.EqualTo(new Tally(Claimed: 1)));
    }

    [Test]
    public async Task A_zone_is_moved_once_and_only_letters_that_nobody_has_touched()
    {
        var edition = await StartAsync("America/Toronto", "America/Toronto", "Asia/Tokyo", "");
        var first = await Deliveries.ClaimAsync(edition, "one", Noon.AddMinutes(2), Noon, 1, Stop);
        var zones = await Times.UntouchedZonesAsync(edition, Noon, Stop);

        var moved = await Times.MoveZoneAsync(edition, Noon, "America/Toronto", Noon.AddHours(6), Noon, Stop);
        var again = await Times.MoveZoneAsync(edition, Noon, "America/Toronto", Noon.AddHours(7), Noon, Stop);

        Assert.That(first.Single().TimeZone, Is.EqualTo("America/Toronto"));
        Assert.That(zones, Is.EquivalentTo(["America/Toronto", "Asia/Tokyo"]));
        Assert.That((moved, again, await Times.UntouchedZonesAsync(edition, Noon, Stop)), Is.EqualTo((1, 0, (IReadOnlyList<string>)["Asia/Tokyo"])));
        Assert.That((await Deliveries.ClaimAsync(edition, "one", Noon.AddHours(9), Noon.AddHours(5), 9, Stop)).Count, Is.EqualTo(2));
    }

    private async Task<EditionId> StartAsync(params string[] zones)
    {
        var subscribers = new SubscriberStore(Database, Some.ErasedAddresses());
        for (var i = 0; i < zones.Length; i++)
            await subscribers.AddAsync(new(EmailAddress.Read($"reader{i}@example.com")!) { TimeZone = zones[i] }, new(SubscriptionState.Active, "test", Actor.Import, Noon), Stop);
        var (edition, _) = await Editions.AddAsync(Some.RenderedIssue(), "", Noon, Noon, Stop);
        await Editions.FreezeAsync(edition.Id, Noon, Stop);
        return edition.Id;
    }
}
