using System.Text.Json;
using Newsletter.Acceptance.Tests.Servers;

namespace Newsletter.Acceptance.Tests;

/// <summary>
/// A machine loses its power, as far as a test can: sender and database are killed together, and what nobody asked the disk to keep is gone, the
/// journal before all. Nobody is missed, and only what the ledger was behind goes twice: at most two groups of results.
/// </summary>
/// <remarks>The databases ask for each commit, so that what they have written stands; a commit under way at that moment is found by the kill and would be lost by a cut.</remarks>
public sealed class PowerCutTests
{
    private const int Readers = 4000;
    private const int Cuts = 4;
    private const int Window = 2000; // docs/architecture.md

    [Test]
    public Task Over_SQLite_nobody_is_missed_and_only_what_the_ledger_was_behind_goes_twice() => GoThroughAsync(null, () => Task.CompletedTask, () => Task.CompletedTask);

    [Test]
    public async Task Over_PostgreSQL_nobody_is_missed_and_only_what_the_ledger_was_behind_goes_twice()
    {
        await using var postgres = await MortalPostgres.StartAsync();
        await GoThroughAsync(new { Provider = "Postgres", postgres.ConnectionString }, postgres.KillAsync, postgres.RiseAsync);
    }

    private static async Task GoThroughAsync(object? database, Func<Task> kill, Func<Task> rise)
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var sender = new KilledSender(Readers);
        await sender.SetUpAsync(new { ClaimFor = "00:00:05" }, database);

        var random = new Random(seed);
        var (behind, sent) = (0, 0);
        foreach (var kept in Enumerable.Range(0, Cuts).Select(_ => random.Next(Readers / 10, Readers * 9 / 10)).Order().ToList())
        {
            var before = sender.Relay.Letters.Count;
            await sender.RunUntilAsync(kept, stage: null);
            await kill();
            if (Directory.Exists(sender.Journal)) // not where the cut came as the sender first looked for its relay
                Directory.Delete(sender.Journal, recursive: true);
            await rise();
            var (known, arrived) = (await SentAsync(sender.Program), sender.Relay.Letters.Count - before);
            await TestContext.Out.WriteLineAsync($"cut at {before + arrived}: of {arrived} letters the ledger has {known - sent}");
            Assert.That(arrived - (known - sent), Is.InRange(0, Window + KilledSender.Connections));
            (behind, sent) = (behind + arrived - (known - sent), known);
        }
        var last = await sender.Program.RunAsync("send", "1", "--now", "--json");

        var letters = sender.Relay.Letters;
        var byReader = letters.GroupBy(letter => letter.To.Single()).ToDictionary(group => group.Key, group => group.Select(letter => letter.MessageId).ToList());
        var doubles = letters.Count - byReader.Count;
        await TestContext.Out.WriteLineAsync($"{doubles} doubles after {Cuts} cuts, the ledger having been {behind} behind in all");
        Assert.That(last.Code, Is.Zero, last.Errors);
        Assert.That(await SentAsync(sender.Program), Is.EqualTo(Readers));
        Assert.That(byReader.Keys, Is.EquivalentTo(sender.Readers));
        Assert.That(behind, Is.Positive, "a cut that loses nothing shows nothing");
        Assert.That(doubles, Is.LessThanOrEqualTo(behind));
        Assert.That(byReader.Values.Select(ids => ids.Distinct().Count()), Has.All.EqualTo(1));
    }

    private static async Task<int> SentAsync(TheProgram program) =>
        JsonDocument.Parse((await program.RunAsync("status", "1", "--json")).Output).RootElement.GetProperty("sent").GetInt32();
}
