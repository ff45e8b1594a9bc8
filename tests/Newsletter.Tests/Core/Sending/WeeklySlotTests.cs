using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class WeeklySlotTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo Toronto = TimeZoneInfo.FindSystemTimeZoneById("America/Toronto");

    [TestCase("Tuesday 08:30", DayOfWeek.Tuesday, 8, 30)]
    [TestCase("tue 8:30", DayOfWeek.Tuesday, 8, 30)]
    [TestCase("  Sunday   00:00 ", DayOfWeek.Sunday, 0, 0)]
    public void A_slot_is_a_day_and_a_time(string text, DayOfWeek day, int hour, int minute) =>
        Assert.That(WeeklySlot.Read(text, Berlin), Is.EqualTo(new WeeklySlot(day, new(hour, minute), Berlin)));

    [TestCase("")]
    [TestCase("Tuesday")]
    [TestCase("T 08:30")]
    [TestCase("Tuesday 24:00")]
    [TestCase("Tuesday 8.30")]
    [TestCase("2 08:30")]
    [TestCase("Tuesday 08:30 Berlin")]
    public void Anything_else_is_none(string text) => Assert.That(WeeklySlot.Read(text, Berlin), Is.Null);

    [Test]
    public void The_local_time_stays_when_the_clocks_change()
    {
        var slot = new WeeklySlot(DayOfWeek.Tuesday, new(8, 30), Toronto);

        var summer = slot.Next(new(2026, 10, 27, 0, 0, 0, TimeSpan.Zero));
        var winter = slot.Next(summer);

        Assert.That(summer, Is.EqualTo(new DateTimeOffset(2026, 10, 27, 12, 30, 0, TimeSpan.Zero)));
        Assert.That(winter, Is.EqualTo(new DateTimeOffset(2026, 11, 3, 13, 30, 0, TimeSpan.Zero)));
    }

    [Test]
    public void A_time_that_the_clocks_skip_is_the_first_minute_after() =>
        Assert.That(new WeeklySlot(DayOfWeek.Sunday, new(2, 30), Berlin).Next(new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero)),
            Is.EqualTo(new DateTimeOffset(2026, 3, 29, 3, 0, 0, TimeSpan.FromHours(2))));

    [Test]
    public void A_time_that_the_clocks_repeat_comes_round_once_at_its_first_passing()
    {
        var slot = new WeeklySlot(DayOfWeek.Sunday, new(2, 30), Berlin);

        var first = slot.Next(new(2026, 10, 24, 12, 0, 0, TimeSpan.Zero));

        Assert.That(first, Is.EqualTo(new DateTimeOffset(2026, 10, 25, 2, 30, 0, TimeSpan.FromHours(2))));
        Assert.That(slot.Next(first), Is.EqualTo(new DateTimeOffset(2026, 11, 1, 2, 30, 0, TimeSpan.FromHours(1))));
    }

    [Test]
    public void The_slot_after_a_passing_is_a_week_later_and_never_the_same([Values("Europe/Berlin", "America/Toronto", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Etc/UTC")] string zone,
        [Values(0, 2, 8, 23)] int hour)
    {
        var slot = new WeeklySlot(DayOfWeek.Sunday, new(hour, 30), TimeZoneInfo.FindSystemTimeZoneById(zone));
        var passings = new List<DateTimeOffset> { slot.Next(new(2025, 12, 30, 0, 0, 0, TimeSpan.Zero)) };

        while (passings.Count < 110)
            passings.Add(slot.Next(passings[^1]));

        Assert.That(passings.Zip(passings.Skip(1), (a, b) => (b - a).TotalHours), Has.All.InRange(166, 170));
        Assert.That(passings.Select(passing => TimeZoneInfo.ConvertTime(passing, slot.Zone).DayOfWeek), Has.All.EqualTo(DayOfWeek.Sunday));
    }
}
