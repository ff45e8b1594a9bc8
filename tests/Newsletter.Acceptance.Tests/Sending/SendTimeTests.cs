using System.Globalization;
using Newsletter.Cli;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>The time of <c>schedule --at</c>, on days when the clocks change.</summary>
public sealed class SendTimeTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [TestCase("2026-10-25 02:30", "2026-10-25 00:30")] // it comes twice: the first passing
    [TestCase("2026-10-25 03:00", "2026-10-25 02:00")]
    [TestCase("2026-03-29 02:30", null)] // the clocks skip it: a slip of the person's
    [TestCase("2026-03-29 03:00", "2026-03-29 01:00")]
    public void A_local_time_that_comes_twice_is_its_first_passing_and_one_that_never_comes_is_none(string at, string? utc) =>
        Assert.That(SendTime.Read(at, Berlin, DateTimeOffset.UnixEpoch)?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Is.EqualTo(utc));

    [TestCase("2026-03-29 02:30", "; the clocks of Europe/Berlin skip this time")]
    [TestCase("1969-12-01 08:30", "; this time has passed")]
    [TestCase("tomorrow", "")]
    public void Why_a_time_cannot_be_taken_is_said(string at, string words) => Assert.That(SendTime.Fault(at, Berlin, DateTimeOffset.UnixEpoch), Is.EqualTo(words));
}
