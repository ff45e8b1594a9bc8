using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>An edition is cancelled, the issue mended and sent anew: who has it is left out, and who was only in a worker's hands is not.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class AnewTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Noon);

    private SendingHome House => field ??= new(Database, clock);

    private Editions Editions => field ??= new(House.Editions, House.Deliveries, new(new(), SendingHome.Quick()), Some.Acts(Database, clock), clock, NullLogger<Editions>.Instance);

    [Test]
    public async Task It_starts_when_the_letters_in_hand_of_the_cancelled_one_are_settled()
    {
        var (first, claims) = await CancelledAsync();

        var second = await StartAnewAsync();
        var waits = await House.EditionAsync(second);
        await House.Deliveries.RecordAsync([new(claims[0], new SmtpOutcome.Accepted("ok"), new(DeliveryState.Sent), Noon)]);
        await House.Deliveries.ReleaseAsync([claims[1]], Noon);
        var started = await Editions.StartIfDueAsync(second, Stop);

        Assert.That((waits.State, waits.StateReason), Is.EqualTo((EditionState.Scheduled, $"letters of edition {first.Value}, which was cancelled, are in hand still; this one starts when they are settled")));
        Assert.That((started, await House.TallyAsync(second)), Is.EqualTo((true, new Tally(Waiting: 2))));
        Assert.That(await House.Editions.ExclusionsAsync(second, Stop), Is.EqualTo(new Dictionary<string, long> { ["has it already"] = 1 }));
    }

    [Test]
    public async Task What_a_worker_that_is_gone_had_in_hand_is_freed_in_the_cancelled_edition_too()
    {
        var (first, _) = await CancelledAsync();
        var second = await StartAnewAsync();
        await using var dispatcher = House.Dispatcher(SendingHome.Quick());

        await dispatcher.SendDueAsync(first, null, Stop);
        var early = await Editions.StartIfDueAsync(second, Stop);
        clock.Advance(TimeSpan.FromMinutes(3));
        await dispatcher.SendDueAsync(first, null, Stop);
        var started = await Editions.StartIfDueAsync(second, Stop);

        Assert.That((early, started), Is.EqualTo((false, true)), "its claims hold for two minutes without a sign of life");
        Assert.That((await House.TallyAsync(first), await House.TallyAsync(second)), Is.EqualTo((new Tally(Waiting: 3), new Tally(Waiting: 3))));
        Assert.That((await House.EditionAsync(first)).State, Is.EqualTo(EditionState.Cancelled));
    }

    [Test]
    public async Task What_the_sandbox_has_in_hand_is_waited_for_by_nobody()
    {
        await House.SubscribeAsync(3);
        var (rehearsal, _) = await House.Editions.AddAsync(Some.RenderedIssue(), new EditionPlan(Noon) { Sandbox = "tester@example.org" }, Noon, Stop);
        await House.Editions.FreezeAsync(rehearsal.Id, Noon, Stop);
        await House.Deliveries.ClaimAsync(rehearsal.Id, "elsewhere", Noon.AddMinutes(2), Noon, 2, Stop);
        await Editions.CancelAsync(rehearsal.Id, "", Stop);

        Assert.That((await House.EditionAsync(await StartAnewAsync())).State, Is.EqualTo(EditionState.Running));
    }

    [Test]
    public async Task An_edition_of_the_issue_for_others_that_is_being_sent_stops_it_not_and_whose_letter_is_in_hand_there_has_it()
    {
        await House.SubscribeAsync(3);
        await House.Deliveries.ClaimAsync(await House.StartAsync(), "elsewhere", Noon.AddMinutes(2), Noon, 2, Stop);
        var (other, _) = await House.Editions.AddAsync(Some.RenderedIssue(), new EditionPlan(Noon) { Segment = "staff" }, Noon, Stop);

        Assert.That(await House.Editions.FreezeAsync(other.Id, Noon, Stop), Is.True);
        Assert.That(await House.Editions.ExclusionsAsync(other.Id, Stop), Is.EqualTo(new Dictionary<string, long> { ["has it already"] = 2 }));
    }

    /// <summary>Of three letters a worker elsewhere has two in hand.</summary>
    private async Task<(EditionId Edition, IReadOnlyList<Claim> InHand)> CancelledAsync()
    {
        await House.SubscribeAsync(3);
        var first = await House.StartAsync();
        var claims = await House.Deliveries.ClaimAsync(first, "elsewhere", Noon.AddMinutes(2), Noon, 2, Stop);
        await Editions.CancelAsync(first, "wrong link", Stop);
        return (first, claims);
    }

    private async Task<EditionId> StartAnewAsync()
    {
        var (edition, _) = await Editions.ScheduleAsync(Some.RenderedIssue(), Noon, Stop);
        Assert.That(await Editions.StartNowAsync(edition.Id, Stop), Is.True);
        return edition.Id;
    }
}
