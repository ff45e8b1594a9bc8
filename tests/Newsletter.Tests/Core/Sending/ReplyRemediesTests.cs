using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class ReplyRemediesTests
{
    /// <summary>Seen of a server that said "too many messages, try again in 10 minutes": an editor was told to mend SPF.</summary>
    [TestCase(451, "4.7.1")]
    [TestCase(421, "4.7.0")]
    public void Not_now_by_a_policy_is_a_limit_and_nothing_to_mend(int code, string status) =>
        Assert.That(ReplyRemedies.Of(code, status), Does.Contain("limits or greylists us").And.Contain("tried again by itself").And.Not.Contain("SPF"));

    [TestCase(554, "5.7.1", "SPF, DKIM and DMARC")]
    [TestCase(421, "4.7.28", "too much mail at once")]
    [TestCase(452, "4.2.2", "mailbox is full")]
    [TestCase(535, null, "check User and Password")]
    [TestCase(599, "5.9.9", "")]
    public void What_a_server_says_has_its_remedy(int code, string? status, string words) => Assert.That(ReplyRemedies.Of(code, status), words.Length == 0 ? Is.Empty : Does.Contain(words));
}
