using System.Data.Common;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>The watch over what comes back, beside <c>send --now</c>.</summary>
public sealed class ForegroundRunTests
{
    private readonly FakeTimeProvider clock = new();

    [Test]
    public async Task A_database_that_is_away_for_a_moment_costs_one_look_and_not_the_watch()
    {
        using var over = new CancellationTokenSource();
        var (looks, second) = (0, new TaskCompletionSource());
        var watch = ForegroundRun.WatchAsync(() =>
        {
            if (++looks == 1)
                throw new Away();
            second.TrySetResult();
            return Task.CompletedTask;
        }, clock, over.Token);

        while (!second.Task.IsCompleted && !watch.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }
        await over.CancelAsync();

        Assert.That(async () => await watch, Throws.Nothing);
        Assert.That(looks, Is.GreaterThanOrEqualTo(2));
    }

    private sealed class Away : DbException
    {
        public override bool IsTransient => true;
    }
}
