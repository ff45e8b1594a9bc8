using System.Globalization;
using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class WarmUpTests
{
    private static readonly WarmUp Plan = new(new(2026, 5, 4), [50, 100, 200]);

    [TestCase("2026-05-03", 0)]
    [TestCase("2026-05-04", 50)]
    [TestCase("2026-05-05", 100)]
    [TestCase("2026-05-06", 200)]
    [TestCase("2026-05-07", null)]
    [TestCase("2027-05-07", null)]
    public void Each_day_of_the_plan_has_its_number_before_it_goes_nothing_and_after_it_all(string day, int? most) =>
        Assert.That(Plan.MostOn(DateOnly.Parse(day, CultureInfo.InvariantCulture)), Is.EqualTo(most));

    [Test]
    public void A_day_is_that_of_the_zone()
    {
        var toronto = TimeZoneInfo.FindSystemTimeZoneById("America/Toronto");
        var now = new DateTimeOffset(2026, 5, 5, 2, 0, 0, TimeSpan.Zero);

        Assert.That(WarmUp.Day(now, toronto), Is.EqualTo(new DateOnly(2026, 5, 4)));
        Assert.That(WarmUp.Tomorrow(now, toronto), Is.EqualTo(new DateTimeOffset(2026, 5, 5, 4, 0, 0, TimeSpan.Zero)));
    }

    [TestCase("America/Los_Angeles", "2026-05-05T15:30Z", "half past eight there, nine hours later")]
    [TestCase("Europe/Berlin", "2026-05-05T06:30Z", "at the edition's own time")]
    [TestCase("Europe/Athens", "2026-05-05T06:30Z", "half past eight was an hour ago: at once")]
    [TestCase("Asia/Tokyo", "2026-05-05T23:30Z", "half past eight has passed: tomorrow's")]
    public void A_letter_at_local_time_is_due_when_the_readers_clock_shows_the_editions_time(string zone, string due, string why)
    {
        var at = new DateTimeOffset(2026, 5, 5, 6, 30, 0, TimeSpan.Zero); // 08:30 in Berlin
        var local = new LocalDelivery(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.That(local.DueIn(at, at, TimeZoneInfo.FindSystemTimeZoneById(zone)), Is.EqualTo(DateTimeOffset.Parse(due, CultureInfo.InvariantCulture)), why);
    }

    [Test]
    public void An_edition_that_started_late_makes_nobody_at_home_wait_until_tomorrow()
    {
        var at = new DateTimeOffset(2026, 5, 5, 6, 30, 0, TimeSpan.Zero);
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.That(new LocalDelivery(berlin).DueIn(at, at.AddHours(5), berlin), Is.EqualTo(at.AddHours(5)));
    }
}
