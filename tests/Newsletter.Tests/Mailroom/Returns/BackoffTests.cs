using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Returns;

public sealed class BackoffTests
{
    [TestCase(1, 0.5, 1)]
    [TestCase(2, 0.5, 2)]
    [TestCase(5, 0.5, 16)]
    [TestCase(5, 0, 12)]
    [TestCase(5, 1, 20)]
    [TestCase(10, 0.5, 300)]
    [TestCase(int.MaxValue, 0.5, 300)]
    public void Waits_grow_to_five_minutes_and_are_spread(int failures, double chance, double seconds) =>
        Assert.That(Backoff.After(failures, chance), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
}
