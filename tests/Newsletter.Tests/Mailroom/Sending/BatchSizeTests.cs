using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Quick lines get large batches, slow ones small ones.</summary>
public sealed class BatchSizeTests
{
    [Test]
    public void It_grows_while_batches_last_less_than_half_a_second_and_shrinks_when_they_last_more_than_two()
    {
        var clock = new FakeTimeProvider();
        var size = new BatchSize(50, 1000, clock);
        var (taken, last) = (0, 0);
        int After(double seconds)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            return last = size.Next(taken += last);
        }

        int[] sizes = [After(0), After(0.1), After(0.1), After(0.1), After(1), After(0.1), After(0.1), After(0.1), After(3), After(3), After(3), After(3), After(3), After(3)];

        Assert.That(sizes, Is.EqualTo(new[] { 50, 100, 200, 400, 400, 800, 1000, 1000, 800, 400, 200, 100, 50, 50 }));
    }

    [Test]
    public void A_small_most_is_never_exceeded()
    {
        var size = new BatchSize(7, 7, new FakeTimeProvider());

        Assert.That(new[] { size.Next(0), size.Next(7), size.Next(14) }, Is.All.EqualTo(7));
    }

    /// <summary>Seen at a relay of 13 letters a second: four batches were asked for within a moment, each twice the one before, and other workers had nothing to do for a minute.</summary>
    [Test]
    public void Claims_that_lie_let_it_not_grow()
    {
        var size = new BatchSize(50, 1000, new FakeTimeProvider());

        Assert.That(new[] { size.Next(0), size.Next(0), size.Next(20), size.Next(44), size.Next(69), size.Next(100) }, Is.EqualTo(new[] { 50, 50, 50, 50, 100, 100 }));
    }
}
