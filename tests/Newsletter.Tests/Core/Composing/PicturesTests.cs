using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class PicturesTests
{
    private static readonly byte[] Wide = ImageFiles.Png(1104, 400);
    private static readonly string Address = $"https://news.example.org/images/{IssueImage.Of(Wide, "image/png", false).FileName}";

    [Test]
    public void A_local_image_is_shown_from_where_it_is_published_and_goes_along_with_the_issue()
    {
        var issue = Render("![A hedge](images/hedge.png)\n\n<p><img src=\"images/hedge.png\" alt=\"again\"></p>\n");

        Assert.That(issue.Images, Has.Count.EqualTo(1));
        Assert.That(issue.Images[0].Content.ToArray(), Is.EqualTo(Wide));
        Assert.That(issue.Images[0].IsEmbedded, Is.False);
        Assert.That(Images(issue.Html).Concat(Images(issue.WebHtml)).Select(image => image.GetAttribute("src")), Is.EqualTo(Enumerable.Repeat(Address, 4)));
        Assert.That(issue.Problems, Is.Empty);
    }

    [TestCase("![x](images/hedge.png)", "552", "200", null)]
    [TestCase("![x](images/icon.gif)", "32", "16", null)]
    [TestCase("![x](https://e.org/known.jpg)", "300", "150", null)]
    [TestCase("![x](https://e.org/unknown.jpg)", "552", null, null)]
    [TestCase("<img src=images/hedge.png alt=x width=276>", "276", "100", "width: 276px")]
    [TestCase("<img src=images/hedge.png alt=x width=50%>", "276", "100", "width: 276px")]
    [TestCase("<img src=images/hedge.png alt=x width=5000 height=9>", "552", "1", "width: 552px")]
    [TestCase("<img src=images/hedge.png alt=x height=100>", "276", "100", "width: 276px")]
    [TestCase("<img src=images/hedge.png alt=x style='border:0;width:276px'>", "276", "100", "width:276px")]
    [TestCase("<img src=images/hedge.png alt=x width=0 height=-3>", "552", "200", null)]
    [TestCase("<img src=https://e.org/unknown.jpg alt=x width=200>", "200", null, "width: 200px")]
    [TestCase("<img src=https://e.org/unknown.jpg alt=x width=200 height=50>", "200", "50", "width: 200px")]
    [TestCase("<img src=https://e.org/unknown.jpg alt=x height=50>", null, "50", "height: 50px")]
    public void An_image_has_the_size_that_is_asked_for_or_known_and_fits_the_text(string body, string? width, string? height, string? style)
    {
        var image = Images(Render(body).Html)[0];

        Assert.That((image.GetAttribute("width"), image.GetAttribute("height")), Is.EqualTo((width, height)));
        Assert.That(image.GetAttribute("style"), style is null ? Does.Not.Contain("width: 5").And.Not.Contain("height: 5") : Does.Contain(style).IgnoreCase.Or.Contain(style.Replace(" ", "", StringComparison.Ordinal)));
    }

    [TestCase("![x](images/none.png)", "image-missing")]
    [TestCase("![x](images/huge.png)", "image-large")]
    [TestCase("![x](images/text.png)", "image-kind")]
    [TestCase("<img src=images/none.png alt=x>", "image-missing")]
    [TestCase("<div>\n\n<img src=images/none.png alt=x>\n\n</div>", "image-missing")]
    public void An_image_that_cannot_be_published_is_an_error_where_it_stands(string body, string code)
    {
        var issue = Render($"First.\n\n{body}");

        var problem = issue.Problems.Single();
        Assert.That((problem.Code, problem.Severity), Is.EqualTo((code, Severity.Error)));
        Assert.That(problem.Line, Is.EqualTo(body.StartsWith("<div", StringComparison.Ordinal) ? 8 : 6));
        Assert.That(issue.HasErrors);
    }

    [Test]
    public void A_drawing_as_SVG_is_published_with_a_warning() => Assert.That(Render("![x](images/plan.svg)").Problems.Select(problem => (problem.Code, problem.Severity)), Is.EqualTo(new[] { ("image-svg", Severity.Warning) }));

    [Test]
    public void The_letter_names_embedded_images_by_their_parts_and_the_page_by_their_address()
    {
        var issue = Render("![A hedge](images/hedge.png)", "title: T\nimages: embed\nhero-img: images/icon.gif");

        Assert.That(Images(issue.Html)[0].GetAttribute("src"), Is.EqualTo($"cid:{issue.Images.Single(image => image.MediaType == "image/png").Hash}@news.example.org"));
        Assert.That(Images(issue.WebHtml)[0].GetAttribute("src"), Is.EqualTo(Address));
        Assert.That(issue.WebHtml, Does.Not.Contain("cid:"));
        Assert.That(issue.Images.Select(image => image.IsEmbedded), Is.All.True);
    }

    [TestCase("publish", "images/hedge.png#embed", true)]
    [TestCase("embed", "images/hedge.png#publish", false)]
    public void One_image_can_be_an_exception(string key, string address, bool isEmbedded) =>
        Assert.That(Render($"![x]({address})", $"title: T\nimages: {key}").Images.Single().IsEmbedded, Is.EqualTo(isEmbedded));

    [Test]
    public void An_image_of_someone_else_is_not_embedded() => Assert.That(Render("![x](https://e.org/known.jpg#embed)").Problems.Single().Code, Is.EqualTo("image-embed-remote"));

    [Test]
    public void Too_much_to_embed_is_an_error()
    {
        var issue = Render("![x](images/heavy.png#embed)");

        Assert.That(issue.Problems.Single().Code, Is.EqualTo("images-embedded-large"));
    }

    [TestCase("images-large", "images/large-{0}.png", 7, "9 10")]
    [TestCase("images-embedded-large", "images/half-{0}.png#embed", 4, "9 10")]
    public void Too_much_together_is_an_error_at_the_images_that_are_too_much(string code, string address, int count, string lines)
    {
        var first = 11 - count; // each in a line of its own, then the first and the last again: those are in the letter already
        var images = Enumerable.Range(0, count).Concat([0, count - 1]).Select(i => $"![x]({string.Format(CultureInfo.InvariantCulture, address, i)})");

        var issue = Render(new string('\n', first - 4) + string.Join('\n', images));

        Assert.That(issue.Problems.Select(problem => $"{problem.Code} {problem.Line}"), Is.EqualTo(lines.Split(' ').Select(line => $"{code} {line}")));
    }

    [Test]
    public void A_link_to_an_image_of_the_publication_leads_to_the_published_one()
    {
        var issue = Render("[![small](images/icon.gif)](images/hedge.png) [page](0002.md)", "title: T\nimages: embed");

        Assert.That(issue.Html.Write(PersonalValues.Nobody), Does.Contain($"href=\"{Address}\""));
        Assert.That(issue.Text.Write(PersonalValues.Nobody), Does.Contain(Address));
        Assert.That(issue.Images.Select(image => image.IsEmbedded), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void An_address_with_a_readers_value_is_no_file_of_ours() => Assert.That(Render("![x](images/{{ subscriber.name }}.png)").Problems, Is.Empty);

    [Test]
    public void Frozen_and_read_again_an_issue_names_its_images()
    {
        var issue = Render("![A hedge](images/hedge.png)");

        Assert.That(RenderedIssue.FromJson(issue.ToJson()).Images.Single(), Is.EqualTo(issue.Images[0] with { Content = default }));
    }

    private static List<IElement> Images(Template letter) => Images(letter.Write(PersonalValues.Nobody));

    private static List<IElement> Images(string html) => [.. new HtmlParser().ParseDocument(html).Images.Where(image => image.GetAttribute("alt") is "x" or "A hedge" or "again")];

    private static RenderedIssue Render(string body, string yaml = "title: T") =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, new Surroundings { Image = Known });

    private static ImageFacts? Known(string address) => address.Split('#')[0] switch
    {
        "images/hedge.png" => Local(Wide),
        "images/icon.gif" => Local(ImageFiles.Gif(32, 16)),
        "images/plan.svg" => Local(ImageFiles.Svg("width='300' height='200'")),
        "images/heavy.png" => Local([.. ImageFiles.Png(100, 100), .. new byte[2_000_000]]),
        ['i', 'm', 'a', 'g', 'e', 's', '/', 'l', 'a', 'r', 'g', 'e', '-', var i, ..] => Local([.. ImageFiles.Png(100, i), .. new byte[9_400_000]]),
        ['i', 'm', 'a', 'g', 'e', 's', '/', 'h', 'a', 'l', 'f', '-', var i, ..] => Local([.. ImageFiles.Png(100, i), .. new byte[900_000]]),
        "images/huge.png" => new() { Bytes = 11_000_000, Fault = ImageFault.TooLarge },
        "images/text.png" => new() { Fault = ImageFault.NoImage },
        "https://e.org/known.jpg" => new() { Width = 300, Height = 150 },
        ['i', 'm', 'a', ..] => new() { Fault = ImageFault.Missing },
        _ => null,
    };

    private static ImageFacts Local(byte[] content) => ImageFile.Read(content) with { Bytes = content.Length, Content = content };
}
