using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class AfterAttemptTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SmtpOutcome Greylisted = new SmtpOutcome.Deferred(450, "4.7.1", "greylisted", SmtpScope.Recipient);

    [Test]
    public void What_the_relay_accepted_is_sent() => Assert.That(After(new SmtpOutcome.Accepted("250 ok")).State, Is.EqualTo(DeliveryState.Sent));

    [Test]
    public void A_refused_address_has_failed() => Assert.That(After(new SmtpOutcome.Rejected(550, "5.1.1", "unknown")).State, Is.EqualTo(DeliveryState.Failed));

    [Test]
    public void A_refusal_about_us_leaves_the_reader_waiting() =>
        Assert.That(After(new SmtpOutcome.Refused(535, null, "bad password", SmtpScope.Relay)), Is.EqualTo(new AfterAttempt(DeliveryState.Waiting, Start)));

    [TestCase(1, 5)]
    [TestCase(2, 15)]
    [TestCase(7, 480)]
    [TestCase(9, 480)]
    public void A_deferred_letter_waits_longer_each_time(int attempt, int minutes) =>
        Assert.That(After(Greylisted, attempt), Is.EqualTo(new AfterAttempt(DeliveryState.Deferred, Start.AddMinutes(minutes))));

    [Test]
    public void After_three_days_a_deferred_letter_has_failed() =>
        Assert.That(AfterAttempt.Of(Greylisted, 12, Start, Start.AddDays(3), Retry.Usual, hold: false).State, Is.EqualTo(DeliveryState.Failed));

    [Test]
    public void A_relay_that_is_away_is_tried_again_in_half_a_minute() =>
        Assert.That(After(new SmtpOutcome.Deferred(null, null, "connection refused", SmtpScope.Relay), 6), Is.EqualTo(new AfterAttempt(DeliveryState.Deferred, Start.AddSeconds(30))));

    [Test]
    public void In_doubt_goes_again_or_is_held_as_the_editor_chose()
    {
        var doubt = new SmtpOutcome.InDoubt("the line was lost");

        var again = AfterAttempt.Of(doubt, 1, Start, Start, Retry.Usual, hold: false);
        var held = AfterAttempt.Of(doubt, 1, Start, Start, Retry.Usual, hold: true);

        Assert.That((again.State, held.State), Is.EqualTo((DeliveryState.Deferred, DeliveryState.InDoubt)));
    }

    private static AfterAttempt After(SmtpOutcome outcome, int attempt = 1) => AfterAttempt.Of(outcome, attempt, Start, Start, Retry.Usual, hold: false);
}
