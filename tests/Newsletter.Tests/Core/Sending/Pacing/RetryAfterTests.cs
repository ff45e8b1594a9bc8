using CsCheck;
using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending.Pacing;

/// <summary>Replies in the manner of many servers: how long each asks us to wait.</summary>
public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [TestCase("4.7.1 Please try again in 5 minutes", 300)]
    [TestCase("4.7.1 retry after 300 seconds", 300)]
    [TestCase("4.7.0 too fast, please wait 1h", 3600)]
    [TestCase("4.7.1 <reader@example.com>: Recipient address rejected: Greylisted for 300 seconds (see http://example.com/grey)", 300)]
    [TestCase("4.7.1 Greylisting in action, please come back in 00:04:59", 299)]
    [TestCase("4.7.1 Greylisting in action, please come back in 04:59", 299)]
    [TestCase("Greylisted, try again after 60s", 60)]
    [TestCase("4.3.2 graylisted - please retry in 10 min", 600)]
    [TestCase("4.7.500 Server busy. Please try again later, in 15 mins", 900)]
    [TestCase("4.7.0 Temporary rate limit. Retry-After: 120", 120)]
    [TestCase("4.7.0 throttled (retry=90)", 90)]
    [TestCase("4.7.28 back off for 1 hour and 30 minutes", 5400)]
    [TestCase("4.7.0 please try again in 1h30m", 5400)]
    [TestCase("4.2.1 Try again in an hour", 3600)]
    [TestCase("4.2.1 try again in half an hour", 1800)]
    [TestCase("4.2.1 try again in a few minutes", 300)]
    [TestCase("4.7.0 You must wait at least 2.5 minutes before reconnecting", 150)]
    [TestCase("4.7.0 This address is temporarily blocked for 2 hours", 7200)]
    [TestCase("4.7.0 temporarily deferred for 4 hours due to complaints", 14400)]
    [TestCase("4.5.3 too many recipients, resume in 45 sec.", 45)]
    [TestCase("4.7.1 Your IP is in quarantine; wait 10 minutes, then try again", 600)]
    [TestCase("4.7.1 Bitte versuchen Sie es in 5 Minuten erneut", 300)]
    [TestCase("4.7.1 Erst in 2 Stunden wieder", 7200)]
    [TestCase("4.7.1 Veuillez réessayer dans 10 minutes", 600)]
    [TestCase("4.7.1 Inténtelo de nuevo en 3 horas", 10800)]
    [TestCase("4.7.1 retry in 500 ms", 1)]
    [TestCase("4.7.1 do not send before 2026-05-04T12:20:00Z", 1200)]
    [TestCase("4.7.1 retry after 2026-05-04 14:10:00+02:00", 600)]
    public void A_reply_that_asks_to_wait_is_understood(string words, int seconds) =>
        Assert.That(RetryAfter.Read(words, Noon), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("4.7.1 try again in 90 days")]
    [TestCase("4.7.1 retry after 999999999 seconds")]
    [TestCase("4.2.2 daily quota used up, try again tomorrow")]
    [TestCase("4.7.1 wait 1000000000000 hours")]
    public void No_wait_is_longer_than_a_day(string words) => Assert.That(RetryAfter.Read(words, Noon), Is.Null.Or.EqualTo(TimeSpan.FromHours(24)));

    [TestCase("")]
    [TestCase("4.7.1 Greylisted, please try again later")]
    [TestCase("4.2.2 mailbox full")]
    [TestCase("4.7.0 deferred: 100 messages in 60 seconds is too much")]
    [TestCase("4.7.0 too many connections in the last 10 minutes, try again later")]
    [TestCase("4.2.1 mailbox inactive for 90 days")]
    [TestCase("4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints - 4.16.55.1; see https://example.com/421")]
    [TestCase("4.4.7 will keep trying until the message is 5 days old")]
    [TestCase("4.7.28 rate limited: 20 messages per 1 minute")]
    [TestCase("4.3.2 try again later (in 4.3.2 d)")]
    [TestCase("4.7.1 try again before 2026-05-04T11:00:00Z")]
    [TestCase("4.7.1 try again at 12:30 UTC")]
    public void A_reply_that_names_no_wait_has_none(string words) => Assert.That(RetryAfter.Read(words, Noon), Is.Null);

    [Test]
    public void Any_text_is_read_without_an_exception_and_within_its_bounds() => Gen.String[Gen.Char["0123456789:-. tryagnwminhsdfo"], 0, 1500].Sample(words =>
    {
        var wait = RetryAfter.Read("try again in " + words, Noon);
        Assert.That(wait ?? TimeSpan.FromSeconds(1), Is.InRange(TimeSpan.FromSeconds(1), RetryAfter.Longest));
    }, iter: 2000);
}
