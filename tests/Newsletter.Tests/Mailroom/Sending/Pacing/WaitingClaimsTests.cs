using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending.Pacing;

public sealed class WaitingClaimsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Who_has_to_wait_for_seconds_is_kept_at_hand_and_who_has_to_wait_longer_goes_back_with_a_time()
    {
        var waiting = new WaitingClaims();
        waiting.Add(Held(1), Noon.AddSeconds(4), () => Noon.AddHours(1), Noon);
        waiting.Add(Held(2), Noon.AddSeconds(1), () => Noon.AddHours(1), Noon);
        waiting.Add(Held(3), Noon.AddSeconds(6), () => Noon.AddSeconds(7), Noon);

        Assert.That(Ids(waiting.TakeReady(Noon)), Is.Empty);
        Assert.That(Ids(waiting.TakeReady(Noon.AddSeconds(4))), Is.EqualTo([2L, 1L]));
        Assert.That(waiting.TakePutOff().Select(one => (one.Claim.Id.Subscriber.Value, one.Due)), Is.EqualTo([(3L, Noon.AddSeconds(7))]));
        Assert.That(waiting.TakePutOff(), Is.Empty);
    }

    [Test]
    public void There_is_room_for_200_and_all_others_go_back()
    {
        var waiting = new WaitingClaims();

        for (var i = 0; i < 1000; i++)
            waiting.Add(Held(i), Noon.AddSeconds(1), () => Noon.AddSeconds(1), Noon);

        Assert.That((waiting.TakePutOff().Count, waiting.Close().Count), Is.EqualTo((800, 200)));
    }

    [Test]
    public void A_run_that_is_at_its_end_keeps_nothing_at_hand()
    {
        var waiting = new WaitingClaims();
        waiting.Add(Held(1), Noon.AddSeconds(1), () => Noon.AddSeconds(1), Noon);
        var first = waiting.TryClose();
        waiting.TakeReady(Noon.AddSeconds(1));
        var second = waiting.TryClose();

        waiting.Add(Held(2), Noon.AddSeconds(2), () => Noon.AddSeconds(2), Noon);

        Assert.That((first, second, waiting.TakePutOff().Count), Is.EqualTo((false, true, 1)));
    }

    [Test]
    public void A_clock_that_is_set_back_keeps_nobody()
    {
        var waiting = new WaitingClaims();
        waiting.Add(Held(1), Noon.AddSeconds(1), () => Noon, Noon);

        Assert.That(waiting.TakeReady(Noon.AddHours(-1)), Has.Count.EqualTo(1));
    }

    private static HeldClaim Held(long subscriber) => new(new(new(new(1), new(subscriber)), 1, 1, "reader@example.com", "", new Dictionary<string, string>()), Noon);

    private static IEnumerable<long> Ids(IEnumerable<HeldClaim> held) => held.Select(one => one.Claim.Id.Subscriber.Value);
}
