using System.Net;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Tests.Core.Addresses;

namespace Newsletter.Tests.Web;

/// <summary>The pages of sign-up: what they say, what they refuse, and that only a POST of their own button does anything.</summary>
public sealed class SignUpPageTests
{
    private SiteHome home = null!;

    [SetUp]
    public async Task Open() => home = await SiteHome.OpenAsync();

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    /// <summary>What scanners of mail do: every link, several times, by whatever method reads, with whatever header says that nobody looks.</summary>
    [Test]
    public async Task A_scanner_that_follows_every_link_of_every_mail_changes_not_one_row_and_one_press_does()
    {
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var links = (await home.MailsAsync()).SelectMany(mail => mail.TextBody!.Split().Where(word => word.StartsWith("https://", StringComparison.Ordinal))).Select(link => new Uri(link).PathAndQuery).ToList();
        var before = await home.DumpAsync();

        string[] ends = ["", "/", "?act=confirm", "?utm_source=scan"];
        (string, string)[] headers = [("X-None", "1"), ("Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("X-Moz", "prefetch"), ("User-Agent", "Mozilla/5.0 (compatible; SafeLinks)"), ("Range", "bytes=0-")];
        foreach (var (method, link, end, (name, value)) in from method in (string[])["GET", "HEAD", "OPTIONS"] from link in links from end in ends from header in headers select (method, link, end, header))
        {
            using var request = new HttpRequestMessage(new(method), link + end);
            request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await home.Client.SendAsync(request);
            Assert.That(answer.StatusCode, Is.EqualTo(method == "OPTIONS" ? HttpStatusCode.MethodNotAllowed : HttpStatusCode.OK));
        }
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
        using var oneClick = await home.PostAsync(links.Single(), null, ("List-Unsubscribe", "One-Click"));
        Assert.That((oneClick.StatusCode, await home.DumpAsync()), Is.EqualTo((HttpStatusCode.BadRequest, before)));

        using var press = await home.ConfirmAsync(links.Single());

        Assert.That(press.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.DumpAsync(), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Looking_at_the_form_changes_nothing()
    {
        var before = await home.DumpAsync();

        foreach (var (method, path) in from method in (string[])["GET", "HEAD"] from path in (string[])["/subscribe", "/subscribe/main", "/subscribe?lang=de", "/subscribe/main?email=ida@harbour.example"] select (method, path))
            Assert.That((await home.Client.SendAsync(new(new(method), path))).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
        Assert.That((await home.Client.GetAsync("/subscribe/none")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task The_page_behind_a_mails_link_is_private_and_holds_nothing_personal()
    {
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var link = (await home.MailsAsync()).Single().Link();

        using var answer = await home.Client.GetAsync(link);

        var page = await answer.Content.ReadAsStringAsync();
        Assert.That(page, Does.Not.Contain("ida").IgnoreCase.And.Not.Contain("harbour").And.Not.Contain("<script"));
        Assert.That(link, Does.Not.Contain("ida").And.Not.Contain("harbour"));
        Assert.That(string.Join(' ', answer.Headers.GetValues("X-Robots-Tag")), Does.Contain("noindex"));
        Assert.That(string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")), Does.StartWith("default-src 'none'").And.Not.Contain("script-src"));
        Assert.That((string.Join(' ', answer.Headers.GetValues("Referrer-Policy")), answer.Headers.Contains("Set-Cookie")), Is.EqualTo(("no-referrer", false)));
    }

    [TestCase("")]
    [TestCase("ida")]
    [TestCase("ida@harbour")]
    [TestCase("Ida <ida@harbour.example>")]
    [TestCase("ida@harbour.example, olof@harbour.example")]
    [TestCase("ida@harbour.example\r\nBcc: olof@harbour.example")]
    [TestCase("ida@[192.0.2.1]")]
    public async Task An_address_that_is_none_is_said_at_its_field_and_nothing_else_is_lost(string address)
    {
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:Forms:0:AskName=true", "SignUp:Forms:0:Topics:0=tides", "Topics:0:Id=tides"]);
        var before = await own.DumpAsync();

        using var answer = await own.AskAsync(address, more: [("name", "Ida \"<b>"), ("topic", "tides")]);

        var page = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(page, Does.Contain("aria-invalid=\"true\" aria-describedby=\"email-fault\"").And.Contain("id=\"email-fault\"").And.Contain("role=\"alert\"").And.Contain("autofocus"));
        Assert.That(page, Does.Contain("value=\"Ida &quot;&lt;b&gt;\"").And.Contain("value=\"tides\" checked"));
        Assert.That(await own.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_field_that_has_to_be_filled_in_is_asked_for()
    {
        await using var own = await SiteHome.OpenAsync(settings: ["SignUp:Forms:0:Fields:0:Name=company", "SignUp:Forms:0:Fields:0:Label=Your house", "SignUp:Forms:0:Fields:0:Required=true"]);

        using var answer = await own.AskAsync("ida@harbour.example");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("id=\"field_company-fault\"").And.Contain("Your house").And.Contain("value=\"ida@harbour.example\""));
    }

    [TestCase("")]
    [TestCase("madeup")]
    [TestCase("stale")]
    [TestCase("other words")]
    public async Task A_form_whose_seal_is_not_right_is_shown_again_filled_in_and_one_press_away(string what)
    {
        var shown = home.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var words = home.Services.GetRequiredService<SignUpForms>().Find("", ReaderTexts.ForPage([]))!.Wording.Id;
        var token = what switch { "stale" => home.Ours.FormToken(shown - (25 * 3_600_000L), words), "other words" => home.Ours.FormToken(shown, 7), _ => what };

        using var again = await home.PostAsync("/subscribe", null, ("email", "ida@harbour.example"), ("shown", token));
        var page = await again.Content.ReadAsStringAsync();
        home.Time.Advance(TimeSpan.FromSeconds(10));
        using var pressed = await home.PostAsync("/subscribe", null, ("email", "ida@harbour.example"), ("shown", SignUpSite.Token(page)));

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page, Does.Contain("role=\"status\"").And.Contain("value=\"ida@harbour.example\""));
        Assert.That(await pressed.Content.ReadAsStringAsync(), Does.Contain("Look into your mailbox"));
    }

    [Test]
    public async Task What_was_shown_is_kept_when_the_words_change_and_is_good_while_somebody_knows_it()
    {
        var old = new Newsletter.Subscribers.Wording("main", "en", "the words of last year");
        await home.Services.GetRequiredService<SignUpStore>().KeepAsync(old, home.Time.GetUtcNow(), CancellationToken.None);

        using var answer = await home.PostAsync("/subscribe", null, ("email", "ida@harbour.example"), ("shown", home.Ours.FormToken(0, old.Id)));

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("Look into your mailbox"));
        Assert.That(await home.DumpAsync(), Does.Contain("the words of last year").And.Not.Contain("Yes, send Field Notes"));
    }

    [TestCase("text/plain")]
    [TestCase("multipart/form-data; boundary=")]
    [TestCase("application/json")]
    public async Task A_body_that_is_no_form_is_refused(string type)
    {
        using var content = new StringContent("email=ida@harbour.example");
        content.Headers.ContentType = null;
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await home.Client.PostAsync("/subscribe", content);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task An_address_by_which_another_reader_leaves_is_no_readers()
    {
        using var answer = await home.AskAsync(home.Ours.UnsubscribeMail(DeliveryId.Of(1, 2)));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [Test]
    public async Task A_link_that_was_altered_or_is_for_something_else_is_none()
    {
        var reader = await home.SubscribeAsync("zoe@example.net");
        (await home.AskAsync("ida@harbour.example")).Dispose();
        var token = (await home.MailsAsync()).Single().Link().Split('/')[^1];
        var before = await home.DumpAsync();
        List<string> forged = [home.Link(new(1), reader).Split('/')[^1], home.Ours.FormToken(1, 1), home.Ours.TakeBackUrl(new(1, reader)).Split('/')[^1], token[..^1], token[1..], token + "a", "x", "%00", new('a', 3000)];
        forged.AddRange(Enumerable.Range(0, 40).Select(_ => TokenForger.Forge.Single()(token)).Where(other => other.Length > 0 && !other.Equals(token, StringComparison.OrdinalIgnoreCase)).Select(Uri.EscapeDataString));

        foreach (var link in forged.Select(other => $"/confirm/{other}"))
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
            {
                using var request = new HttpRequestMessage(method, link) { Content = method == HttpMethod.Post ? new FormUrlEncodedContent([new("act", "confirm")]) : null };
                using var answer = await home.Client.SendAsync(request);
                Assert.That((int)answer.StatusCode, Is.EqualTo(404).Or.EqualTo(400), link);
            }

        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }
}
