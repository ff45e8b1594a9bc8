using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Issues;

public sealed class HostTurnsTests
{
    private static readonly Uri Page = new("https://e.org/a");

    [Test]
    public async Task A_host_is_asked_one_at_a_time_and_another_meanwhile()
    {
        var turns = new HostTurns(TimeSpan.Zero, TimeProvider.System);
        var first = await turns.TakeAsync(Page, default);

        var second = turns.TakeAsync(new("https://E.org/b#c"), default);
        var other = turns.TakeAsync(new("https://e.org:8443/"), default);

        Assert.That((second.IsCompleted, other.IsCompleted), Is.EqualTo((false, true)));
        first.Dispose();
        (await second).Dispose();
    }

    [Test]
    public async Task Whoever_waits_in_vain_keeps_nobody_from_asking()
    {
        var turns = new HostTurns(TimeSpan.Zero, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var first = await turns.TakeAsync(Page, default);
        var given = turns.TakeAsync(Page, stop.Token);

        await stop.CancelAsync();

        Assert.That(async () => await given, Throws.InstanceOf<OperationCanceledException>());
        first.Dispose();
        Assert.That(turns.TakeAsync(Page, default).IsCompleted);
    }
}
