using CsCheck;
using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class PaceLimitTests
{
    [TestCase("100/1h", 100, 3600)]
    [TestCase("100/h", 100, 3600)]
    [TestCase("20/s", 20, 1)]
    [TestCase("20 / sec", 20, 1)]
    [TestCase("5/10s", 5, 10)]
    [TestCase("1/90 seconds", 1, 90)]
    [TestCase("300/15m", 300, 900)]
    [TestCase("300/15 Minutes", 300, 900)]
    [TestCase("40000/1d", 40000, 86400)]
    [TestCase("1000000/31d", 1000000, 2678400)]
    public void A_limit_is_a_number_of_letters_in_a_time(string text, int count, int seconds) =>
        Assert.That(PaceLimit.Read(text), Is.EqualTo(new PaceLimit(count, TimeSpan.FromSeconds(seconds))));

    [TestCase("")]
    [TestCase("100")]
    [TestCase("0/1h")]
    [TestCase("-5/1h")]
    [TestCase("1.5/1h")]
    [TestCase("100/0h")]
    [TestCase("100/32d")]
    [TestCase("100/1w")]
    [TestCase("100/1h/2h")]
    [TestCase("99999999999/1h")]
    [TestCase("100/99999999999h")]
    public void Anything_else_is_none(string text) => Assert.That(PaceLimit.Read(text), Is.Null);

    [Test]
    public void Several_stand_side_by_side_and_one_wrong_spoils_them_all()
    {
        Assert.That(PaceLimit.ReadAll("20/s, 5000/1h; 40000/1d")!.Select(limit => limit.ToString()), Is.EqualTo(["20/1s", "5000/1h", "40000/1d"]));
        Assert.That(PaceLimit.ReadAll(" "), Is.Empty);
        Assert.That(PaceLimit.ReadAll("20/s, many"), Is.Null);
    }

    [TestCase(20, 20)]
    [TestCase(2.5, 2.5)]
    [TestCase(0.5, 0.5)]
    public void A_rate_in_letters_a_second_is_a_limit_too(double rate, double perSecond) =>
        Assert.That(PaceLimit.OfRate(rate).Count / PaceLimit.OfRate(rate).Period.TotalSeconds, Is.EqualTo(perSecond).Within(0.001));

    /// <summary>A right may be used late by as much as it is kept: still no stretch of the period holds more letters than the limit.</summary>
    [Test]
    public void However_late_its_rights_are_used_no_stretch_of_time_holds_more_letters_than_the_limit() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 4000], Gen.Double[0, 1].Array[400]).Sample((count, seconds, lateness) =>
        {
            var limit = new PaceLimit(count, TimeSpan.FromSeconds(seconds));
            var used = lateness.Select((late, i) => (limit.Interval * i) + (limit.Keep * late)).Order().ToList();

            for (var i = 0; i + count < used.Count; i++)
                Assert.That(used[i + count] - used[i], Is.GreaterThanOrEqualTo(limit.Period));
        });
}
