using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

public sealed class BounceRulesTests
{
    [TestCase(550, "5.1.1 <@>: Recipient address rejected: User unknown in virtual mailbox table", BounceReason.UserUnknown, Permanence.Permanent)]
    [TestCase(552, "5.2.2 mailbox full", BounceReason.MailboxFull, Permanence.Transient)]
    [TestCase(550, "5.1.1 mailbox is full", BounceReason.MailboxFull, Permanence.Transient)]
    [TestCase(554, "5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example", BounceReason.Blocked, Permanence.Transient)]
    [TestCase(550, "5.7.26 This mail is unauthenticated: DMARC", BounceReason.Policy, Permanence.Transient)]
    [TestCase(550, "5.7.1 Message rejected as spam; user unknown to the filter", BounceReason.ContentRejected, Permanence.Transient)]
    [TestCase(450, "4.1.1 user unknown", BounceReason.UserUnknown, Permanence.Transient)]
    [TestCase(550, "", BounceReason.Other, Permanence.Unknown)]
    [TestCase(550, "5.1.2 ???", BounceReason.HostUnknown, Permanence.Permanent)]
    [TestCase(550, "Unrouteable: all relevant MX records point to non-existent hosts", BounceReason.HostUnknown, Permanence.Permanent)]
    [TestCase(550, "5.4.310 DNS domain gone.example does not exist", BounceReason.HostUnknown, Permanence.Permanent)]
    [TestCase(551, "User not local; please try <ida@harbour.example>", BounceReason.Moved, Permanence.Permanent)]
    [TestCase(552, "5.7.0 Number of messages exceeds the maximum allowed in mailbox", BounceReason.MailboxFull, Permanence.Transient)]
    [TestCase(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", BounceReason.Blocked, Permanence.Transient, Description = "a list's name holds the word spam")]
    [TestCase(552, "5.7.0 This message was blocked because its content presents a potential security issue", BounceReason.ContentRejected, Permanence.Transient)]
    [TestCase(550, "5.7.1 Sender email address rejected by recipient's personal block list", BounceReason.Filtered, Permanence.Transient)]
    [TestCase(451, "4.7.500 Server busy. Please try again later from [192.0.2.1]", BounceReason.RateLimited, Permanence.Transient)]
    [TestCase(525, "5.7.13 Disabled recipient address", BounceReason.Suspended, Permanence.Unknown)]
    [TestCase(553, "sorry, this recipient is not in my validrcptto list (#5.7.1)", BounceReason.UserUnknown, Permanence.Permanent)]
    [TestCase(421, "temporary failure. Command output: scanner: Connection refused", BounceReason.System, Permanence.Transient)]
    public void A_reply_says_why_and_whether_the_address_is_dead(int code, string words, BounceReason reason, Permanence permanence)
    {
        var verdict = BounceRules.OfReply(code, null, words);

        Assert.That((verdict.Reason, verdict.Permanence), Is.EqualTo((reason, permanence)));
    }

    [TestCase("DMARC policy")]
    [TestCase("listed in a block list")]
    [TestCase("spam detected")]
    [TestCase("too many messages from your host")]
    [TestCase("message size exceeds the limit")]
    public void A_refusal_about_us_is_known_as_such(string words) => Assert.That(BounceRules.OfReply(550, null, words).IsAboutSender, Is.True);

    [Test]
    public void Every_reason_has_a_word_that_is_read_back() =>
        Assert.That(Enum.GetValues<BounceReason>().Select(reason => BounceReasons.Read(BounceReasons.WordOf(reason))), Is.EqualTo(Enum.GetValues<BounceReason>()));
}
