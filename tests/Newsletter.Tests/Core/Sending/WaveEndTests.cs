using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class WaveEndTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    [Test]
    public void A_wave_is_not_out_while_a_letter_was_not_tried_or_all_may_still_come() => Assert.That(new[]
    {
        WaveEnd.OfSeed(new(Waiting: 1, Sent: 5), Hold, Noon), WaveEnd.OfSeed(new(Claimed: 1, Sent: 5), Hold, Noon), WaveEnd.OfSeed(new(Deferred: 2, Failed: 3), Hold, Noon),
    }, Has.All.Null);

    [Test]
    public void One_that_was_accepted_is_enough_to_look_at_and_the_others_may_come_later() =>
        Assert.That(WaveEnd.OfSeed(new(Sent: 1, Deferred: 1), Hold, Noon)?.GoesOnAt, Is.EqualTo(Noon + Hold));

    [Test]
    public void Without_a_hold_or_with_nothing_to_look_at_it_goes_on_by_a_persons_word_alone() => Assert.That(new[]
    {
        WaveEnd.OfSeed(new(Sent: 1), null, Noon), WaveEnd.OfSeed(new(Failed: 1), Hold, Noon), WaveEnd.OfSeed(new(InDoubt: 1), Hold, Noon), WaveEnd.OfSeed(new(), Hold, Noon),
    }.Select(end => end!.GoesOnAt), Has.All.Null);
}
