using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

public sealed class SlowdownTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [TestCase(SmtpStage.Recipient, 450, "4.7.1 too many messages, slow down", true)]
    [TestCase(SmtpStage.AfterDot, 451, "4.7.0 temporarily deferred", true)]
    [TestCase(SmtpStage.Recipient, 452, "4.5.3 too many recipients", true)]
    [TestCase(SmtpStage.Sender, 421, "4.3.2 too busy", true)]
    [TestCase(SmtpStage.Sender, 454, "4.7.0 temporary authentication failure", true)]
    [TestCase(SmtpStage.Recipient, 450, "4.7.1 Greylisted, try again in 5 minutes", false)]
    [TestCase(SmtpStage.Recipient, 452, "4.2.2 mailbox full", false)]
    [TestCase(SmtpStage.Recipient, 450, "4.2.1 this user gets mail too quickly", false)]
    [TestCase(SmtpStage.Recipient, 451, "4.1.8 the sender's domain does not resolve", false)]
    public void Some_replies_speak_of_all_letters_and_some_of_one(SmtpStage stage, int code, string words, bool isOfAll) =>
        Assert.That(Slowdown.Of(SmtpReplies.Read(stage, code, words), Noon)?.IsOfAll, Is.EqualTo(isOfAll));

    [TestCase(SmtpStage.Recipient, 550, "5.1.1 no such user")]
    [TestCase(SmtpStage.Recipient, 455, "4.3.0 parameters")]
    [TestCase(SmtpStage.AfterDot, 250, "2.0.0 queued, try again in 5 minutes")]
    public void All_others_ask_for_nothing(SmtpStage stage, int code, string words) => Assert.That(Slowdown.Of(SmtpReplies.Read(stage, code, words), Noon), Is.Null);

    [Test]
    public void A_line_that_is_lost_asks_for_nothing() => Assert.That(Slowdown.Of(SmtpReplies.Lost(SmtpStage.Data, "no answer, try again in 5 minutes"), Noon), Is.Null);

    [TestCase("4.7.1 try again in 40 minutes", 40, "later than the rule of retries would have it")]
    [TestCase("4.7.1 try again in 1 minute", 5, "not sooner than that rule")]
    [TestCase("4.7.1 try again in 20 hours", 600, "and once more before it is given up")]
    public void A_letter_is_due_again_when_the_server_asked_for_it(string words, int minutes, string why)
    {
        var retry = new Retry([TimeSpan.FromMinutes(5)], TimeSpan.FromHours(10));

        var after = AfterAttempt.Of(SmtpReplies.Read(SmtpStage.Recipient, 450, words), 1, Noon, Noon, retry, hold: false);

        Assert.That(after, Is.EqualTo(new AfterAttempt(DeliveryState.Deferred, Noon.AddMinutes(minutes))), why);
    }
}
