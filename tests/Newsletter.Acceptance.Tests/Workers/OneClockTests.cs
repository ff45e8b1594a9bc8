namespace Newsletter.Acceptance.Tests.Workers;

/// <summary>Three workers have the same timetable and there is one clock.</summary>
public sealed class OneClockTests : DatabaseTests<PostgresHome>
{
    [Test]
    public async Task A_slot_that_comes_round_under_three_workers_makes_one_edition_that_everybody_gets_once()
    {
        await using var house = await WorkerHouse.OpenAsync(Home.ConnectionString, readers: 300, perSecond: 150);
        await house.WriteIssueAsync(2);
        await house.StartAsync(3, "Schedule:Weekly=Tuesday 08:30");
        await house.WaitForAsync("select count(*) from schedules", "1");

        // The hand of the clock is moved, since nobody waits for Tuesday.
        await house.AskAsync("update schedules set next_due = cast(extract(epoch from now()) * 1000 as bigint) - 1000 returning name");
        await house.CompleteAsync();

        Assert.That(await house.AskAsync("select count(*) from slots where outcome = 'scheduled'"), Is.EqualTo("1"));
        Assert.That(await house.AskAsync("select count(*) from editions"), Is.EqualTo("1"), "the second ready issue has its turn a week later");
        Assert.That(await house.AskAsync("select count(*) from schedules where next_due > cast(extract(epoch from now()) * 1000 as bigint)"), Is.EqualTo("1"));
        await house.AddsUpAsync(doublesAtMost: 0);
    }
}
