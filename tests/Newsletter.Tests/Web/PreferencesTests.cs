using System.Net;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;
using Microsoft.Extensions.DependencyInjection;

namespace Newsletter.Tests.Web;

/// <summary>The page to which a letter leads: what its link may do, and what it must not.</summary>
public sealed class PreferencesTests
{
    private static readonly string[] Settings = ["Topics:0:Id=news", "Topics:0:Name=News", "Topics:0:Names:de=Neues", "Topics:1:Id=jobs", "Topics:1:Description=Offers & wishes", "Publication:TimeZone=Europe/Berlin"];
    private SiteHome home = null!;
    private SubscriberId reader;
    private EditionId edition;
    private string link = "";

    [SetUp]
    public async Task A_reader_has_a_letter()
    {
        home = await SiteHome.OpenAsync(settings: Settings);
        reader = await home.SubscribeAsync("zoe@example.net");
        edition = await home.PublishAsync("spring");
        link = Link(reader);
    }

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [Test]
    public async Task A_scanner_that_follows_the_link_several_times_in_every_way_changes_not_one_row([Values("GET", "HEAD")] string method)
    {
        var before = await home.DumpAsync();

        foreach (var (name, value) in new[] { ("Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("X-Moz", "prefetch"), ("User-Agent", "SafeLinks"), ("Range", "bytes=0-1") })
            foreach (var query in new[] { "", "?act=leave", "?act=save&language=de", "/" })
            {
                using var request = new HttpRequestMessage(new(method), link + query);
                request.Headers.TryAddWithoutValidation(name, value);
                using var answer = await home.Client.SendAsync(request);
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            }

        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task The_page_shows_nothing_personal_but_the_masked_address_and_sets_no_cookie()
    {
        using var answer = await home.Client.GetAsync(link);

        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.That(page, Does.Contain("z•••@example.net").And.Contain("<form method=\"post\">").And.Contain("Offers & wishes"));
        Assert.That(page, Does.Not.Contain("zoe@").And.Not.Contain("Quill").And.Not.Contain("<script").And.Not.Contain("https://"));
        Assert.That(string.Join(' ', answer.Headers.GetValues("X-Robots-Tag")), Does.Contain("noindex"));
        Assert.That(string.Join(' ', answer.Headers.GetValues("Referrer-Policy")), Is.EqualTo("no-referrer"));
        Assert.That(string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")), Does.StartWith("default-src 'none'").And.Not.Contain("script-src"));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
    }

    [Test]
    public async Task Topics_and_language_are_kept_and_the_answer_is_in_the_new_language()
    {
        using var answer = await PostAsync(("act", "save"), ("topic", "jobs"), ("topic", "no-such"), ("language", "de"));

        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        var profile = (await FindAsync())!.Profile!;
        Assert.That(page, Does.Contain("Gespeichert.").And.Contain("Neues").And.Contain("lang=\"de\""));
        Assert.That(profile.Language, Is.EqualTo("de"));
        Assert.That(profile.Topics, Is.EqualTo(new[] { "jobs" }));
        Assert.That(profile.TopicsLeft, Is.EqualTo(new[] { "news" }));
    }

    [TestCase("fr", "")]
    [TestCase("<script>", "")]
    public async Task A_language_that_pages_are_not_in_is_not_taken(string language, string kept)
    {
        (await PostAsync(("act", "save"), ("topic", "news"), ("topic", "jobs"), ("language", language))).Dispose();

        var profile = (await FindAsync())!.Profile!;
        Assert.That((profile.Language, profile.Topics.Count + profile.TopicsLeft.Count), Is.EqualTo((kept, 0)), "who reads all as before has chosen nothing");
    }

    [Test]
    public async Task A_pause_lasts_until_its_day_begins_by_the_publications_clock()
    {
        using var answer = await PostAsync(("act", "pause"), ("until", "2026-03-10"));

        var paused = (await FindAsync())!;
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("10 March 2026").And.Contain("value=\"go-on\""));
        Assert.That((paused.State, paused.PausedUntil), Is.EqualTo((SubscriptionState.Paused, (DateTimeOffset?)new DateTimeOffset(2026, 3, 9, 23, 0, 0, TimeSpan.Zero))));
        home.Time.SetUtcNow(paused.PausedUntil!.Value);
        Assert.That(await home.Services.GetRequiredService<Pauses>().EndAsync(CancellationToken.None), Is.EqualTo(1));
        Assert.That((await FindAsync())!.State, Is.EqualTo(SubscriptionState.Active));
    }

    [TestCase("2026-03-02")]
    [TestCase("2027-03-04")]
    [TestCase("0001-01-01")]
    [TestCase("tomorrow")]
    [TestCase("")]
    public async Task A_day_that_is_none_to_come_within_a_year_is_asked_for_again(string until)
    {
        using var answer = await PostAsync(("act", "pause"), ("until", until));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("role=\"alert\"").And.Contain("3 March 2026").And.Contain("aria-invalid=\"true\""));
        Assert.That((await FindAsync())!.State, Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task Who_goes_on_is_active_again()
    {
        (await PostAsync(("act", "pause"), ("until", "2026-03-10"))).Dispose();

        using var answer = await PostAsync(("act", "go-on"));

        Assert.That((answer.StatusCode, (await FindAsync())!.State), Is.EqualTo((HttpStatusCode.OK, SubscriptionState.Active)));
    }

    [Test]
    public async Task Leaving_takes_one_press_says_why_if_they_like_and_can_be_undone()
    {
        using var left = await PostAsync(("act", "leave"));
        using var why = await PostAsync(("act", "why"), ("reason", "too-often"), ("words", "Once a week\r\nis <b>plenty</b>" + new string('x', 3000)));
        var act = (await home.Services.GetRequiredService<Newsletter.Storage.ReaderStore>().ActsAsync(reader, CancellationToken.None)).Single();
        using var back = await PostAsync(("act", "resume"));

        Assert.That(await left.Content.ReadAsStringAsync(), Does.Contain("value=\"too-often\"").And.Contain("value=\"resume\""));
        Assert.That(await why.Content.ReadAsStringAsync(), Does.Contain("Thank you.").And.Contain("value=\"resume\""));
        Assert.That((act.Act, act.Words.Length), Is.EqualTo(("left because", 471)));
        Assert.That(act.Words, Does.StartWith("too-often: Once a week\nis <b>plenty</b>"));
        Assert.That((back.StatusCode, (await FindAsync())!.State), Is.EqualTo((HttpStatusCode.OK, SubscriptionState.Active)));
    }

    [Test]
    public async Task Why_is_asked_by_the_unsubscribe_link_as_well()
    {
        var way = home.Link(edition, reader);
        (await home.Client.PostAsync(way, Form(("act", "leave")))).Dispose();

        using var why = await home.Client.PostAsync(way, Form(("act", "why"), ("reason", "made up"), ("words", "bye")));

        Assert.That(await why.Content.ReadAsStringAsync(), Does.Contain("Thank you."));
        Assert.That((await home.Services.GetRequiredService<Newsletter.Storage.ReaderStore>().ActsAsync(reader, CancellationToken.None)).Single().Words, Is.EqualTo("bye"));
    }

    /// <summary>Whoever has the letter of somebody who is gone learns nothing by it.</summary>
    [Test]
    public async Task Somebody_who_is_gone_is_answered_like_somebody_who_left()
    {
        var gone = await home.SubscribeAsync("ida@example.net");
        await home.Subscribers.EraseAsync(gone, "asked", Actor.Reader, home.Time.GetUtcNow(), CancellationToken.None);
        (await PostAsync(("act", "leave"))).Dispose();
        string[] links = [link, Link(gone), Link(new(4711))];

        foreach (var acts in (string[])["save", "pause", "go-on", "why", "own-link", "leave", "nonsense", ""])
        {
            var answers = new List<string>();
            foreach (var each in links)
            {
                using var answer = await home.Client.PostAsync(each, Form(("act", acts), ("until", "2026-03-10"), ("topic", "news"), ("topic", "jobs")));
                answers.Add($"{answer.StatusCode} {WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Replace("z•••@example.net", "•••", StringComparison.Ordinal)}");
            }
            Assert.That(answers.Distinct().Count(), Is.EqualTo(1), acts);
        }
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("POST")]
    public async Task A_token_that_is_not_for_it_is_nowhere(string method)
    {
        var before = await home.DumpAsync();
        var token = link[3..];
        var forged = new[]
        {
            token[..^1] + (token[^1] == 'a' ? 'b' : 'a'), token[..^1], token[1..], token + "a", home.Link(edition, reader)[3..], home.Ours.ReturnPath(new(edition, reader))[2..].Split('@')[0],
            new Uri(home.Ours.TakeBackUrl(new(1, reader))).Segments[^1], new Uri(home.Ours.OwnPageUrl(new(1, reader))).Segments[^1], "x", new string('a', 2000),
        };

        foreach (var each in forged)
        {
            using var request = new HttpRequestMessage(new(method), $"/p/{each}") { Content = method is "POST" ? Form(("act", "leave")) : null };
            using var answer = await home.Client.SendAsync(request);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), each);
        }
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [TestCase("text/plain", "act=leave")]
    [TestCase("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click")]
    [TestCase("application/x-www-form-urlencoded", "")]
    [TestCase("multipart/form-data; boundary=b", "--c\r\n")]
    public async Task A_body_that_asks_for_nothing_does_nothing(string type, string body)
    {
        var before = await home.DumpAsync();
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await home.Client.PostAsync(link, content);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    private string Link(SubscriberId subscriber) => new Uri(home.Ours.PreferencesUrl(new(edition, subscriber))).AbsolutePath;

    private Task<Subscriber?> FindAsync() => home.Subscribers.FindAsync(reader, CancellationToken.None);

    private Task<HttpResponseMessage> PostAsync(params (string, string)[] fields) => home.Client.PostAsync(link, Form(fields));

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
