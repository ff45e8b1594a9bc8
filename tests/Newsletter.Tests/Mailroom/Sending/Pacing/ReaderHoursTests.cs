using System.Globalization;
using Newsletter.Mailroom;
using Newsletter.Sending;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

public sealed class ReaderHoursTests
{
    [TestCase("08:00-20:00", "18:59:59.999")] // by UTC: the zone is an hour ahead in winter
    [TestCase("08:00-19:30, 19:00-20:00", "18:59:59.999")]
    public void A_zone_closes_at_its_time_however_lately_it_was_looked_at(string hours, string last)
    {
        var readerHours = new ReaderHours();
        var plan = new SendingPlan([]) { Hours = SendingHours.Read(hours)!, HoursOfReader = true };

        var times = new[] { "18:29:40", "18:30:10", "18:59:30", last, "19:00:00", "19:00:30" }.Select(At);
        var closed = times.Select(now => readerHours.ClosedUntil(plan, "Europe/Berlin", now)).ToList();

        Assert.That(closed, Is.EqualTo(new DateTimeOffset?[] { null, null, null, null, At("07:00:00").AddDays(1), At("07:00:00").AddDays(1) }));
    }

    [Test]
    public void A_zone_opens_at_its_time()
    {
        var readerHours = new ReaderHours();
        var plan = new SendingPlan([]) { Hours = SendingHours.Read("08:00-20:00")!, HoursOfReader = true };

        var closed = new[] { "06:59:59", "07:00:00" }.Select(now => readerHours.ClosedUntil(plan, "Europe/Berlin", At(now))).ToList();

        Assert.That(closed, Is.EqualTo(new DateTimeOffset?[] { At("07:00:00"), null }));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-12-01T{time}Z", CultureInfo.InvariantCulture);
}
