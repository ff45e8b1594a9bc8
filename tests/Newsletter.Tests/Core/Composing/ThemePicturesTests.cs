using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class ThemePicturesTests
{
    private static readonly ImageFacts Logo = new() { Width = 60, Height = 20, MediaType = "image/png", Bytes = 3, Content = new byte[] { 1, 2, 3 } };

    private static readonly Surroundings Around = new()
    {
        Image = address => address is "/themes/mine/images/logo.png" or "/images/ours.png" ? Logo : address.StartsWith('/') ? new() { Fault = ImageFault.Missing } : null,
    };

    [TestCase("<img src=\"images/logo.png\" alt=\"\">")]
    [TestCase("<img alt=\"\"\n  src='images/logo.png'>")]
    [TestCase("<img alt='' src=images/logo.png>")]
    [TestCase("<img src=\"images/ours.png\" alt=\"\">")]
    [TestCase("<img src=\"/images/ours.png\" alt=\"\">")]
    [TestCase("<table background=\"images/logo.png\"><tr><td>x</td></tr></table>")]
    public void An_image_of_a_theme_is_published(string html)
    {
        var issue = Render(html);

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(issue.Images, Has.Count.EqualTo(1));
        foreach (var part in new[] { issue.Html.Write(PersonalValues.Nobody), issue.WebHtml })
            Assert.That(part, Does.Contain(issue.Images[0].Address(new("https://news.example.org/")).AbsoluteUri));
    }

    [Test]
    public void An_image_of_a_style_sheet_is_published()
    {
        var issue = Render("<p>x</p>", "p { background-image: url(images/logo.png); }");

        Assert.That(issue.Html.Write(PersonalValues.Nobody), Does.Contain(issue.Images[0].Address(new("https://news.example.org/")).AbsoluteUri));
    }

    [TestCase("https://example.org/a.png")]
    [TestCase("//example.org/a.png")]
    [TestCase("{{ issue.hero }}")]
    [TestCase("images/logo.png{{ issue.number }}")]
    public void Any_other_address_stays(string address) => Assert.That(Render($"<img src=\"{address}\" alt=\"\"><img alt='' src={address}>").Images, Is.Empty);

    [Test]
    public void One_that_is_commented_out_is_not_asked_for_but_one_for_Outlook_is()
    {
        var rendered = Render("<!-- <img src=\"images/gone.png\"> --><!--[if mso]><img src=\"images/logo.png\" alt=\"\"><![endif]-->");

        Assert.That((rendered.Images.Count, rendered.Problems.Count(problem => problem.Code == "theme-image-missing")), Is.EqualTo((1, 0)));
    }

    [Test]
    public void One_that_is_not_there_is_an_error_of_the_theme_with_its_place() =>
        Assert.That(Render("<p>x</p>\n <img src=\"images/gone.png\">").Problems.Select(problem => $"{problem.Severity} {problem.Code} {problem.Message} ({problem.Hint})"), Is.EqualTo(new[]
        {
            "Error theme-image-missing letter.html:2:12: there is no image `images/gone.png` (put the file into themes/mine/images/ and write images/NAME, or write its whole address with https://)",
            "Error theme-image-missing page.html:2:12: there is no image `images/gone.png` (put the file into themes/mine/images/ and write images/NAME, or write its whole address with https://)",
        }));

    private static RenderedIssue Render(string html, string css = "")
    {
        var theme = Theme.Default with { Name = "mine", Letter = html + "{{ content }}<style>{{ style }}</style>", LetterStyle = css, Page = html + "{{ content }}" };
        return Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes("---\ntitle: T\n---\nText.")).Issue!, Some.Publication(), theme, Around);
    }
}
