using System.Collections.Concurrent;

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
