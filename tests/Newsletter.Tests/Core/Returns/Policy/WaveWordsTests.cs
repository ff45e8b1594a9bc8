using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns.Policy;

public sealed class WaveWordsTests
{
    [TestCase("550 5.1.1 <ann@readers.example>: Recipient address rejected: User unknown", "550 5.1.1 <bob@readers.example>: Recipient address rejected: User unknown")]
    [TestCase("550-5.1.1 https://support.example/?p=NoSuchUser a640c23a62f3a-x5b.12 - gsmtp", "550-5.1.1 https://support.example/?p=NoSuchUser 98c5ab12-7ce.99 - gsmtp")]
    [TestCase("Blocked, see http://spamcop.example/bl.shtml?192.0.2.7", "Blocked, see http://spamcop.example/bl.shtml?198.51.100.3")]
    [TestCase("451 try again in 300 seconds (mx3.host.example)", "451 try again in 42 seconds (mx11.host.example)")]
    public void What_differs_from_letter_to_letter_is_made_alike(string one, string other) =>
        Assert.That(WaveWords.Alike(one), Is.EqualTo(WaveWords.Alike(other)));

    [Test]
    public void Other_words_stay_apart() =>
        Assert.That(WaveWords.Alike("550 5.1.1 User unknown"), Is.Not.EqualTo(WaveWords.Alike("550 5.1.1 Mailbox disabled")));

    [Test]
    public void A_readers_name_without_the_domain_goes_as_well() =>
        Assert.That(WaveWords.Alike("550 ann: no such user", EmailAddress.Read("Ann@readers.example")), Is.EqualTo("# @ no such user"));

    [Test]
    public void The_key_is_the_phrase_where_there_is_one_so_that_reports_and_replies_are_one_wave() =>
        Assert.That(WaveWords.KeyOf(Verdict("user unknown"), "550 5.1.1 <a@b.example>: user unknown", null), Is.EqualTo(WaveWords.KeyOf(Verdict("user unknown"), "Diagnostic-Code: smtp; 550 user unknown", null)).And.EqualTo("user-unknown: user unknown"));

    [Test]
    public void Without_a_phrase_it_is_all_of_the_words() =>
        Assert.That(WaveWords.KeyOf(Verdict("5.1.1"), "550 5.1.1 nope", null), Is.EqualTo("user-unknown: # nope"));

    [Test]
    public void Hostile_words_are_bounded() =>
        Assert.That(WaveWords.Alike(string.Concat(Enumerable.Repeat("word\u0007 ", 100_000))), Has.Length.LessThanOrEqualTo(200).And.Matches("^[a-z ]+$"));

    [TestCase("part 2 (message/delivery-status), line 8: Action: failed; Status: 5.7.1; smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org", "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org")]
    [TestCase("part 2 (message/delivery-status), line 8: Action: failed; Status: 5.1.1;", "Action: failed; Status: 5.1.1;")]
    [TestCase("part 1 (text/plain), line 12: 550 5.1.1 User unknown", "550 5.1.1 User unknown")]
    [TestCase("550 5.1.1 <Ann@readers.example>: Ann, user=bob@x.example: see https://support.example/?p=NoSuchUser&a=Ann", "550 5.1.1 (address) (address) (address) see https://support.example/…")]
    public void For_a_person_one_answer_stands_as_the_server_gave_it_and_names_nobody(string evidence, string expected) =>
        Assert.That(WaveWords.Answer(evidence, EmailAddress.Read("ann@readers.example")), Is.EqualTo(expected));

    [Test]
    public void A_hostile_answer_is_bounded() =>
        Assert.That(WaveWords.Answer(string.Concat(Enumerable.Repeat("word\u0007 ", 100_000)), null), Has.Length.LessThanOrEqualTo(200).And.Matches("^[a-z …]+$"));

    private static BounceVerdict Verdict(string words) => new(BounceReason.UserUnknown, Permanence.Permanent, words);
}
