using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class ThresholdsTests
{
    private static readonly Thresholds Usual = new(0.05, 0.003, 200);

    [TestCase(190, 10, 0, 0, null)] // just five in a hundred
    [TestCase(189, 11, 0, 0, "bounces")]
    [TestCase(191, 9, 2, 0, "bounces")] // what comes back later counts as what the relay refuses at once
    [TestCase(100, 99, 0, 0, null)] // 199 settled: too few to say
    [TestCase(200, 0, 0, 1, null)] // one complaint is a slip of a finger
    [TestCase(200, 0, 0, 2, "complaints")]
    [TestCase(700, 0, 0, 2, null)] // two in 700 are less than three in a thousand
    [TestCase(200, 20, 0, 5, "complaints")] // the worse of two
    public void An_edition_stops_at_more_than_a_share_of_enough(long sent, long failed, long bounced, long complained, string? kind) =>
        Assert.That(Usual.Look(new(Waiting: 1000, Sent: sent, Failed: failed), new(failed, bounced, complained), "")?.Kind, Is.EqualTo(kind));

    [Test]
    public void It_says_what_was_seen_and_which_setting_says_so() =>
        Assert.That(Usual.Look(new(Sent: 188, Failed: 12), CameBack.Nothing, "")!.Words, Is.EqualTo("12 of 200 letters failed or came back (6.0 %), more than 5 % (Sending:PauseAtBounces)"));

    [Test]
    public void What_has_stopped_it_once_does_not_again_and_the_other_still_may() => Assert.That(new[]
    {
        Usual.Look(new(Sent: 100, Failed: 100), new(100, 0, 0), "bounces"), Usual.Look(new(Sent: 100, Failed: 100), new(100, 0, 9), "bounces"),
    }.Select(alarm => alarm?.Kind), Is.EqualTo(new[] { null, "complaints" }));

    [Test]
    public void Nought_is_no_limit() => Assert.That(Thresholds.None.Look(new(Failed: 1000), new(1000, 0, 1000), ""), Is.Null);

    [Test]
    public void Where_it_is_calm_nothing_can_follow()
    {
        for (var settled = 200; settled < 2000; settled += 100)
            for (var lost = 0; lost < 30; lost++)
                if (Usual.IsCalm(new(lost, 0, 1)))
                    Assert.That(Usual.Look(new(Sent: settled - lost, Failed: lost), new(lost, 0, 1), ""), Is.Null, $"{lost} of {settled}");
    }
}
