using Newsletter.Acceptance.Tests.Servers;

namespace Newsletter.Acceptance.Tests.Workers;

/// <summary>The database is killed under three workers, and starts again.</summary>
public sealed class DatabaseKilledTests
{
    private const int Readers = 1500;

    [Test]
    public async Task Killed_twice_in_mid_send_nobody_is_missed_only_letters_in_flight_go_twice_and_the_clock_goes_on()
    {
        await using var postgres = await MortalPostgres.StartAsync();
        await using var house = await WorkerHouse.OpenAsync(postgres.ConnectionString, Readers, perSecond: 150);
        var workers = await house.StartAsync(3);
        await house.DoAsync("schedule", "1", "--at", "+0s");

        foreach (var kept in new[] { Readers / 3, Readers * 2 / 3 })
        {
            await house.Relay.WaitForLettersAsync(kept);
            await postgres.KillAsync();
            await postgres.RiseAsync();
        }
        await house.CompleteAsync();
        await house.AddsUpAsync(doublesAtMost: 2 * 3 * WorkerHouse.Connections);

        await house.WriteIssueAsync(2);
        await house.DoAsync("schedule", "2", "--at", "+0s");
        await house.CompleteAsync(2);
        foreach (var worker in workers)
            Assert.That((await worker.StopAsync()).Code, Is.Zero);
    }
}
