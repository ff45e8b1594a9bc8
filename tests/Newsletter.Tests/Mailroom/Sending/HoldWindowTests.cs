using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Between the decision to send and the first letter there is a time in which it can be undone.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class HoldWindowTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Noon);

    private SendingHome House => field ??= new(Database, clock);

    [Test]
    public async Task Five_minutes_before_its_time_a_scheduled_edition_is_held_and_at_its_time_it_starts_by_itself()
    {
        var editions = Editions(window: null);
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddHours(1), Stop);

        var before = await AtAsync(editions, Noon.AddMinutes(54), edition.Id);
        var announced = await AtAsync(editions, Noon.AddMinutes(55), edition.Id);
        var last = await AtAsync(editions, Noon.AddMinutes(59.9), edition.Id);
        var started = await AtAsync(editions, Noon.AddHours(1), edition.Id);

        Assert.That((before.State, last.State, started.State), Is.EqualTo((EditionState.Scheduled, EditionState.Held, EditionState.Running)));
        Assert.That((announced.IsInHoldWindow, announced.GoesOnAt, EditionWords.Why(announced, clock.GetUtcNow().AddMinutes(-5))), Is.EqualTo((true, Noon.AddHours(1), "starts by itself in 5 min 0 s")));
        Assert.That(started.StartedAt, Is.EqualTo(Noon.AddHours(1)));
    }

    [Test]
    public async Task What_is_cancelled_in_its_hold_window_never_starts()
    {
        var editions = Editions(window: null);
        await House.SubscribeAsync(2);
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddHours(1), Stop);
        await AtAsync(editions, Noon.AddMinutes(57), edition.Id);

        var undone = await editions.CancelAsync(edition.Id, "wrong link", Stop);
        var later = await AtAsync(editions, Noon.AddHours(2), edition.Id);

        Assert.That((undone, later.State, later.StartedAt, (await House.TallyAsync(edition.Id)).Total), Is.EqualTo((true, EditionState.Cancelled, (DateTimeOffset?)null, 0L)));
    }

    [Test]
    public async Task Who_schedules_sends_and_chooses_stands_in_the_log_and_the_clock_does_not()
    {
        var editions = Editions(TimeSpan.FromMinutes(10));
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddHours(1), Stop);
        await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddHours(1), Stop);
        await AtAsync(editions, Noon.AddMinutes(57), edition.Id);
        await editions.SendNowAsync(edition.Id, Stop);
        await AtAsync(editions, Noon.AddMinutes(68), edition.Id);

        var lines = await new AuditLog(Database, new(Some.KeyRing())).ListAsync("", null, Stop).Select(line => $"{line.Line.Act} {line.Line.Subject} {line.Line.Detail}").ToListAsync(Stop);

        Assert.That(lines, Is.EqualTo(new[]
        {
            $"schedule edition {edition.Id.Value} {{\"issue\":\"0001-first\",\"at\":{Noon.AddHours(1).ToUnixTimeMilliseconds()},\"sandbox\":false}}", $"send edition {edition.Id.Value} ",
        }));
        Assert.That((await House.EditionAsync(edition.Id)).State, Is.EqualTo(EditionState.Running));
    }

    [TestCase(1, 10)] // made a minute before its time: the window comes first
    [TestCase(60, 60)]
    public async Task With_a_window_of_ten_minutes_an_edition_starts_no_earlier_than_that_after_it_was_made(int asked, int starts)
    {
        var editions = Editions(TimeSpan.FromMinutes(10));
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddMinutes(asked), Stop);

        var announced = await AtAsync(editions, Noon.AddMinutes(starts - 9), edition.Id);
        var last = await AtAsync(editions, Noon.AddMinutes(starts - 1), edition.Id);
        var started = await AtAsync(editions, Noon.AddMinutes(starts), edition.Id);

        Assert.That((announced.IsInHoldWindow, last.State, started.State), Is.EqualTo((true, EditionState.Held, EditionState.Running)));
    }

    [TestCase(0, EditionState.Running)]
    [TestCase(10, EditionState.Held)]
    public async Task Send_now_starts_at_once_unless_a_window_is_set(int minutes, EditionState expected)
    {
        var editions = Editions(minutes == 0 ? null : TimeSpan.FromMinutes(minutes));
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon, Stop);

        await editions.SendNowAsync(edition.Id, Stop);
        var begun = await House.EditionAsync(edition.Id);
        clock.SetUtcNow(Noon.AddMinutes(minutes));
        await editions.StartIfDueAsync(edition.Id, Stop);

        Assert.That((begun.State, (await House.EditionAsync(edition.Id)).State), Is.EqualTo((expected, EditionState.Running)));
    }

    [Test]
    public async Task Who_pauses_it_in_the_window_has_it_held_until_a_person_lets_it_go_on_and_then_it_keeps_its_time()
    {
        var editions = Editions(window: null);
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddHours(1), Stop);
        await AtAsync(editions, Noon.AddMinutes(56), edition.Id);

        var paused = await editions.PauseAsync(edition.Id, "one more look", Stop);
        var stays = await AtAsync(editions, Noon.AddMinutes(58), edition.Id);
        await editions.ResumeAsync(edition.Id, Stop);
        var again = await AtAsync(editions, Noon.AddMinutes(59), edition.Id);
        var started = await AtAsync(editions, Noon.AddHours(1), edition.Id);

        Assert.That((paused, stays.State, stays.GoesOnAt, stays.ByPerson, stays.StateReason), Is.EqualTo((true, EditionState.Held, (DateTimeOffset?)null, true, "one more look")));
        Assert.That((again.GoesOnAt, started.State), Is.EqualTo((Noon.AddHours(1), EditionState.Running)));
    }

    [Test]
    public async Task Resume_in_the_window_starts_it_at_once()
    {
        var editions = Editions(window: null);
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddHours(1), Stop);
        await AtAsync(editions, Noon.AddMinutes(56), edition.Id);

        Assert.That((await editions.ResumeAsync(edition.Id, Stop), (await House.EditionAsync(edition.Id)).State), Is.EqualTo((true, EditionState.Running)));
    }

    [Test]
    public async Task A_window_whose_end_nobody_saw_for_seven_hours_is_held_for_a_person()
    {
        var editions = Editions(window: null);
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(), Noon.AddHours(1), Stop);
        await AtAsync(editions, Noon.AddMinutes(56), edition.Id);

        var late = await AtAsync(editions, Noon.AddHours(8.5), edition.Id);

        Assert.That((late.State, late.GoesOnAt), Is.EqualTo((EditionState.Held, (DateTimeOffset?)null)));
        Assert.That(late.StateReason, Does.Contain("Schedule:MaxLateness"));
    }

    [Test]
    public async Task A_cancel_and_the_start_at_the_same_moment_leave_one_winner()
    {
        await House.SubscribeAsync(1);
        for (var round = 0; round < 10; round++)
        {
            var editions = Editions(window: null);
            var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue($"{round:0000}"), clock.GetUtcNow().AddMinutes(1), Stop);
            await editions.StartDueAsync(Stop);
            clock.Advance(TimeSpan.FromMinutes(1));

            var won = await Task.WhenAll(Task.Run(() => editions.CancelAsync(edition.Id, "", Stop)), Task.Run(() => editions.StartIfDueAsync(edition.Id, Stop)));

            var ended = await House.EditionAsync(edition.Id);
            Assert.That(ended.State is EditionState.Running or EditionState.Cancelled && won.Contains(true));
            Assert.That((await House.TallyAsync(edition.Id)).Total, Is.EqualTo(ended.StartedAt is null ? 0 : 1), "an edition that never started has no delivery");
        }
    }

    private async Task<Edition> AtAsync(Editions editions, DateTimeOffset time, EditionId id)
    {
        clock.SetUtcNow(time);
        await editions.StartDueAsync(Stop);
        return await House.EditionAsync(id);
    }

    private Editions Editions(TimeSpan? window) => new(House.Editions, House.Deliveries, new(new(), new() { HoldWindow = window }), Some.Acts(Database, clock), clock, NullLogger<Editions>.Instance);
}
