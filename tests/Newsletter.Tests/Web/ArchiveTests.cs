using System.Net;
using Newsletter.Web;

namespace Newsletter.Tests.Web;

public sealed class ArchiveTests
{
    private SiteHome home = null!;

    [SetUp]
    public async Task Open() => home = await SiteHome.OpenAsync();

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [Test]
    public async Task An_issue_that_went_out_stands_at_the_address_that_its_letters_name()
    {
        const string Page = "<!doctype html><title>Spring</title><p>Grüße</p>";
        await home.PublishAsync("spring", page: Page);

        using var answer = await home.Client.GetAsync("/issues/spring");

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(Page));
        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(answer.Headers.CacheControl!.ToString(), Is.EqualTo("public, max-age=300"));
        Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'").And.Not.Contain("script-src"));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
    }

    [Test]
    public async Task Who_has_the_page_already_is_not_sent_it_again()
    {
        await home.PublishAsync("spring");
        using var first = await home.Client.GetAsync("/issues/spring");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/issues/spring");
        request.Headers.TryAddWithoutValidation("If-None-Match", $"\"other\", W/{first.Headers.ETag}");

        using var second = await home.Client.SendAsync(request);

        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(second.Headers.ETag, Is.EqualTo(first.Headers.ETag));
        Assert.That(await second.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task A_head_says_what_a_get_would()
    {
        await home.PublishAsync("spring");
        using var get = await home.Client.GetAsync("/issues/spring");

        using var head = await home.Client.SendAsync(new(HttpMethod.Head, "/issues/spring"));

        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(get.Content.Headers.ContentLength));
        Assert.That(head.Headers.ETag, Is.EqualTo(get.Headers.ETag));
    }

    [TestCase("/issues/tomorrow")]
    [TestCase("/issues/nothing")]
    [TestCase("/issues/..%2F..%2Fappsettings.json")]
    [TestCase("/issues/%01")]
    [TestCase("/archive?before=x")]
    [TestCase("/archive?before=99999999999999999-1")]
    public async Task What_has_not_gone_out_is_not_there(string path)
    {
        await home.PublishAsync("tomorrow", started: false);

        using var answer = await home.Client.GetAsync(path);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(answer.Headers.CacheControl!.ToString(), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task The_list_names_each_issue_once_the_newest_first_and_escapes_its_title()
    {
        await home.PublishAsync("first", "First <script>alert(1)</script>");
        home.Time.Advance(TimeSpan.FromDays(7));
        await home.PublishAsync("second", "Second");
        await home.PublishAsync("tomorrow", "Tomorrow", started: false);

        var page = await home.Client.GetStringAsync("/archive");

        Assert.That(page.IndexOf("/issues/second", StringComparison.Ordinal), Is.Positive.And.LessThan(page.IndexOf("/issues/first", StringComparison.Ordinal)));
        Assert.That(page, Does.Contain("First &lt;script&gt;").And.Contain("2 March 2026").And.Not.Contain("<script").And.Not.Contain("Tomorrow"));
    }

    [Test]
    public async Task An_issue_is_of_the_day_that_it_names_itself()
    {
        await home.PublishAsync("late", date: new(2026, 2, 27));

        Assert.That(await home.Client.GetStringAsync("/archive"), Does.Contain("<time datetime=\"2026-02-27\">27 February 2026</time>"));
    }

    [Test]
    public async Task A_long_list_goes_on_page_by_page_and_loses_none()
    {
        for (var issue = 0; issue < 101; issue++) // some begin at the same moment
        {
            await home.PublishAsync($"issue-{issue:000}");
            home.Time.Advance(TimeSpan.FromSeconds(issue % 2));
        }

        var first = await home.Client.GetStringAsync("/archive");
        var older = first.Split("href=\"")[^1].Split('"')[0];
        var second = await home.Client.GetStringAsync(older);

        Assert.That(first.Split("<li>").Length - 1, Is.EqualTo(100));
        Assert.That(second, Does.Contain("issue-000").And.Not.Contain("issue-001").And.Not.Contain("Older issues"));
    }

    [Test]
    public async Task Below_a_path_of_the_base_address_it_works_with_and_without_the_path()
    {
        await using var below = await SiteHome.OpenAsync(Role.Web, "Publication:BaseUrl=https://example.org/news/");
        await below.PublishAsync("spring");

        var with = await below.Client.GetStringAsync("/news/archive");
        var without = await below.Client.GetStringAsync("/archive");
        using var style = await below.Client.GetAsync(with.Split("stylesheet\" href=\"")[1].Split('"')[0]);

        Assert.That(with, Does.Contain("href=\"/news/issues/spring\"").And.EqualTo(without));
        Assert.That(style.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
