using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class PaceGrantTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly PaceLimit TwentyASecond = new(20, TimeSpan.FromSeconds(1)); // a right each 52.5 ms, kept for 50 ms
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Twenty_letters_a_second_leave_52_milliseconds_and_a_half_apart()
    {
        var grant = new PaceGrant(Noon, 20, TwentyASecond, Second);

        var gone = Enumerable.Range(0, 1050).Where(ms => grant.TryTake(Noon.AddMilliseconds(ms), out _, out _)).ToList();

        Assert.That(gone, Is.EqualTo(Enumerable.Range(0, 20).Select(i => (int)Math.Ceiling(i * 52.5))));
    }

    [Test]
    public void A_right_that_was_not_used_in_time_is_lost_and_not_saved_up()
    {
        var grant = new PaceGrant(Noon, 20, TwentyASecond, Second);

        var late = Noon.AddMilliseconds(530); // ten are over; the eleventh began 5 ms ago
        var taken = Enumerable.Range(0, 5).Count(i => grant.TryTake(late, out _, out _));

        Assert.That(taken, Is.EqualTo(1));
    }

    [Test]
    public void Who_comes_too_early_is_told_when_and_who_comes_after_the_last_is_told_nothing()
    {
        var grant = new PaceGrant(Noon, 1, TwentyASecond, Second);

        Assert.That((grant.TryTake(Noon.AddSeconds(-0.5), out _, out var next), next), Is.EqualTo((false, (DateTimeOffset?)Noon)));
        Assert.That(grant.TryTake(Noon, out _, out _), Is.True);
        Assert.That((grant.TryTake(Noon, out _, out next), next), Is.EqualTo((false, (DateTimeOffset?)null)));
    }

    [Test]
    public void A_right_that_was_given_back_is_used_again_while_it_lasts()
    {
        var grant = new PaceGrant(Noon, 1, TwentyASecond, Second);
        grant.TryTake(Noon, out var right, out _);

        grant.GiveBack(right);

        Assert.That(grant.TryTake(Noon.AddMilliseconds(49), out right, out _), Is.True);
        grant.GiveBack(right);
        Assert.That(grant.TryTake(Noon.AddMilliseconds(51), out _, out _), Is.False);
    }

    [Test]
    public void A_clock_that_is_set_back_makes_nobody_wait_for_the_old_time()
    {
        var grant = new PaceGrant(Noon, 5, TwentyASecond, Second);

        var taken = grant.TryTake(Noon.AddHours(-1), out _, out var next);

        Assert.That((taken, next), Is.EqualTo((false, (DateTimeOffset?)null)), "more is asked for");
    }
}
