using System.Collections.Concurrent;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>The machine's clock is set, in the middle of an edition, by hours.</summary>
public sealed class ClockFaultTests : DatabaseTests<SqliteHome>
{
    private FaultHouse House => field ??= new(Database);

    [TestCase(2)]
    [TestCase(-2)]
    public async Task A_clock_that_is_set_and_set_right_again_costs_nobody_a_letter(int hours)
    {
        await using var server = Setting(hours);
        await House.StartAsync(readers: 30);

        var sending = House.SendAsync(SendingHome.Relay(server, connections: 2));
        await server.WaitForLettersAsync(6);
        House.Clock.AdjustTime(House.Clock.GetUtcNow().AddHours(-hours));
        await sending;

        await House.AssertItAddsUpAsync(server.Letters);
    }

    /// <summary>Set back, the edition waits until it is time again.</summary>
    [TestCase(2)]
    [TestCase(-2)]
    public async Task A_clock_that_is_set_for_good_costs_nobody_a_letter(int hours)
    {
        await using var server = Setting(hours);
        await House.StartAsync(readers: 30);

        await House.SendAsync(SendingHome.Relay(server, connections: 2));

        await House.AssertItAddsUpAsync(server.Letters);
    }

    /// <summary>A claim from before is as old as nobody knows: it is looked at again.</summary>
    [Test]
    public async Task Who_leaves_while_the_clock_is_set_back_gets_no_letter()
    {
        await using var server = new LoopbackSmtp();
        await House.StartAsync();
        server.Script = moment =>
        {
            if (moment is not { Stage: LoopbackStage.Letter, Kept: 0 })
                return null;
            House.Home.LeaveAsync(House.People[4]).GetAwaiter().GetResult();
            House.Clock.AdjustTime(House.Clock.GetUtcNow().AddHours(-2));
            return null;
        };
        await using var dispatcher = House.Home.Dispatcher(SendingHome.Quick(), SendingHome.Relay(server, connections: 1));

        await dispatcher.SendDueAsync(House.Edition, null, CancellationToken.None);

        Assert.That(server.Letters.Select(letter => letter.To.Single()), Has.None.EqualTo("reader4@example.com"));
        Assert.That(await House.Home.TallyAsync(House.Edition), Is.EqualTo(new Tally(Sent: 5, Skipped: 1)));
    }

    /// <summary>At the fifth letter, while some are deferred already and others will be.</summary>
    private LoopbackSmtp Setting(int hours)
    {
        House.Step = TimeSpan.FromSeconds(20); // hours are waited for
        var (isSet, greylisted) = (0, new ConcurrentDictionary<string, bool>());
        return new()
        {
            Script = moment =>
            {
                if (moment is { Stage: LoopbackStage.Letter, Kept: >= 5 } && Interlocked.Exchange(ref isSet, 1) == 0)
                    House.Clock.AdjustTime(House.Clock.GetUtcNow().AddHours(hours));
                return moment is { Stage: LoopbackStage.Recipient } && moment.To[6] is '2' && greylisted.TryAdd(moment.To, true) ? new LoopbackAnswer.Reply("450 4.7.1 greylisted") : null;
            },
        };
    }
}
