using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

/// <summary>Limits whose rights are further apart than a pass waits for.</summary>
public sealed class SlowLimitTests : DatabaseTests<SqliteHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task A_pass_that_begins_shortly_before_the_next_right_waits_for_it_and_uses_it()
    {
        await using var server = new LoopbackSmtp();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var house = new SendingHome(Database, clock);
        await house.SubscribeAsync(2);
        var edition = await house.StartAsync();
        var relay = new SmtpTransport(new() { Host = "127.0.0.1", Port = server.Port, Security = RelaySecurity.None, Connections = 1, Limits = "1/10s" });
        await using var dispatcher = house.Dispatcher(SendingHome.Quick(), relay);
        await dispatcher.SendDueAsync(edition, null, Stop);
        var first = server.Letters.Count;

        clock.Advance(TimeSpan.FromSeconds(5));
        var pass = dispatcher.SendDueAsync(edition, null, Stop);
        while (!pass.IsCompleted && (await house.TallyAsync(edition)).Claimed == 0)
            await Task.Yield();
        var waits = !pass.IsCompleted;
        clock.Advance(TimeSpan.FromSeconds(5.6)); // the right began 10.5 s after the first letter
        while (!pass.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
        await pass;

        Assert.That((first, waits, server.Letters.Count), Is.EqualTo((1, true, 2)));
    }
}
