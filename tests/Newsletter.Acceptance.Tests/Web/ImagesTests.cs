using AngleSharp.Html.Parser;
using MimeKit;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Web;

/// <summary>An image beside the issue, all the way: into the letter, onto the web, and unchanged afterwards.</summary>
public sealed class ImagesTests : IDisposable
{
    // Two pixels by one.
    private static readonly byte[] Red = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAEElEQVR4nGP4z8DAwMAAAAYEAQHKH6JlAAAAAElFTkSuQmCC");
    private static readonly byte[] Other = [.. Red, 0];
    private readonly APublication publication = new();

    [SetUp]
    public async Task Put_an_image_into_the_issue()
    {
        Directory.CreateDirectory(publication.File("issues", "images"));
        await File.WriteAllBytesAsync(publication.File("issues", "images", "red.png"), Red);
        await publication.AddReadersAsync(1);
    }

    [TearDown]
    public void Dispose() => publication.Dispose();

    [Test]
    public async Task What_was_sent_shows_the_image_as_it_was_whatever_becomes_of_the_file()
    {
        await WriteIssueAsync("");
        await RunAsync("send", "5", "--now");
        await File.WriteAllBytesAsync(publication.File("issues", "images", "red.png"), Other);
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(publication.Path, port);
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

        var inLetter = SourceOf(Letter().HtmlBody!);
        var onPage = SourceOf(await client.GetStringAsync("/issues/0005-good"));
        using var answer = await client.GetAsync(new Uri(inLetter).AbsolutePath);

        Assert.That(inLetter, Does.StartWith("https://news.example.org/images/"));
        Assert.That(onPage, Is.EqualTo(inLetter));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(Red));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/png"));
    }

    [Test]
    public async Task An_embedded_image_travels_in_the_letter()
    {
        await WriteIssueAsync("images: embed\n");
        await RunAsync("send", "5", "--now");

        var letter = Letter();
        var image = letter.BodyParts.OfType<MimePart>().Single(part => part.ContentType.MediaType == "image");
        using var content = new MemoryStream();
        image.Content!.DecodeTo(content);

        Assert.That(SourceOf(letter.HtmlBody!), Is.EqualTo($"cid:{image.ContentId}"));
        Assert.That(content.ToArray(), Is.EqualTo(Red));
        Assert.That(letter.Attachments, Is.Empty);
    }

    [Test]
    public async Task A_rendered_letter_has_the_image_in_it_and_nothing_is_sent_with_an_image_that_is_missing()
    {
        await WriteIssueAsync("images: embed\n");
        await RunAsync("render", publication.File("issues", "0005-good.md"), "--out", publication.File("out"));
        File.Delete(publication.File("issues", "images", "red.png"));

        var send = await publication.Newsletter.RunAsync("send", "5", "--now");

        Assert.That(MimeMessage.Load(publication.File("out", "0005-good.eml")).BodyParts.Select(part => part.ContentType.MimeType), Does.Contain("image/png"));
        Assert.That(send.Code, Is.EqualTo(1));
        Assert.That(send.Errors, Does.Contain("0005-good.md:").And.Contain("image-missing"));
        Assert.That(Directory.Exists(publication.File("outbox")), Is.False);
    }

    private Task WriteIssueAsync(string keys) =>
        File.WriteAllTextAsync(publication.File("issues", "0005-good.md"), $"---\ntitle: Good\n{keys}---\n\n![A red line](images/red.png)\n");

    private async Task RunAsync(params string[] arguments)
    {
        var run = await publication.Newsletter.RunAsync(arguments);
        Assert.That(run.Code, Is.Zero, run.Errors);
    }

    private MimeMessage Letter() => MimeMessage.Load(Directory.EnumerateFiles(publication.File("outbox", "1"), "*.eml").Single());

    private static string SourceOf(string html) => new HtmlParser().ParseDocument(html).QuerySelector("img[alt='A red line']")!.GetAttribute("src")!;
}
