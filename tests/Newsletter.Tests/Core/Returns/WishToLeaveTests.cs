using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns;

public sealed class WishToLeaveTests
{
    private static readonly EmailAddress? Ida = EmailAddress.Read("ida@harbour.example");
    private static readonly MailMarks OfAPerson = new(SenderProof.Unknown, null);

    private static readonly TracedMail Wish =
        new(new ReturnedMail.Unsubscribe(BySealedAddress: false) { Evidence = "text: please remove me" }, DeliveryId.Of(12, 34)) { Marks = OfAPerson };

    [Test]
    public void Where_it_is_sure_who_asks_it_is_done() =>
        Assert.That(WishToLeave.Of(Wish, "Ida@harbour.example", Ida, HumanUnsubscribe.Act), Is.EqualTo(new Consequence.EndSubscription(InWords: true)));

    [Test]
    public void Where_the_editor_decides_it_is_not() => Assert.That(WishToLeave.Of(Wish, "ida@harbour.example", Ida, HumanUnsubscribe.Offer), Is.Null);

    [Test]
    public void From_another_address_it_is_not() => Assert.That(WishToLeave.Of(Wish, "eve@evil.example", Ida, HumanUnsubscribe.Act), Is.Null);

    [Test]
    public void Without_a_seal_it_is_not() => Assert.That(WishToLeave.Of(Wish with { Delivery = null }, "ida@harbour.example", Ida, HumanUnsubscribe.Act), Is.Null);

    [Test]
    public void Of_a_machine_it_is_not() =>
        Assert.That(WishToLeave.Of(Wish with { Marks = OfAPerson with { NoAnswer = "it has a null return path" } }, "ida@harbour.example", Ida, HumanUnsubscribe.Act), Is.Null);

    [Test]
    public void Where_from_is_forged_it_is_not() =>
        Assert.That(WishToLeave.Of(Wish with { Marks = OfAPerson with { Sender = new(ProofLevel.Failed, "fails DMARC") } }, "ida@harbour.example", Ida, HumanUnsubscribe.Act), Is.Null);

    [Test]
    public void A_reply_is_none() =>
        Assert.That(WishToLeave.Of(Wish with { Mail = new ReturnedMail.Reply { Evidence = "x" } }, "ida@harbour.example", Ida, HumanUnsubscribe.Act), Is.Null);

    [TestCase("de-AT", "Sie sind von Field Notes abgemeldet")]
    [TestCase("nn", "Du er avmeldt fra Field Notes")]
    [TestCase("ja-JP", "Field Notes の購読を解除しました")]
    [TestCase("ko", "Field Notes 구독이 해지되었습니다")]
    [TestCase("zh-Hans-CN", "您已退订 Field Notes")]
    [TestCase("xx", "You are unsubscribed from Field Notes")]
    [TestCase("", "You are unsubscribed from Field Notes")]
    public void A_farewell_is_in_the_readers_language(string language, string subject) => Assert.That(FarewellIn(language).Subject, Is.EqualTo(subject));

    [TestCase("en"), TestCase("de"), TestCase("fr"), TestCase("es"), TestCase("it"), TestCase("pt"), TestCase("nl"), TestCase("sv"), TestCase("da")]
    [TestCase("nb"), TestCase("fi"), TestCase("pl"), TestCase("cs"), TestCase("hu"), TestCase("tr"), TestCase("uk"), TestCase("ru"), TestCase("ja"), TestCase("ko"), TestCase("zh")]
    public void Every_farewell_has_the_link_the_name_and_the_days(string language)
    {
        var farewell = FarewellIn(language);

        Assert.That(farewell.Text, Does.Contain("\nhttps://news.example.org/back/x\n").And.Contain("Field Notes").And.Contain("7 ").And.Not.Contain("{"));
        Assert.That(farewell.Subject, Does.Contain("Field Notes").And.Not.Contain("{"));
        Assert.That(language == "en" || farewell != FarewellIn("en"));
    }

    [TestCase(ProofLevel.Unknown, "impostor", "it names your own address as its sender, and nothing proves it")]
    [TestCase(ProofLevel.Unproven, "impostor", "it names your own address as its sender: words")]
    [TestCase(ProofLevel.Failed, "impostor", "it names your own address as its sender: words")]
    [TestCase(ProofLevel.Proven, "proven", "words")]
    public void Whoever_writes_as_the_editor_and_proves_nothing_is_called_out(ProofLevel level, string word, string words) =>
        Assert.That(ReplySender.Of(new(level, level is ProofLevel.Unknown ? "" : "words"), "Editor@example.org", [EmailAddress.Read("editor@example.org")!]), Is.EqualTo(new ReplySender(word, words)));

    [TestCase(ProofLevel.Unknown, "")]
    [TestCase(ProofLevel.Unproven, "unproven")]
    public void Of_another_the_proof_is_told_as_it_is(ProofLevel level, string word) =>
        Assert.That(ReplySender.Of(new(level, ""), "ida@harbour.example", [EmailAddress.Read("editor@example.org")!]).Word, Is.EqualTo(word));

    private static Farewell FarewellIn(string language) => Farewell.In([language, ""], "Field Notes", "https://news.example.org/back/x", TimeSpan.FromDays(7));
}
