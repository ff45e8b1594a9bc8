using System.Globalization;
using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class SendingHoursTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // 2026-05-04 is a Monday.
    [TestCase("Mon-Fri 08:00-20:00", "2026-05-04T10:00+02:00", "2026-05-04T10:00+02:00")]
    [TestCase("Mon-Fri 08:00-20:00", "2026-05-04T08:00+02:00", "2026-05-04T08:00+02:00")]
    [TestCase("Mon-Fri 08:00-20:00", "2026-05-04T20:00+02:00", "2026-05-05T08:00+02:00")]
    [TestCase("Mon-Fri 08:00-20:00", "2026-05-08T21:00+02:00", "2026-05-11T08:00+02:00")]
    [TestCase("Mon-Fri 08:00-20:00, Sat-Sun 10:00-16:00", "2026-05-08T21:00+02:00", "2026-05-09T10:00+02:00")]
    [TestCase("Monday 9:00-10:00", "2026-05-04T11:00+02:00", "2026-05-11T09:00+02:00")]
    [TestCase("Fri-Mon 22:00-06:00", "2026-05-05T05:59+02:00", "2026-05-05T05:59+02:00")]
    [TestCase("Fri-Mon 22:00-06:00", "2026-05-05T06:00+02:00", "2026-05-08T22:00+02:00")]
    [TestCase("08:00-24:00", "2026-05-04T23:59+02:00", "2026-05-04T23:59+02:00")]
    [TestCase("08:00-24:00", "2026-05-05T00:00+02:00", "2026-05-05T08:00+02:00")]
    [TestCase("Sun 02:30-12:00", "2026-03-29T00:00+01:00", "2026-03-29T03:00+02:00")]
    [TestCase("Sun 08:00-12:00", "2026-10-25T00:00+02:00", "2026-10-25T08:00+01:00")]
    [TestCase("", "2026-05-04T03:00+02:00", "2026-05-04T03:00+02:00")]
    public void Letters_leave_in_the_hours_of_the_zone_or_at_the_next_of_them(string hours, string now, string next) =>
        Assert.That(SendingHours.Read(hours)!.Next(At(now), Berlin), Is.EqualTo(At(next)));

    [TestCase("whenever")]
    [TestCase("Mon-Fri")]
    [TestCase("Mon-Fri 08:00")]
    [TestCase("Mon-Fri 08:00-08:00")]
    [TestCase("Mon-Fri 08:00-25:00")]
    [TestCase("Mon-Fry 08:00-20:00")]
    [TestCase("Mon 08:00-20:00, nothing")]
    [TestCase("24:00-08:00")]
    public void Anything_else_is_none(string text) => Assert.That(SendingHours.Read(text), Is.Null);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
