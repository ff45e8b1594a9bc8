using System.Text;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Tests.Core.Linting;

namespace Newsletter.Tests.Core.Composing;

public sealed class OwnColoursTests
{
    [TestCase("<span style=\"color:#000000;background-color:transparent\">x</span>", null)]
    [TestCase("<span style=\"color:#202020; font-weight:700\">x</span>", "font-weight: 700")]
    [TestCase("<span style=\"color:rgb(34, 34, 34);background-color:rgb(255, 255, 255)\">x</span>", null)]
    [TestCase("<span style=\"color:rgba(0,0,0,.87)\">x</span>", null)]
    [TestCase("<span style=\"color:windowtext\">x</span>", null)]
    [TestCase("<span style=\"color:#666\">x</span>", null)]
    [TestCase("<p style=\"color:black;background:white\">x</p>", null)]
    [TestCase("<div style=\"color:#000\">x</div>", null)]
    [TestCase("<section style=\"color:#111;padding:4px\"><p>x</p></section>", "padding: 4px")]
    [TestCase("<table><tr><td style=\"color:#222\">x</td></tr></table>", null)]
    [TestCase("<table class=\"data\"><tr><td style=\"color:black\">x</td><td>y</td></tr></table>", null)]
    [TestCase("<dl style=\"color:#000\"><dt>x</dt></dl>", null)]
    [TestCase("<table><tr><td bgcolor=\"#ffffff\" style=\"color:#000\">x</td></tr></table>", "color:#000")]
    [TestCase("<div style=\"color:#000\"><div style=\"background:linear-gradient(#fff,#eee)\">x</div></div>", "background: linear-gradient(#fff,#eee); color: #000")]
    [TestCase("<p style=\"color:#000\"><span style=\"background:linear-gradient(#fff,#eee)\">x</span></p>", "background: linear-gradient(#fff,#eee); color: #000")]
    [TestCase("<span style=\"color:#cc0000\">x</span>", "color:#cc0000")]
    [TestCase("<span style=\"color:#222266\">x</span>", "color:#222266")]
    [TestCase("<span style=\"color:#bbbbbb\">x</span>", "color:#bbbbbb")]
    [TestCase("<a href=\"https://example.org/\" style=\"color:#000\">x</a>", "color:#000")]
    [TestCase("<span style=\"color:#000;background:#ffee00\">x</span>", "color:#000;background:#ffee00")]
    [TestCase("<table bgcolor=\"#eeeeee\"><tr><td><span style=\"color:#000\">x</span></td></tr></table>", "color:#000")]
    [TestCase("<p style=\"color:#000000;background:#fff;border:1px solid #000000\">x</p>", "color:#000000;background:#fff;border:1px solid #000000")]
    public void A_colour_that_says_nothing_goes_and_any_other_stays(string body, string? style) =>
        Assert.That(new HtmlParser().ParseDocument(Render(body).WebBody).QuerySelector("[style]:not(table)")?.GetAttribute("style"), Is.EqualTo(style));

    [Test]
    public void The_colour_of_a_font_goes_as_well() => Assert.That(Render("<font color=\"#000000\" size=\"2\">x</font>").WebBody, Does.Contain("<font size=\"2\">x</font>"));

    [Test]
    public void It_is_said_once_and_where()
    {
        var problems = Render("Text.\n\n<span style=\"color:#202020\">x</span>\n\n<span style=\"color:#000\">y</span>").Problems;

        Assert.That(problems.Select(problem => (problem.Line, problem.Severity, problem.Code)), Is.EqualTo(new[] { (6, Severity.Info, "colour-dropped") }));
    }

    [TestCase("<div style=\"background:#fff8e1\">x</div>", "div", "background: #fff8e1; color: #1f2328")]
    [TestCase("<table bgcolor=\"#fff8e1\"><tr><td>x</td></tr></table>", "table", "color: #1f2328")]
    [TestCase("<div style=\"background:#003366;color:#fff\">x</div>", "div", "background:#003366;color:#fff")]
    [TestCase("<div style=\"background:#fff8e1\"><a href=\"https://example.org/\">x</a></div>", "a", "color: #0b57d0; color: #0b57d0 !important")]
    [TestCase("<div style=\"background:#003366;color:#fff\"><a href=\"https://example.org/\">x</a></div>", "a", "color: #fff; color: #fff !important")]
    [TestCase("<div style=\"background:#fff8e1\"><blockquote>x</blockquote></div>", "blockquote", "color: #57606a; color: #57606a !important")]
    [TestCase("<a href=\"https://example.org/\" style=\"color:#fff;background:#c00\">x</a>", "a", "color: #fff; background: #c00; color: #fff !important")]
    [TestCase("<div style=\"background:linear-gradient(#fff,#eee)\">x</div>", "div", "background:linear-gradient(#fff,#eee)")]
    public void Words_on_a_ground_of_their_own_keep_their_colour(string body, string name, string style) =>
        Assert.That(new HtmlParser().ParseDocument(Render(body).WebBody).QuerySelector(name)!.GetAttribute("style"), Is.EqualTo(style));

    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void In_the_dark_pasted_html_can_be_read(string theme)
    {
        const string Body = """
            <table bgcolor="#fff8e1" cellpadding="12"><tr><td>By <a href="https://example.org/s">bees</a> <blockquote>Quoted</blockquote></td></tr></table>

            <p><span style="color:#000000;background-color:transparent">Docs,</span> <span style="color:#202020">Mailchimp</span></p>

            <a href="https://example.org/b" style="color:#fff;background:#c00;padding:10px 20px">Button</a>
            """;

        Assert.That(Lint.Codes(Body, theme: Theme.Find(theme)), Has.None.EqualTo("contrast"));
    }

    private static RenderedIssue Render(string body) =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Surroundings.None);
}
