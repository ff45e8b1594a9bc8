using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns.Policy;

public sealed class BouncePolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly BouncePolicy Policy = BouncePolicy.Usual;
    private static readonly BounceVerdict Full = new(BounceReason.MailboxFull, Permanence.Transient, "mailbox is full");
    private static readonly BounceVerdict Dead = new(BounceReason.UserUnknown, Permanence.Permanent, "no such user");
    private static readonly BounceVerdict Listed = new(BounceReason.Blocked, Permanence.Transient, "listed at spamcop");

    [TestCase(BounceReason.UserUnknown, Permanence.Permanent, Confidence.High, true)]
    [TestCase(BounceReason.UserUnknown, Permanence.Permanent, Confidence.Medium, true)]
    [TestCase(BounceReason.HostUnknown, Permanence.Permanent, Confidence.Medium, true)]
    [TestCase(BounceReason.Moved, Permanence.Permanent, Confidence.Medium, true)]
    [TestCase(BounceReason.UserUnknown, Permanence.Permanent, Confidence.Low, false)]
    [TestCase(BounceReason.UserUnknown, Permanence.Transient, Confidence.High, false)]
    [TestCase(BounceReason.Suspended, Permanence.Unknown, Confidence.High, false)]
    [TestCase(BounceReason.Other, Permanence.Unknown, Confidence.Low, false)]
    public void Only_sure_words_about_the_address_suspend_at_once(BounceReason reason, Permanence permanence, Confidence confidence, bool atOnce)
    {
        var bounce = Event(0, new(reason, permanence, "words") { Confidence = confidence });

        Assert.That(Policy.Judge(bounce, History(bounce), Now) is Judgement.Suspend, Is.EqualTo(atOnce));
    }

    [TestCase(1, typeof(Judgement.Count))]
    [TestCase(2, typeof(Judgement.Count))]
    [TestCase(3, typeof(Judgement.Warn))]
    [TestCase(4, typeof(Judgement.Warn))]
    [TestCase(5, typeof(Judgement.Probe))]
    public void Of_weekly_full_mailboxes_the_third_warns_and_the_fifth_asks(int bounces, Type expected)
    {
        var events = Weekly(bounces, Full);

        Assert.That(Policy.Judge(events[^1], History(events), Now), Is.TypeOf(expected));
    }

    [Test]
    public void Without_probes_the_score_suspends_and_says_by_what()
    {
        var events = Weekly(5, Full);

        Assert.That((Policy with { Probes = false }).Judge(events[^1], History(events), Now), Is.EqualTo(new Judgement.Suspend("bounce score 4.5 of 5 bounces")));
    }

    [Test]
    public void A_holiday_of_a_daily_letters_reader_suspends_nobody()
    {
        BounceEvent[] events = [.. Enumerable.Range(0, 13).Select(day => Event(12 - day, Full))];

        Assert.That(Policy.Judge(events[^1], History(events), Now), Is.EqualTo(new Judgement.Warn("score 12.42 of 13 bounces, all within 12 days; suspends after 14 at the earliest")));
    }

    [Test]
    public void Time_halves_a_bounce_in_its_half_life()
    {
        var score = Policy.Score(History(Event(90, Full), Event(180, Full)), Now);

        Assert.That(score.Lines.Select(line => line.Now), Is.EqualTo(new[] { 0.5, 0.25 }).Within(1e-9));
    }

    [TestCase(LifeSign.LetterStayed, 0.5)]
    [TestCase(LifeSign.ProbeStayed, 0.5)]
    [TestCase(LifeSign.Answered, 0)]
    public void A_sign_of_life_lowers_what_came_before_it_and_nothing_after(LifeSign sign, double left)
    {
        var history = History(Event(2, Full), Event(0, Full)) with { Signs = [new(Now.AddDays(-1), sign)] };

        var score = Policy.Score(history, Now);

        Assert.That(score.Lines[0].Now / Math.Pow(0.5, 2 / 90.0), Is.EqualTo(left).Within(1e-9));
        Assert.That(score.Lines[1].Now, Is.EqualTo(1));
    }

    [TestCase(BounceReason.Blocked, "blocked")]
    [TestCase(BounceReason.Policy, "policy")]
    [TestCase(BounceReason.ContentRejected, "content-rejected")]
    [TestCase(BounceReason.RateLimited, "rate-limited")]
    [TestCase(BounceReason.Protocol, "protocol")]
    [TestCase(BounceReason.Size, "size")]
    public void A_refusal_about_us_weighs_nothing_however_often_and_surely_it_comes(BounceReason reason, string word)
    {
        var events = Weekly(40, new(reason, Permanence.Permanent, "no") { Confidence = Confidence.High });

        Assert.That(Policy.Judge(events[^1], History(events), Now), Is.EqualTo(new Judgement.Nothing($"the refusal is about us: {word}")));
        Assert.That(Policy.Score(History(events), Now).Value, Is.Zero);
    }

    [Test]
    public void A_refusal_about_us_between_two_full_mailboxes_changes_nothing_of_their_score() =>
        Assert.That(Policy.Score(History(Event(14, Full), Event(7, Listed), Event(0, Full)), Now).Value, Is.EqualTo(Policy.Score(History(Event(14, Full), Event(0, Full)), Now).Value));

    [Test]
    public void What_came_before_the_subscription_was_taken_up_again_does_not_count()
    {
        var events = Weekly(6, Full);

        Assert.That(Policy.Judge(events[^1], History(events) with { BackSince = Now.AddDays(-1) }, Now), Is.EqualTo(new Judgement.Count("score 1.0 of 1 bounce")));
    }

    [Test]
    public void An_incidents_bounces_do_nothing_until_it_is_accepted()
    {
        var bounce = Event(0, Dead) with { Incident = 3, IsExcused = true };

        Assert.That(Policy.Judge(bounce, History(bounce), Now), Is.EqualTo(new Judgement.Nothing("kept under incident 3")));
        Assert.That(Policy.Judge(bounce with { IsExcused = false }, History(bounce), Now), Is.TypeOf<Judgement.Suspend>());
    }

    [Test]
    public void A_reader_is_probed_once_in_a_month()
    {
        var events = Weekly(6, Full);

        Assert.That(Policy.Judge(events[^1], History(events) with { ProbedAt = Now.AddDays(-29) }, Now), Is.TypeOf<Judgement.Warn>());
        Assert.That(Policy.Judge(events[^1], History(events) with { ProbedAt = Now.AddDays(-30) }, Now), Is.TypeOf<Judgement.Probe>());
    }

    [TestCase(BounceReason.MailboxFull, Permanence.Transient, 1)]
    [TestCase(BounceReason.Suspended, Permanence.Unknown, 1.5)]
    [TestCase(BounceReason.Other, Permanence.Unknown, 1)]
    [TestCase(BounceReason.Other, Permanence.Transient, 0.5)]
    [TestCase(BounceReason.Network, Permanence.Transient, 0.5)]
    [TestCase(BounceReason.System, Permanence.Transient, 0.5)]
    [TestCase(BounceReason.Filtered, Permanence.Transient, 0.5)]
    [TestCase(BounceReason.HostUnknown, Permanence.Transient, 1)]
    [TestCase(BounceReason.UserUnknown, Permanence.Transient, 1)]
    [TestCase(BounceReason.UserUnknown, Permanence.Permanent, 2)]
    [TestCase(BounceReason.RateLimited, Permanence.Transient, 0)]
    [TestCase(BounceReason.Size, Permanence.Permanent, 0)]
    public void Each_reason_has_its_weight(BounceReason reason, Permanence permanence, double weight) =>
        Assert.That(Policy.WeightOf(new(reason, permanence, "")), Is.EqualTo(weight));

    [Test]
    public void A_weight_can_be_set_but_not_for_what_is_about_us()
    {
        var policy = Policy with { Weights = Enum.GetValues<BounceReason>().ToDictionary(reason => reason, _ => 5.0) };

        Assert.That(Enum.GetValues<BounceReason>().Where(reason => policy.WeightOf(new(reason, Permanence.Transient, "")) == 0),
            Is.EquivalentTo([BounceReason.Blocked, BounceReason.Policy, BounceReason.ContentRejected, BounceReason.RateLimited, BounceReason.Protocol, BounceReason.Size]));
        Assert.That(policy.WeightOf(Full), Is.EqualTo(5));
    }

    [Test]
    public void The_arithmetic_can_be_read()
    {
        var history = History(Event(27, Full), Event(14, Listed), Event(6, Full)) with { Signs = [new(Now.AddDays(-14), LifeSign.LetterStayed)] };

        Assert.That(Policy.Score(history, Now).Lines.Select(line => line.Words), Is.EqualTo(new[]
        {
            "2026-11-03 mailbox-full 1.0, now 0.41 (×0.5: a letter stayed since)",
            "2026-11-16 blocked 0.0, now 0.0 (about us, not the reader)",
            "2026-11-24 mailbox-full 1.0, now 0.95",
        }));
    }

    private static BounceEvent[] Weekly(int count, BounceVerdict verdict) => [.. Enumerable.Range(0, count).Select(week => Event(7 * (count - 1 - week), verdict))];

    private static BounceEvent Event(double daysAgo, BounceVerdict verdict) => new(new EditionId((long)(1000 - daysAgo)), Now.AddDays(-daysAgo), verdict, "452 4.2.2 full");

    private static ReaderHistory History(params BounceEvent[] bounces) => new(bounces, []);
}
