using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

public sealed class PaceTests
{
    private readonly FakeTimeProvider clock = new();

    [Test]
    public void Twenty_letters_a_second_leave_50_milliseconds_apart_over_all_lines()
    {
        var pace = new Pace(20, clock);
        var began = clock.GetUtcNow();
        var waits = Enumerable.Range(0, 100).Select(_ => pace.WaitAsync(CancellationToken.None)).ToList();
        var gone = new List<int>();

        for (var i = 0; i < 100; i++)
        {
            gone.Add(waits.Count(wait => wait.IsCompletedSuccessfully));
            clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.That(gone, Is.EqualTo(Enumerable.Range(1, 100)));
        Assert.That(clock.GetUtcNow() - began, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void What_was_not_used_is_not_saved_up()
    {
        var pace = new Pace(1, clock);
        _ = pace.WaitAsync(CancellationToken.None);

        clock.Advance(TimeSpan.FromHours(1));
        var waits = Enumerable.Range(0, 3).Select(_ => pace.WaitAsync(CancellationToken.None)).ToList();

        Assert.That(waits.Count(wait => wait.IsCompleted), Is.EqualTo(1));
    }

    [Test]
    public void Without_a_rate_nobody_waits()
    {
        var pace = new Pace(0, clock);

        Assert.That(Enumerable.Range(0, 1000).Select(_ => pace.WaitAsync(CancellationToken.None)), Has.All.Property(nameof(Task.IsCompleted)).True);
    }
}
