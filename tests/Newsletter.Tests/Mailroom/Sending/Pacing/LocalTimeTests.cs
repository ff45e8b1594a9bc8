using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

/// <summary>Letters at readers' own times, where the audience gets the issue in waves.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class LocalTimeTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SendingOptions Options = new() { Seed = ["seed@example.com"], SeedHold = TimeSpan.FromMinutes(30) };
    private readonly FakeTimeProvider clock = new(Noon);

    private SendingHome House => field ??= new(Database, clock);

    private Editions Editions => field ??= new(House.Editions, House.Deliveries, new(new(), Options), Some.Acts(Database, clock), clock, NullLogger<Editions>.Instance);

    [Test]
    public async Task The_others_wait_for_their_own_time_when_the_seed_group_has_it()
    {
        await using var server = new LoopbackSmtp();
        await using var dispatcher = new Dispatcher(House.Desk(Options) with { Plans = new(new SendingPlan([SendingHome.Relay(server)]) { AtLocalTime = true }) }, Some.Publication(), DkimSeal.None);
        await AddAsync("seed@example.com", "");
        await AddAsync("home@example.com", "");
        await AddAsync("west@example.com", "Pacific/Honolulu");
        var (edition, _) = await Editions.ScheduleAsync(Some.RenderedIssue(), Noon, Stop);
        await Editions.StartNowAsync(edition.Id, Stop);

        await dispatcher.SendDueAsync(edition.Id, null, Stop);
        var first = server.Letters.Count;
        clock.Advance(TimeSpan.FromMinutes(30));
        await Editions.StartDueAsync(Stop);
        await dispatcher.SendDueAsync(edition.Id, null, Stop);

        Assert.That((first, string.Join(' ', server.Letters.Select(letter => letter.To[0]))), Is.EqualTo((1, "seed@example.com home@example.com")));
        Assert.That(await House.Deliveries.NextDueAsync(edition.Id, Stop), Is.EqualTo(Noon.AddHours(10)), "Hawaii is ten hours behind, all year");
    }

    private Task<Addition> AddAsync(string address, string zone) =>
        House.Subscribers.AddAsync(new(EmailAddress.Read(address)!) { TimeZone = zone }, new(SubscriptionState.Active, "test", Actor.Import, Noon), Stop);
}
