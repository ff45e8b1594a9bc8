using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class LatenessTests
{
    private static readonly DateTimeOffset Due = new(2026, 5, 5, 8, 30, 0, TimeSpan.Zero);
    private static readonly Lateness SixHours = new(TimeSpan.FromHours(6), MissedPolicy.Send);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(60)]
    [TestCase(360)]
    public void Within_six_hours_it_is_sent_late(int minutes) => Assert.That(SixHours.WhyHeld(Due, Due.AddMinutes(minutes)), Is.Null);

    [Test]
    public void Beyond_them_it_is_held_and_says_so() => Assert.That(SixHours.WhyHeld(Due, Due.AddHours(7)), Does.Contain("7 hours").And.Contain("6 hours").And.Contain("Schedule:MaxLateness"));

    [Test]
    public void With_hold_every_missed_time_is_held_but_the_clocks_own_tick()
    {
        var hold = SixHours with { Missed = MissedPolicy.Hold };

        Assert.That(hold.WhyHeld(Due, Due.AddSeconds(59)), Is.Null);
        Assert.That(hold.WhyHeld(Due, Due.AddMinutes(2)), Does.Contain("Schedule:Missed"));
    }
}
