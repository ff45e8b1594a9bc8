using System.Text;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class FixedWidthsTests
{
    [TestCase("<div style=\"width:900px;color:#aa1111\">x</div>", "div", null, "color:#aa1111; width: 100%; max-width: 552px")]
    [TestCase("<div style=\"min-width:900px\">x</div>", "div", null, "width: 100%; max-width: 552px")]
    [TestCase("<div style=\"width:200px\">x</div>", "div", null, "width:200px")]
    [TestCase("<div style=\"width:80%\">x</div>", "div", null, "width:80%")]
    [TestCase("<table width=\"900\"><tr><td>x</td></tr></table>", "table", "552", "width: 100%; max-width: 552px")]
    [TestCase("<table width=\"500\"><tr><td>x</td></tr></table>", "table", "500", "width: 100%; max-width: 500px")]
    [TestCase("<table width=\"100%\"><tr><td>x</td></tr></table>", "table", "100%", null)]
    [TestCase("<table><tr><td width=\"300\">x</td><td width=\"100\">y</td></tr></table>", "td", "75%", null)]
    [TestCase("<table><tr><td style=\"width: 300px; color:#aa1111\">x</td><td width=\"300px\">y</td></tr></table>", "td", "50%", " color:#aa1111")]
    [TestCase("<table><tr><td width=\"414\">x</td><td>y</td></tr></table>", "td", "75%", null)]
    [TestCase("<table><tr><td width=\"80\">x</td><td width=\"100\">y</td></tr></table>", "td", "80", null)]
    public void Widths_that_a_phone_does_not_have_become_bounds_and_shares(string body, string name, string? width, string? style)
    {
        var issue = Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Surroundings.None);

        var element = new HtmlParser().ParseDocument(issue.WebBody).QuerySelector(name)!;

        Assert.That((element.GetAttribute("width"), element.GetAttribute("style")), Is.EqualTo((width, style)));
    }
}
