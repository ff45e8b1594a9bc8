using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class WeeklySlotsTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private const string Zone = "America/Toronto";
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset NewYear = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(NewYear);

    [Test]
    public async Task Fifty_three_weeks_over_both_changes_of_the_clocks_fire_at_the_local_time_once_each()
    {
        var options = new ScheduleOptions { Weekly = "Tuesday 08:30" };
        var started = new List<DateTimeOffset>();

        // Every process looks: of two that look at one slot, one may act.
        while (clock.GetUtcNow() < NewYear.AddDays(53 * 7))
        {
            for (var process = 0; process < 2; process++)
                await Slots(options).LookAsync(Stop);
            started.AddRange((await StartedAsync(options)).Select(_ => clock.GetUtcNow()));
            clock.Advance(TimeSpan.FromMinutes(30));
        }

        Assert.That(started, Has.Count.EqualTo(53));
        Assert.That(started.Select(Local), Has.All.EqualTo((DayOfWeek.Tuesday, new TimeOnly(8, 30))));
        Assert.That(started.Zip(started.Skip(1), (a, b) => (b - a).TotalHours).Distinct().Order(), Is.EqualTo(new[] { 167.0, 168.0, 169.0 }));
        Assert.That((await Editions().ListAsync(100, Stop)).Select(edition => edition.IssueNumber).Reverse(), Is.EqualTo(Enumerable.Range(1, 53).Cast<int?>()));
    }

    [Test]
    public async Task Five_minutes_before_the_slot_its_issue_is_taken_and_held_and_one_that_gets_ready_later_still_goes_at_the_slots_time()
    {
        var options = new ScheduleOptions { Weekly = "Tuesday 08:30" };
        var ready = false;
        NextReadyIssue next = (taken, ct) => ready ? NextReady(taken, ct) : Task.FromResult<(RenderedIssue?, string)>((null, "none is ready"));
        await Slots(options, next).LookAsync(Stop);
        var slot = new DateTimeOffset(2026, 1, 6, 8, 30, 0, TimeSpan.FromHours(-5));

        clock.SetUtcNow(slot.AddMinutes(-5));
        var early = await Slots(options, next).LookAsync(Stop);
        ready = true;
        clock.SetUtcNow(slot.AddMinutes(-2));
        var taken = await Slots(options, next).LookAsync(Stop);
        var running = await StartedAsync(options);
        var held = (await Editions().ListAsync(9, Stop)).Single();
        clock.SetUtcNow(slot);
        var again = await Slots(options, next).LookAsync(Stop);
        await StartedAsync(options);

        Assert.That((early, taken?.EditionId, running.Count, again), Is.EqualTo(((SlotStore.Passing?)null, held.Id.Value, 0, (SlotStore.Passing?)null)));
        Assert.That((held.IsInHoldWindow, held.GoesOnAt), Is.EqualTo((true, slot)));
        Assert.That((await Editions().ListAsync(9, Stop)).Single().StartedAt, Is.EqualTo(slot));
    }

    [Test]
    public async Task A_slot_missed_by_two_hours_is_sent_late_within_the_allowed_six()
    {
        var options = new ScheduleOptions { Weekly = "Tuesday 08:30" };
        await Slots(options).LookAsync(Stop);

        await DownUntilAsync(new(2026, 1, 6, 10, 30, 0, TimeSpan.FromHours(-5)), options);

        Assert.That((await Editions().ListAsync(9, Stop)).Single().StartedAt, Is.EqualTo(clock.GetUtcNow()));
    }

    [Test]
    public async Task A_slot_missed_by_seven_hours_is_held_and_says_so()
    {
        var options = new ScheduleOptions { Weekly = "Tuesday 08:30" };
        await Slots(options).LookAsync(Stop);

        await DownUntilAsync(new(2026, 1, 6, 15, 30, 0, TimeSpan.FromHours(-5)), options);

        var edition = (await Editions().ListAsync(9, Stop)).Single();
        Assert.That((edition.State, edition.StateReason), Is.EqualTo((EditionState.Held,
            "its time passed 7 hours ago while nothing was running; at most 6 hours is allowed (Schedule:MaxLateness)")));
    }

    [Test]
    public async Task With_hold_a_slot_missed_by_five_minutes_is_held()
    {
        var options = new ScheduleOptions { Weekly = "Tuesday 08:30", Missed = MissedPolicy.Hold };
        await Slots(options).LookAsync(Stop);

        await DownUntilAsync(new(2026, 1, 6, 8, 35, 0, TimeSpan.FromHours(-5)), options);

        Assert.That((await Editions().ListAsync(9, Stop)).Single().State, Is.EqualTo(EditionState.Held));
    }

    [Test]
    public async Task Of_three_slots_missed_in_a_row_one_issue_goes_and_the_others_are_on_record()
    {
        var options = new ScheduleOptions { Weekly = "Tuesday 08:30" };
        await Slots(options).LookAsync(Stop);

        await DownUntilAsync(new(2026, 1, 20, 9, 0, 0, TimeSpan.FromHours(-5)), options);

        Assert.That((await new SlotStore(Database).ListAsync("weekly", 9, Stop)).Select(passing => passing.Outcome), Is.EqualTo(new[] { "scheduled", "missed", "missed" }));
        Assert.That((await Editions().ListAsync(9, Stop)).Single().StartedAt, Is.EqualTo(clock.GetUtcNow()));
    }

    [Test]
    public async Task A_slot_without_a_ready_issue_is_on_record_with_the_reason()
    {
        var options = new ScheduleOptions { Weekly = "Tuesday 08:30" };
        var slots = Slots(options, (_, _) => Task.FromResult<(RenderedIssue?, string)>((null, "issues/ holds no ready issue")));
        await slots.LookAsync(Stop);
        clock.SetUtcNow(new(2026, 1, 6, 13, 30, 0, TimeSpan.Zero));

        var passing = await slots.LookAsync(Stop);

        Assert.That((passing?.Outcome, passing?.Words), Is.EqualTo(("empty", "issues/ holds no ready issue")));
    }

    [Test]
    public async Task A_changed_slot_starts_anew_and_fires_no_old_one()
    {
        await Slots(new() { Weekly = "Tuesday 08:30" }).LookAsync(Stop);
        clock.SetUtcNow(new(2026, 1, 7, 12, 0, 0, TimeSpan.Zero));

        var passing = await Slots(new() { Weekly = "Friday 10:00" }).LookAsync(Stop);

        Assert.That(passing, Is.Null);
    }

    private async Task DownUntilAsync(DateTimeOffset up, ScheduleOptions options)
    {
        clock.SetUtcNow(up);
        await Slots(options).LookAsync(Stop);
        await StartedAsync(options);
    }

    private async Task<IReadOnlyList<EditionId>> StartedAsync(ScheduleOptions options)
    {
        var verbs = new Editions(Editions(), new(Database), new(options, new()), Some.Acts(Database, clock), clock, NullLogger<Editions>.Instance);
        var running = await verbs.StartDueAsync(Stop);
        foreach (var id in running) // nobody is on the list: there is nothing to send
            await Editions().CompleteAsync(id, clock.GetUtcNow(), Stop);
        return running;
    }

    private EditionStore Editions() => new(Database);

    private WeeklySlots Slots(ScheduleOptions options, NextReadyIssue? nextReady = null) => new(
        new(Database), Editions(), nextReady ?? NextReady, new(options, new()), TimeZoneInfo.FindSystemTimeZoneById(Zone), clock, NullLogger<WeeklySlots>.Instance);

    /// <summary>A drawer with an issue for every week.</summary>
    private static Task<(RenderedIssue? Issue, string Words)> NextReady(IReadOnlySet<string> taken, CancellationToken ct)
    {
        var number = Enumerable.Range(1, 99).First(n => !taken.Contains($"{n:0000}"));
        return Task.FromResult<(RenderedIssue?, string)>((Some.RenderedIssue($"{number:0000}", number), ""));
    }

    private static (DayOfWeek, TimeOnly) Local(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(Zone));
        return (local.DayOfWeek, TimeOnly.FromDateTime(local.DateTime));
    }
}
