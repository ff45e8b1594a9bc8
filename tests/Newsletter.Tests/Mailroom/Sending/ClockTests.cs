using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Hangfire looks every five seconds; where it stays away, as it does after an outage of the database, whoever sends notices.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ClockTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task What_is_overdue_is_caught_up_and_what_has_just_become_due_is_left_to_the_clock()
    {
        var house = new SendingHome(Database, time);
        await house.SubscribeAsync(1);
        var edition = (await house.Editions.AddAsync(Some.RenderedIssue(), "", time.GetUtcNow(), time.GetUtcNow(), Stop)).Edition.Id;
        var clock = Clock(house, null);

        time.Advance(TimeSpan.FromSeconds(15));
        await clock.CatchUpAsync(Stop);
        var early = (await house.EditionAsync(edition)).State;
        time.Advance(TimeSpan.FromSeconds(1));
        await clock.CatchUpAsync(Stop);

        Assert.That((early, (await house.EditionAsync(edition)).State), Is.EqualTo((EditionState.Scheduled, EditionState.Running)));
    }

    [Test]
    public async Task A_slot_that_is_overdue_is_caught_up_too()
    {
        var house = new SendingHome(Database, time);
        var clock = Clock(house, Some.RenderedIssue());
        await clock.LookAsync(Stop); // the slot is known from now on

        time.Advance(TimeSpan.FromDays(7));
        await clock.CatchUpAsync(Stop);

        Assert.That(await house.Editions.ListAsync(10, Stop), Has.One.Items);
    }

    private Clock Clock(SendingHome house, RenderedIssue? issue)
    {
        var rules = new EditionRules(new() { Weekly = "Tuesday 08:30" }, new());
        var alarms = new EditionAlarms(house.Desk(new()), new(Some.Publication(), DkimSeal.None), Some.Publication(), NullLogger<EditionAlarms>.Instance);
        var slots = new WeeklySlots(new(Database), house.Editions, (_, _) => Task.FromResult<(RenderedIssue?, string)>((issue, "")), rules, TimeZoneInfo.Utc, time, NullLogger<WeeklySlots>.Instance);
        return new(new(house.Editions, house.Deliveries, rules, Some.Acts(Database, time), time, NullLogger<Editions>.Instance), slots, alarms, house.Editions, time);
    }
}
