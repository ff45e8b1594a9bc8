using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class BreakerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Two_failures_leave_it_closed_the_third_in_a_row_opens_it_for_two_seconds()
    {
        var breaker = new Breaker();
        breaker.Failed(Noon);
        breaker.Failed(Noon);
        breaker.Succeeded();
        breaker.Failed(Noon);
        breaker.Failed(Noon);
        var before = breaker.TryPass(Noon, out _);

        breaker.Failed(Noon);

        Assert.That((before, breaker.TryPass(Noon.AddSeconds(1.9), out var until), until), Is.EqualTo((true, false, Noon.AddSeconds(2))));
        Assert.That(breaker.TryPass(Noon.AddSeconds(2), out _), Is.True);
    }

    [Test]
    public void Half_open_it_lets_one_through_and_what_becomes_of_that_one_decides()
    {
        var breaker = Opened();
        var now = Noon.AddSeconds(2);

        var passed = Enumerable.Range(0, 8).Count(i => breaker.TryPass(now, out _));
        breaker.Failed(now);
        var again = breaker.TryPass(now.AddSeconds(3.9), out _);
        breaker.TryPass(now.AddSeconds(4), out _);
        breaker.Succeeded();

        Assert.That((passed, again), Is.EqualTo((1, false)));
        Assert.That(Enumerable.Range(0, 8).Count(i => breaker.TryPass(now.AddSeconds(4), out _)), Is.EqualTo(8));
    }

    [Test]
    public void The_waits_double_up_to_a_minute()
    {
        var breaker = Opened();
        var now = Noon;
        var waits = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            waits.Add((breaker.OpenUntil!.Value - now).TotalSeconds);
            breaker.TryPass(now = breaker.OpenUntil.Value, out _);
            breaker.Failed(now);
        }

        Assert.That(waits, Is.EqualTo([2, 4, 8, 16, 32, 60, 60, 60]));
    }

    [Test]
    public void Answers_to_letters_that_were_under_way_when_it_opened_do_not_lengthen_the_wait()
    {
        var breaker = Opened();

        for (var i = 0; i < 20; i++)
            breaker.Failed(Noon.AddSeconds(1));

        Assert.That(breaker.OpenUntil, Is.EqualTo(Noon.AddSeconds(2)));
    }

    [Test]
    public void A_relay_that_refuses_us_is_out_for_five_minutes_at_once_and_up_to_an_hour()
    {
        var breaker = new Breaker();
        breaker.Refused(Noon);
        var first = breaker.OpenUntil;
        var now = first!.Value;
        for (var i = 0; i < 10; i++)
        {
            breaker.TryPass(now = breaker.OpenUntil!.Value, out _);
            breaker.Refused(now);
        }

        Assert.That((first, breaker.OpenUntil - now, breaker.IsRefused), Is.EqualTo((Noon.AddMinutes(5), TimeSpan.FromHours(1), true)));
    }

    [Test]
    public void One_that_did_not_try_leaves_the_try_to_another()
    {
        var breaker = Opened();
        breaker.TryPass(Noon.AddSeconds(2), out _);

        breaker.GiveBack();

        Assert.That(breaker.TryPass(Noon.AddSeconds(2), out _), Is.True);
    }

    [Test]
    public void A_clock_that_is_set_back_lengthens_the_wait_by_no_more_than_itself()
    {
        var breaker = Opened();

        breaker.TryPass(Noon.AddHours(-1), out var until);

        Assert.That(until, Is.EqualTo(Noon.AddHours(-1).AddSeconds(2)));
    }

    private static Breaker Opened()
    {
        var breaker = new Breaker();
        for (var i = 0; i < Breaker.Most; i++)
            breaker.Failed(Noon);
        return breaker;
    }
}
