using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class SendingPaceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [TestCase(600, 60, 1200, "10 a second, 2 min 0 s left at this pace")]
    [TestCase(30, 60, 60, "30 a minute, 2 min 0 s left at this pace")]
    [TestCase(5, 0.1, 10, "5 a second, 2 s left at this pace")]
    [TestCase(600, 60, 0, "10 a second")]
    [TestCase(0, 60, 10, "none sent in the last minute")]
    public void It_says_how_fast_and_how_long_those_that_wait_take(int settled, double seconds, int waiting, string words) =>
        Assert.That(new SendingPace(settled, TimeSpan.FromSeconds(seconds)).Words(new(Waiting: waiting / 2, Claimed: waiting - waiting / 2, Deferred: 1000)), Is.EqualTo(words));

    [Test]
    public void It_is_that_of_the_last_minute_or_of_the_time_since_it_began_to_run_last() =>
        Assert.That(new[] { SendingPace.Since(Running, Noon.AddSeconds(20)), SendingPace.Since(Running, Noon.AddHours(1)) }, Is.EqualTo(new[] { Noon, Noon.AddMinutes(59) }));

    /// <summary>Seen: 0 seconds in status --json as long as an edition ran.</summary>
    [Test]
    public void An_edition_that_runs_has_taken_the_time_until_now_and_one_that_ended_until_then() => Assert.That(new[]
    {
        Running.Took(Noon.AddSeconds(20)), (Running with { State = EditionState.Complete, CompletedAt = Noon.AddSeconds(9) }).Took(Noon.AddSeconds(20)),
        (Running with { State = EditionState.Paused, StateAt = Noon.AddSeconds(5) }).Took(Noon.AddSeconds(20)), (Running with { State = EditionState.Scheduled, StartedAt = null }).Took(Noon.AddSeconds(20)),
    }.Select(took => took.TotalSeconds), Is.EqualTo(new[] { 20, 9, 5, 0 }));

    private static Edition Running => new(new(1), 1, "0001", "A title", "", EditionState.Running, Noon, "", Noon, Noon, null, 3);
}
