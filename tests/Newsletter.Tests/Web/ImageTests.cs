using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Composing;
using Newsletter.Storage;

namespace Newsletter.Tests.Web;

public sealed class ImageTests
{
    private static readonly IssueImage Hedge = IssueImage.Of(ImageFiles.Png(640, 480), "image/png", isEmbedded: false);
    private static readonly IssueImage Plan = IssueImage.Of(ImageFiles.Svg("width='3' height='2' onload='alert(1)'"), "image/svg+xml", isEmbedded: false);
    private SiteHome home = null!;

    [SetUp]
    public async Task Open()
    {
        home = await SiteHome.OpenAsync();
        await home.Services.GetRequiredService<EditionStore>().AddAsync(Some.RenderedIssue() with { Images = [Hedge, Plan] }, "", home.Time.GetUtcNow(), home.Time.GetUtcNow(), CancellationToken.None);
    }

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [Test]
    public async Task An_image_is_served_as_what_it_is_and_for_ever()
    {
        using var answer = await home.Client.GetAsync($"/images/{Hedge.FileName}");

        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(Hedge.Content.ToArray()));
        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("image/png"));
        Assert.That(answer.Headers.CacheControl!.ToString(), Is.EqualTo("public, max-age=31536000, immutable"));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
    }

    [Test]
    public async Task A_drawing_opened_by_itself_runs_nothing()
    {
        using var answer = await home.Client.GetAsync($"/images/{Plan.FileName}");

        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("image/svg+xml"));
        Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("sandbox").And.Contain("default-src 'none'").And.Not.Contain("allow-").And.Not.Contain("script-src"));
    }

    [Test]
    public async Task Who_has_it_already_is_not_sent_it_again()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/images/{Hedge.FileName}") { Headers = { IfNoneMatch = { new($"\"{Hedge.Hash}\"") } } };

        using var answer = await home.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task A_head_says_what_a_get_would()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/images/{Hedge.FileName}");

        using var answer = await home.Client.SendAsync(request);

        Assert.That((answer.StatusCode, answer.Content.Headers.ContentLength), Is.EqualTo((HttpStatusCode.OK, Hedge.Bytes)));
    }

    [TestCase("00000000000000000000000000000000.png")]
    [TestCase("../keys.json")]
    [TestCase("x.png")]
    [TestCase("")]
    public async Task Nothing_else_is_there(string name) => Assert.That((await home.Client.GetAsync($"/images/{name}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

    [Test]
    public async Task One_name_is_its_only_one()
    {
        Assert.That((await home.Client.GetAsync($"/images/{Hedge.Hash}.svg")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await home.Client.GetAsync($"/images/{Hedge.Hash.ToUpperInvariant()}.png")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Many_who_ask_at_once_get_the_same()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => home.Client.GetByteArrayAsync($"/images/{Hedge.FileName}")));

        Assert.That(answers, Is.All.EqualTo(Hedge.Content.ToArray()));
    }
}
