using CsCheck;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Core.Subscribers;

public sealed class SignUpSignsTests
{
    private static readonly TimeSpan Quickest = TimeSpan.FromSeconds(3);

    private static SignUpSigns Usual => new(EmailAddress.Read("ida@harbour.example")!) { Filled = TimeSpan.FromSeconds(20) };

    [Test]
    public void A_person_at_a_usual_address_is_not_suspected() => Assert.That(Judge(Usual), Is.EqualTo((0, "", false)));

    [Test]
    public void Each_sign_has_its_weight_and_its_reason()
    {
        Assert.That(Judge(Usual with { IsTrapped = true }), Is.EqualTo((5, "trap", true)));
        Assert.That(Judge(Usual with { Filled = TimeSpan.FromSeconds(2.9) }), Is.EqualTo((3, "filled in too quickly", true)));
        Assert.That(Judge(Usual with { Filled = Quickest }), Is.EqualTo((0, "", false)));
        Assert.That(Judge(Usual with { Filled = null }), Is.EqualTo((1, "time not known", false)));
        Assert.That(Judge(Usual with { IsDisposable = true }), Is.EqualTo((3, "disposable domain", true)));
        Assert.That(Judge(Usual with { HasLink = true }), Is.EqualTo((3, "link in a field", true)));
        Assert.That(Judge(Usual with { HasNoAgent = true, HasNoMail = true }), Is.EqualTo((3, "no mail server, no user agent", true)));
        Assert.That(Judge(Usual, ofNetwork: 10), Is.EqualTo((1, "busy network", false)));
    }

    [TestCase("postmaster", 3)]
    [TestCase("Abuse", 3)]
    [TestCase("noreply+news", 3)]
    [TestCase("info", 1)]
    [TestCase("infoline", 0)]
    public void An_office_is_doubted_and_one_that_reads_no_newsletters_held(string local, int score) =>
        Assert.That(Judge(new(EmailAddress.Read($"{local}@harbour.example")!) { Filled = Quickest }).Score, Is.EqualTo(score));

    [TestCase("mailinator.com", true)]
    [TestCase("a.b.mailinator.com", true)]
    [TestCase("notmailinator.com", false)]
    [TestCase("harbour.example", false)]
    [TestCase("own.example", true)]
    [TestCase("yopmail.com", false)]
    public void Domains_for_an_hour_are_ours_and_the_houses_own(string domain, bool isOne) =>
        Assert.That(new DisposableDomains(["# ours", "", " own.example ", "!yopmail.com"]).Have(domain), Is.EqualTo(isOne));

    [TestCase("ida@gmial.com", "ida@gmail.com")]
    [TestCase("Ida.B@gmai.com", "Ida.B@gmail.com")]
    [TestCase("ida@gmaill.com", "ida@gmail.com")]
    [TestCase("ida@gmail.con", "ida@gmail.com")]
    [TestCase("ida@gmail.co", "ida@gmail.com")]
    [TestCase("ida@hotmial.com", "ida@hotmail.com")]
    [TestCase("ida@t-online.dee", "ida@t-online.de")]
    [TestCase("ida@harbour.con", "ida@harbour.com")]
    [TestCase("ida@gmail.com", null)]
    [TestCase("ida@mail.com", null)]
    [TestCase("ida@gmx.at", null)]
    [TestCase("ida@web.at", null)]
    [TestCase("ida@harbour.example", null)]
    [TestCase("ida@bücher.example", null)]
    public void A_slip_of_the_finger_is_found_and_what_may_be_right_left_alone(string typed, string? meant) =>
        Assert.That(AddressSlip.Of(EmailAddress.Read(typed)!)?.Value, Is.EqualTo(meant));

    [Test]
    public void What_is_suggested_is_no_slip_itself() => Gen.String[Gen.Char["gmailcoyhtdenx.-"], 3, 14].Sample(domain =>
    {
        if (EmailAddress.Read($"ida@{domain}") is { } address && AddressSlip.Of(address) is { } meant)
            Assert.That(AddressSlip.Of(meant), Is.Null, $"{domain}: {meant}");
    });

    private static (int Score, string Reasons, bool IsHeld) Judge(SignUpSigns signs, long ofNetwork = 0) =>
        signs.Judge(Quickest, holdFrom: 3, ofNetwork, many: 10) is var verdict ? (verdict.Score, string.Join(", ", verdict.Reasons), verdict.IsHeld) : default;
}
