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
        int After(double seconds)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            return size.Next();
        }

        int[] sizes = [size.Next(), After(0.1), After(0.1), After(0.1), After(1), After(0.1), After(0.1), After(0.1), After(3), After(3), After(3), After(3), After(3), After(3)];

        Assert.That(sizes, Is.EqualTo(new[] { 50, 100, 200, 400, 400, 800, 1000, 1000, 800, 400, 200, 100, 50, 50 }));
    }

    [Test]
    public void A_small_most_is_never_exceeded()
    {
        var size = new BatchSize(7, 7, new FakeTimeProvider());

        Assert.That(new[] { size.Next(), size.Next(), size.Next() }, Is.All.EqualTo(7));
    }
}
