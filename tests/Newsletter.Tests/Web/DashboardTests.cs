using System.Net;
using Newsletter.Web;

namespace Newsletter.Tests.Web;

public sealed class DashboardTests
{
    private SiteHome home = null!;

    [SetUp]
    public async Task Open() => home = await SiteHome.OpenAsync();

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [TestCase("/jobs")]
    [TestCase("/jobs/servers")]
    [TestCase("/jobs/recurring")]
    [TestCase("/jobs/stats")]
    public async Task Who_has_not_signed_in_is_sent_to_the_door(string path)
    {
        using var answer = await home.Client.GetAsync(path);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(answer.Headers.Location!.ToString(), Is.EqualTo("/sign-in"));
    }

    [Test]
    public async Task The_admin_comes_in_and_goes_out_again()
    {
        using var browser = new AdminBrowser(home);

        using var signedIn = await browser.SignInAsync();
        using var dashboard = await browser.GetAsync("/jobs");
        using var signedOut = await browser.PostAsync("/sign-out", "/sign-in");
        using var after = await browser.GetAsync("/jobs");

        Assert.That(signedIn.Headers.Location!.ToString(), Is.EqualTo("/jobs"));
        Assert.That(signedIn.Headers.GetValues("Set-Cookie").Single(), Does.Contain("samesite=strict").And.Contain("httponly"));
        Assert.That(dashboard.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await dashboard.Content.ReadAsStringAsync(), Does.Contain("Jobs"));
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), $"{signedOut.StatusCode}");
    }

    [Test]
    public async Task A_post_to_the_dashboard_without_the_forms_token_is_refused()
    {
        using var browser = new AdminBrowser(home);
        (await browser.SignInAsync()).Dispose();

        using var answer = await browser.PostAsync("/jobs/recurring/trigger", new FormUrlEncodedContent([new("jobs[]", "any")]));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_wrong_password_or_a_form_without_its_token_opens_nothing()
    {
        using var browser = new AdminBrowser(home);

        using var wrong = await browser.SignInAsync(password: SiteHome.Password + "!");
        using var bare = await home.Client.PostAsync("/sign-in", new FormUrlEncodedContent([new("password", SiteHome.Password)]));
        using var dashboard = await browser.GetAsync("/jobs");

        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await wrong.Content.ReadAsStringAsync(), Does.Contain("role=\"alert\"").And.Not.Contain(SiteHome.Password));
        Assert.That(bare.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(dashboard.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task After_five_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour()
    {
        using var browser = new AdminBrowser(home);
        for (var slip = 0; slip < 5; slip++)
            (await browser.SignInAsync(password: "wrong wrong wrong")).Dispose();

        using var closed = await browser.SignInAsync();
        home.Time.Advance(TimeSpan.FromMinutes(15));
        using var open = await browser.SignInAsync();

        Assert.That(closed.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(closed.Headers.RetryAfter, Is.Not.Null);
        Assert.That(open.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task A_signed_in_browser_gets_no_cookie_from_a_readers_page()
    {
        using var browser = new AdminBrowser(home);
        (await browser.SignInAsync()).Dispose();
        home.Time.Advance(TimeSpan.FromHours(11));
        var link = home.Link(await home.PublishAsync("spring"), await home.SubscribeAsync("zoe@example.net"));

        using var answer = await browser.GetAsync(link);

        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
    }

    [Test]
    public async Task Without_a_password_there_is_no_dashboard_and_no_door()
    {
        await using var closed = await SiteHome.OpenAsync(Role.Web, "Web:AdminPassword=");

        foreach (var path in new[] { "/jobs", "/jobs/servers", "/sign-in" })
        {
            using var answer = await closed.Client.GetAsync(path);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }
}
