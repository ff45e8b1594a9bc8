using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Core.Subscribers;

public sealed class ConsentProofTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Publication Publication = new() { Name = "Field Notes & Co", FromAddress = "editor@example.org" };
    private static readonly Wording Words = new("main", "en", "Subscribe\nYes, send <it>.");

    [Test]
    public void One_page_shows_words_times_places_and_history()
    {
        var html = ConsentProof.Html(Publication, Ida("ida@harbour.example"), [Consent(Noon.AddHours(1))], [new(null, new(SubscriptionState.Pending, "asked for", Actor.Reader, Noon, "sign-up 7"))], Noon.AddDays(9));

        Assert.That(html, Does.Contain("Field Notes &amp; Co").And.Contain("Subscribe\nYes, send &lt;it&gt;.").And.Contain(Words.Hash).And.Contain("2026-05-04T12:00:00.000Z from 192.0.2.7 with Browser/1.0"));
        Assert.That(html, Does.Contain("2026-05-04T13:00:00.000Z from not kept with Phone/2").And.Contain("new → pending, by reader: asked for sign-up 7"));
    }

    [Test]
    public void What_was_not_confirmed_and_who_never_used_a_form_is_said_so()
    {
        Assert.That(Consent(null).Facts.Last().Value, Is.EqualTo("not confirmed (waiting)"));
        Assert.That(ConsentProof.Html(Publication, Ida("ida@harbour.example"), [], [], Noon), Does.Contain("No sign-up of this address by a form is known."));
    }

    [Test]
    public void What_strangers_wrote_is_only_text()
    {
        var html = ConsentProof.Html(Publication, Ida("ida'&`@harbour.example"), [Consent(Noon) with { AskedAgent = "</td><script>alert(1)</script>", Topics = ["<img src=x>"] }], [], Noon);

        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("<img").And.Not.Contain("'&`"));
    }

    private static Subscriber Ida(string address) => new(new(1), new(EmailAddress.Read(address)!) { Source = "form main" }, SubscriptionState.Active, Noon, Noon);

    private static Consent Consent(DateTimeOffset? confirmed) => new(
        7, "Ida@harbour.example", Words, Noon.AddDays(-9), confirmed is null ? SignUpState.Waiting : SignUpState.Confirmed, Noon, "192.0.2.7", "Browser/1.0", ["Tides"], 1, Noon, confirmed, "", confirmed is null ? "" : "Phone/2");
}
