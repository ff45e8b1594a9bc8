using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Two editions share the lines of one relay.</summary>
public sealed class PriorityTests : DatabaseTests<SqliteHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task One_of_high_priority_passes_one_of_low_that_has_every_line_and_both_reach_all()
    {
        var waits = new TaskCompletionSource();
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Sender, Kept: > 0 } ? new LoopbackAnswer.WaitFor(waits.Task) : null };
        await House.SubscribeAsync(30);
        var (low, high) = (await StartAsync("0001", Priority.Low), await StartAsync("0002", Priority.High));
        var dispatcher = House.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, connections: 1, rate: 10)); // the low one alone takes three seconds

        var lowEnds = dispatcher.SendUntilSettledAsync(low, null, Stop);
        await server.WaitForLettersAsync(1);
        var highEnds = dispatcher.SendUntilSettledAsync(high, null, Stop);
        while ((await House.TallyAsync(high)).Claimed == 0) // then it asks for a line
            await Task.Yield();
        waits.SetResult();
        await Task.WhenAll(lowEnds, highEnds);

        var order = server.Letters.Select(letter => House.Ours.ReadMessageId(letter.MessageId)!.Value.Edition).ToList();
        Assert.That((order.Count(edition => edition == low), order.Count(edition => edition == high)), Is.EqualTo((30, 30)));
        Assert.That(order[0], Is.EqualTo(low));
        Assert.That(order.LastIndexOf(high), Is.LessThan(order.LastIndexOf(low)));
    }

    private async Task<EditionId> StartAsync(string slug, Priority priority)
    {
        var (edition, _) = await House.Editions.AddAsync(Some.RenderedIssue(slug), new EditionPlan(DateTimeOffset.UtcNow) { Priority = priority }, DateTimeOffset.UtcNow, Stop);
        await House.Editions.FreezeAsync(edition.Id, DateTimeOffset.UtcNow, Stop);
        return edition.Id;
    }
}
