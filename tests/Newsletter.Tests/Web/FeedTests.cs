using System.Net;
using System.Xml.Linq;
using Newsletter.Web;

namespace Newsletter.Tests.Web;

public sealed class FeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private SiteHome home = null!;

    [SetUp]
    public async Task Open() => home = await SiteHome.OpenAsync();

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [Test]
    public async Task What_went_out_stands_in_the_feed_whole_the_newest_first()
    {
        await home.PublishAsync("winter", "Winter & co", body: "<p>Snow &lt;3</p>");
        home.Time.Advance(TimeSpan.FromDays(7));
        await home.PublishAsync("spring", "Spring", body: "<p>Grüße <script>]]></p>");
        await home.PublishAsync("tomorrow", "Tomorrow", started: false);

        using var answer = await home.Client.GetAsync("/feed.xml");
        var feed = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;

        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("application/atom+xml; charset=utf-8"));
        Assert.That(feed.Elements(Atom + "entry").Select(entry => (entry.Element(Atom + "title")!.Value, entry.Element(Atom + "content")!.Value)),
            Is.EqualTo(new[] { ("Spring", "<p>Grüße <script>]]></p>"), ("Winter & co", "<p>Snow &lt;3</p>") }));
    }

    /// <summary>RFC 4287 §4.1.1 and §4.1.2.</summary>
    [Test]
    public async Task Feed_and_entries_have_all_that_Atom_asks_for_by_absolute_addresses()
    {
        await home.PublishAsync("winter");
        home.Time.Advance(TimeSpan.FromDays(7));
        await home.PublishAsync("spring");

        var feed = XDocument.Parse(await home.Client.GetStringAsync("/feed.xml")).Root!;

        Assert.That(feed.Elements().Where(element => element.Name != Atom + "entry").Select(element => element.Name.LocalName),
            Is.EqualTo(new[] { "id", "title", "updated", "author", "link", "link" }));
        Assert.That(feed.Element(Atom + "updated")!.Value, Is.EqualTo("2026-03-09T09:00:00Z"));
        Assert.That(feed.Elements(Atom + "entry").Select(entry => (entry.Element(Atom + "id")!.Value, entry.Element(Atom + "updated")!.Value)),
            Is.EqualTo(new[] { ("https://news.example.org/issues/spring", "2026-03-09T09:00:00Z"), ("https://news.example.org/issues/winter", "2026-03-02T09:00:00Z") }));
        Assert.That(feed.Descendants(Atom + "link").Select(link => (string)link.Attribute("href")!), Is.EqualTo(new[]
        {
            "https://news.example.org/feed.xml", "https://news.example.org/", "https://news.example.org/issues/spring", "https://news.example.org/issues/winter",
        }));
        Assert.That((string?)feed.Descendants(Atom + "content").First().Attribute(XNamespace.Xml + "base"), Is.EqualTo("https://news.example.org/issues/spring"));
    }

    [Test]
    public async Task An_entry_was_published_on_the_day_that_the_issue_names_itself()
    {
        await home.PublishAsync("late", date: new(2026, 2, 27));
        await home.PublishAsync("punctual", date: new(2026, 3, 2));

        var feed = XDocument.Parse(await home.Client.GetStringAsync("/feed.xml")).Root!;

        Assert.That(feed.Elements(Atom + "entry").Select(entry => (entry.Element(Atom + "published")!.Value, entry.Element(Atom + "updated")!.Value)),
            Is.EqualTo(new[] { ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"), ("2026-02-27T12:00:00Z", "2026-03-02T09:00:00Z") }));
    }

    [Test]
    public async Task What_XML_cannot_hold_does_not_take_the_feed_away()
    {
        await home.PublishAsync("spring", "Bell \u0007\u001b and half \ud83d a pair", body: "<p>\0\uffff</p>");

        var feed = XDocument.Parse(await home.Client.GetStringAsync("/feed.xml")).Root!;

        Assert.That(feed.Descendants(Atom + "content").Single().Value, Is.EqualTo("<p></p>"));
    }

    [Test]
    public async Task Before_the_first_issue_the_feed_is_empty_and_who_has_it_is_not_sent_it_again()
    {
        using var first = await home.Client.GetAsync("/feed.xml");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/feed.xml");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await home.Client.SendAsync(request);

        Assert.That(XDocument.Parse(await first.Content.ReadAsStringAsync()).Root!.Elements(Atom + "entry"), Is.Empty);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task The_archive_leads_to_the_feed()
    {
        await using var below = await SiteHome.OpenAsync(Role.Web, "Publication:BaseUrl=https://example.org/news/");

        var address = (await below.Client.GetStringAsync("/archive")).Split("rel=\"alternate\"")[1].Split("href=\"")[1].Split('"')[0];
        using var feed = await below.Client.GetAsync(address);

        Assert.That((address, feed.StatusCode), Is.EqualTo(("/news/feed.xml", HttpStatusCode.OK)));
    }
}
