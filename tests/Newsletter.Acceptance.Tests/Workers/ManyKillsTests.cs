using System.Globalization;

namespace Newsletter.Acceptance.Tests.Workers;

/// <summary>Three workers, of which one is killed, again and again; each time another takes its place.</summary>
public sealed class ManyKillsTests : DatabaseTests<PostgresHome>
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("NEWSLETTER_TEST_KILLS") ?? "8", CultureInfo.InvariantCulture);

    [Test]
    public async Task Killed_at_random_moments_nobody_is_missed_and_no_more_go_twice_than_were_in_flight()
    {
        var (seed, readers) = (Random.Shared.Next(), Kills * 250);
        await TestContext.Out.WriteLineAsync($"seed {seed}, {Kills} kills");
        var random = new Random(seed);
        await using var house = await WorkerHouse.OpenAsync(Home.ConnectionString, readers, perSecond: 300);
        var workers = (await house.StartAsync(3)).Select(Task.FromResult).ToList();
        await house.DoAsync("schedule", "1", "--at", "+0s");

        // Any stage of any letter; the worst of them, after the final dot and before the answer, comes as often as the others.
        var stages = new[] { LoopbackStage.Sender, LoopbackStage.Recipient, LoopbackStage.Data, LoopbackStage.Letter };
        foreach (var kept in Enumerable.Range(0, Kills).Select(_ => random.Next(readers * 9 / 10)).Order().ToList())
        {
            // Nobody waits for those who take the places, or the edition would be over: the next kill may come while they start.
            var ready = workers.Where(worker => worker.IsCompleted).DefaultIfEmpty(workers[0]).ToList();
            var victim = ready[random.Next(ready.Count)];
            await KillAsync(house, await victim, kept, stages[random.Next(stages.Length)]);
            workers.Remove(victim);
            workers.Add(StartAsync(house));
        }
        await house.CompleteAsync();
        await Task.WhenAll(workers);

        await house.AddsUpAsync(doublesAtMost: Kills * WorkerHouse.Connections);
    }

    private static async Task<Worker> StartAsync(WorkerHouse house) => (await house.StartAsync(1)).Single();

    /// <summary>Inside the relay's turn, so that the moment is the chosen one.</summary>
    private static async Task KillAsync(WorkerHouse house, Worker victim, int kept, LoopbackStage stage)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        house.Relay.Script = moment =>
        {
            if (moment.Kept >= kept && moment.Stage == stage && !killed.Task.IsCompleted)
            {
                victim.Kill();
                killed.TrySetResult();
            }
            return null;
        };
        if (await Task.WhenAny(killed.Task, Task.Delay(TimeSpan.FromMinutes(3))) != killed.Task)
            Assert.Fail($"no letter came at {kept} and {stage}: {house.Relay.Letters.Count} letters\n{await house.DoAsync("status", "1")}");
        house.Relay.Script = static _ => null;
    }
}
