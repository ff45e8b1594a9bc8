using CsCheck;
using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class AdaptiveRateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void It_is_free_until_it_is_told_otherwise_and_then_half_as_fast_as_it_was()
    {
        var rate = new AdaptiveRate();
        var now = Send(rate, Noon, perSecond: 40, seconds: 20);

        rate.Slow(now);

        Assert.That(rate.PerSecond, Is.EqualTo(20).Within(1));
        Assert.That(Begun(rate, now, TimeSpan.FromSeconds(10)), Is.EqualTo(200).Within(10));
    }

    [Test]
    public void Answers_to_letters_that_were_under_way_together_slow_it_once()
    {
        var rate = new AdaptiveRate();
        var now = Send(rate, Noon, perSecond: 40, seconds: 20);

        for (var i = 0; i < 50; i++)
            rate.Slow(now.AddMilliseconds(i));

        Assert.That(rate.PerSecond, Is.EqualTo(20).Within(1));
    }

    [Test]
    public void Each_further_trouble_halves_it_down_to_one_letter_in_ten_seconds_and_never_to_none()
    {
        var rate = new AdaptiveRate();
        var now = Noon;
        for (var i = 0; i < 60; i++)
            rate.Slow(now = now.AddSeconds(2));

        Assert.That(rate.PerSecond, Is.EqualTo(0.1).Within(0.0001));
        Assert.That(Begun(rate, now, TimeSpan.FromMinutes(10)), Is.EqualTo(60).Within(1));
    }

    [Test]
    public void It_recovers_little_by_little_while_letters_are_taken_and_is_free_again_at_its_old_rate()
    {
        var rate = new AdaptiveRate();
        var now = Send(rate, Noon, perSecond: 40, seconds: 20);
        rate.Slow(now);
        var rates = new List<double?>();

        for (var i = 0; i < 40; i++)
        {
            rate.Succeeded(now = now.AddSeconds(1));
            rates.Add(rate.PerSecond);
        }

        Assert.That(rates.TakeWhile(r => r is not null).ToList(), Is.Ordered.Ascending.And.Count.InRange(25, 32), "from half to all in half a minute");
        Assert.That(rates[^1], Is.Null);
    }

    [Test]
    public void One_letter_that_is_taken_makes_it_at_most_twice_as_fast()
    {
        var rate = new AdaptiveRate();
        var now = Send(rate, Noon, perSecond: 40, seconds: 20);
        for (var i = 0; i < 20; i++)
            rate.Slow(now = now.AddSeconds(2));

        rate.Succeeded(now.AddHours(1));

        Assert.That(rate.PerSecond, Is.EqualTo(0.2).Within(0.001));
    }

    [Test]
    public void A_wait_that_was_asked_for_is_kept_and_over_when_it_is_over()
    {
        var rate = new AdaptiveRate();
        rate.Hold(Noon, TimeSpan.FromMinutes(5));
        rate.Hold(Noon.AddMinutes(1), TimeSpan.FromSeconds(10));

        Assert.That((rate.TryBegin(Noon.AddMinutes(4.9), out var until), until), Is.EqualTo((false, Noon.AddMinutes(5))));
        Assert.That(rate.TryBegin(Noon.AddMinutes(5), out _), Is.True);
    }

    /// <summary>Whatever the far side says and however the clock is set, somebody goes again within the longest wait and ten seconds.</summary>
    [Test]
    public void Nobody_waits_for_ever_however_the_clock_jumps() =>
        Gen.Select(Gen.Int[0, 3], Gen.Double[-5000, 5000]).Array[0, 60].Sample(steps =>
        {
            var rate = new AdaptiveRate();
            var now = Noon;
            foreach (var (what, seconds) in steps)
            {
                now = now.AddSeconds(seconds);
                if (what == 0) rate.Slow(now);
                if (what == 1) rate.Hold(now, TimeSpan.FromSeconds(Math.Abs(seconds)));
                if (what == 2) rate.Succeeded(now);
                if (what == 3) rate.TryBegin(now, out _);
            }

            rate.TryBegin(now, out _); // it sees that the clock was set
            Assert.That(rate.TryBegin(now.AddSeconds(5000 + 11), out _), Is.True);
        });

    /// <summary>Letters as fast as they may, every millisecond a try.</summary>
    private static int Begun(AdaptiveRate rate, DateTimeOffset from, TimeSpan during)
    {
        var begun = 0;
        for (var now = from; now < from + during; now = now.AddMilliseconds(during.TotalSeconds > 60 ? 100 : 1))
            begun += rate.TryBegin(now, out _) ? 1 : 0;
        return begun;
    }

    private static DateTimeOffset Send(AdaptiveRate rate, DateTimeOffset from, int perSecond, int seconds)
    {
        for (var i = 0; i < perSecond * seconds; i++)
            rate.TryBegin(from.AddSeconds((double)i / perSecond), out _);
        return from.AddSeconds(seconds);
    }
}
