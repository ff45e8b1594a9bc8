using System.Net;
using System.Text.RegularExpressions;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web;

/// <summary>Pages for readers: their texts stand in resource files, and each request is answered in its own language.</summary>
public sealed partial class ReaderPagesTests
{
    [TestCase("", "", "", "en", "Unsubscribe")]
    [TestCase("", "", "de-AT, en;q=0.5", "de", "Abbestellen")]
    [TestCase("", "", "fr, de;q=0.3, en;q=0.2", "de", "Abbestellen")]
    [TestCase("", "", "de;q=0, *", "en", "Unsubscribe")]
    [TestCase("", "", "no header at all;;", "en", "Unsubscribe")]
    [TestCase("", "?lang=de", "en", "de", "Abbestellen")]
    [TestCase("", "?lang=<b>", "en", "en", "Unsubscribe")]
    [TestCase("de", "?lang=en", "en", "de", "Abbestellen")]
    [TestCase("sw", "", "de", "de", "Abbestellen")]
    public async Task A_page_is_in_the_readers_language_or_the_one_asked_for_or_the_browsers(string own, string query, string accept, string language, string title)
    {
        await using var home = await SiteHome.OpenAsync();
        var reader = (Addition.Added)await home.Subscribers.AddAsync(
            new(EmailAddress.Read("zoe@example.net")!) { Language = own }, new(SubscriptionState.Active, "test", Actor.Import, home.Time.GetUtcNow()), CancellationToken.None);

        using var answer = await GetAsync(home, home.Link(new(1), reader.Id) + query, accept);

        var page = await answer.Content.ReadAsStringAsync();
        Assert.That(page, Does.Contain($"<html lang=\"{language}\">").And.Contain($"<h1>{title}</h1>"));
        Assert.That(answer.Content.Headers.ContentLanguage, Is.EqualTo(new[] { language }));
    }

    [Test]
    public async Task Nobody_asked_is_answered_in_the_publications_language()
    {
        await using var home = await SiteHome.OpenAsync(settings: ["Publication:Language=de-CH"]);

        using var archive = await home.Client.GetAsync("/archive");
        using var nowhere = await home.Client.GetAsync("/nowhere");

        Assert.That(await archive.Content.ReadAsStringAsync(), Does.Contain("<html lang=\"de\">").And.Contain("Es ist noch keine Ausgabe erschienen."));
        Assert.That(archive.Headers.Vary, Is.EqualTo(new[] { "Accept-Language" }), "a cache that many share keeps one a language");
        Assert.That(nowhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await nowhere.Content.ReadAsStringAsync(), Does.Contain("Hier ist nichts"));
    }

    [Test]
    public async Task A_date_is_written_as_the_language_writes_it()
    {
        await using var home = await SiteHome.OpenAsync();
        await home.PublishAsync("spring", date: new(2026, 3, 1));

        using var english = await GetAsync(home, "/archive", "en");
        using var german = await GetAsync(home, "/archive?lang=de", "en");

        Assert.That(await english.Content.ReadAsStringAsync(), Does.Contain(">1 March 2026<"));
        Assert.That(WebUtility.HtmlDecode(await german.Content.ReadAsStringAsync()), Does.Contain(">1. März 2026<"));
    }

    [Test]
    public async Task What_is_filled_in_stands_in_the_sentence_without_a_gap()
    {
        await using var home = await SiteHome.OpenAsync();

        using var answer = await GetAsync(home, home.Link(new(1), new(1)), "");

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("<p>Do you want to stop getting <strong><bdi>Field Notes &amp; Co</bdi></strong> by mail? One press of the button is enough.</p>"));
    }

    /// <summary>What stands between tags, and in the attributes that are read out, comes from the texts.</summary>
    [Test]
    public void No_page_for_readers_holds_a_text_of_its_own()
    {
        var pages = Directory.GetFiles(Path.Combine(Source.Root, "src", "Newsletter.Web", "Pages", "Readers"), "*.razor");

        var found = from file in pages
                    let markup = Expression().Replace(Code().Replace(File.ReadAllText(file), ""), "")
                    from Match match in Literal().Matches(markup)
                    select $"{Path.GetFileName(file)}: {match.Value.Trim()}";

        Assert.That(pages, Has.Length.GreaterThanOrEqualTo(7));
        Assert.That(found, Is.Empty);
        Assert.That(pages.Where(file => !File.ReadAllText(file).Contains("@inherits ReaderPage", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("<p>Hello</p>")]
    [TestCase("<p>@Texts[\"A.B\"] and more</p>")]
    [TestCase("<nav aria-label=\"Pages\"></nav>")]
    [TestCase("<Sheet Title=\"Archive\">")]
    public void A_text_in_a_page_would_be_found(string markup) => Assert.That(Literal().IsMatch(Expression().Replace(markup, "")));

    private static async Task<HttpResponseMessage> GetAsync(SiteHome home, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Language", accept);
        return await home.Client.SendAsync(request);
    }

    /// <summary>Code, comments, directives, and lines of control flow.</summary>
    [GeneratedRegex(@"@code \{[\s\S]*|@\*[\s\S]*?\*@|^\s*(@(namespace|inherits|using|inject|foreach|for|switch)\b|else$|else if|case |break;|[{}]).*$|^\s*@if \(.*\)$", RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"@\((?>[^()]|\((?<d>)|\)(?<-d>))*(?(d)(?!))\)|@[A-Za-z][\w.]*(\[[^\]]*\]|\((?>[^()]|\((?<d>)|\)(?<-d>))*(?(d)(?!))\))?")]
    private static partial Regex Expression();

    [GeneratedRegex(@">[^<>]*\p{L}{2}[^<>]*<|\b(title|aria-label|placeholder|alt|Title)=""[^""]*\p{L}{2}[^""]*""")]
    private static partial Regex Literal();
}
