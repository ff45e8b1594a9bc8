using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

public sealed class EnhancedStatusTests
{
    [TestCase("550 5.1.1 no such user", "5.1.1")]
    [TestCase("550-5.7.26 unauthenticated", "5.7.26")]
    [TestCase("Sorry. (#5.1.1)", "5.1.1")]
    [TestCase("it said 5.2.2.", "5.2.2")]
    [TestCase("5.1.0 - Unknown address error 550-'5.7.1 access denied'", "5.7.1")]
    [TestCase("554 5.0.0 failed; 550 5.4.316 expired", "5.4.316")]
    public void A_code_is_found_in_a_servers_words(string words, string code) => Assert.That(EnhancedStatus.Find(words)?.ToString(), Is.EqualTo(code));

    [TestCase("host 5.1.1.20 refused")]
    [TestCase("mx-5.1.1 refused")]
    [TestCase("queue id 45.1.1x")]
    [TestCase("Exim 4.96")]
    [TestCase("v5.1.1")]
    [TestCase("")]
    public void Addresses_names_and_versions_are_no_code(string words) => Assert.That(EnhancedStatus.Find(words), Is.Null);

    [TestCase("5.1.1 (bad address)", "5.1.1")]
    [TestCase(" 4.4.7", "4.4.7")]
    public void A_field_may_carry_a_comment(string field, string code) => Assert.That(EnhancedStatus.Read(field)?.ToString(), Is.EqualTo(code));
}
