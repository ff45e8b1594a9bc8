using System.Text.Json;

namespace Newsletter.Acceptance.Tests;

/// <summary>The sending process is killed, again and again: nobody is missed, and only letters in flight go twice.</summary>
public sealed class KillTests
{
    private const int Readers = 5000;
    private const int Kills = 20;

    /// <summary>With Hold, what had begun waits for a person: nobody gets two, and who is in doubt is asked for once more by hand.</summary>
    [Test]
    public async Task Killed_again_and_again_with_letters_in_doubt_held_nobody_gets_two()
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var sender = new KilledSender(Readers);
        await sender.SetUpAsync(new { InDoubt = "Hold" });

        foreach (var (kept, stage) in Moments(new Random(seed)).Chunk(5).Select(some => some[0]))
            await sender.RunUntilAsync(kept, stage);
        var last = await sender.Program.RunAsync("send", "1", "--now", "--json");

        var tally = JsonDocument.Parse(last.Output).RootElement;
        var (sent, inDoubt) = (tally.GetProperty("sent").GetInt32(), tally.GetProperty("inDoubt").GetInt32());
        var readers = sender.Relay.Letters.Select(letter => letter.To.Single()).ToList();
        await TestContext.Out.WriteLineAsync($"{readers.Count} letters, {inDoubt} in doubt after {Kills / 5} kills over {KilledSender.Connections} connections");
        Assert.That(readers, Is.Unique);
        Assert.That(sent + inDoubt, Is.EqualTo(Readers));
        Assert.That(readers, Has.Count.InRange(sent, Readers), "some of those in doubt had arrived");
        Assert.That(inDoubt, Is.InRange(1, Kills / 5 * KilledSender.Connections));
    }

    [Test]
    public async Task Killed_at_twenty_random_moments_nobody_is_missed_and_no_more_go_twice_than_were_in_flight()
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var sender = new KilledSender(Readers);
        await sender.SetUpAsync(new { });

        foreach (var (kept, stage) in Moments(new Random(seed)))
            await sender.RunUntilAsync(kept, stage);
        var last = await sender.Program.RunAsync("send", "1", "--now", "--json");

        var tally = JsonDocument.Parse(last.Output).RootElement;
        var letters = sender.Relay.Letters;
        var byReader = letters.GroupBy(letter => letter.To.Single()).ToDictionary(group => group.Key, group => group.ToList());
        var doubles = letters.Count - byReader.Count;
        await TestContext.Out.WriteLineAsync($"{letters.Count} letters, {doubles} doubles after {Kills} kills over {KilledSender.Connections} connections");
        Assert.That(last.Code, Is.Zero, last.Errors);
        Assert.That((tally.GetProperty("sent").GetInt32(), tally.GetProperty("waiting").GetInt32()), Is.EqualTo((Readers, 0)));
        Assert.That(byReader.Keys, Is.EquivalentTo(sender.Readers));
        Assert.That(doubles, Is.LessThanOrEqualTo(Kills * KilledSender.Connections));
        Assert.That(byReader.Values.Select(copies => copies.Select(copy => copy.MessageId).Distinct().Count()), Has.All.EqualTo(1));
        Assert.That(letters.Select(letter => letter.MessageId).Distinct().Count(), Is.EqualTo(Readers));
    }

    /// <summary>Random letters of the edition, and for each a random stage of a conversation, the worst of them (after the final dot, before the answer) among them.</summary>
    private static IEnumerable<(int Kept, LoopbackStage Stage)> Moments(Random random)
    {
        LoopbackStage[] stages = [LoopbackStage.Greeting, LoopbackStage.Sender, LoopbackStage.Recipient, LoopbackStage.Data, LoopbackStage.Letter];
        return Enumerable.Range(0, Kills).Select(_ => random.Next(Readers - 100)).Order().ToList().Select(kept => (kept, stages[random.Next(stages.Length)]));
    }
}
