using System.Text;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class TableKindTests
{
    private const string Rows = "<tr><td>Apples</td><td>3</td></tr><tr><td>Pears</td><td>4</td></tr>";

    [TestCase("| A | B |\n|---|---|\n| 1 | 2 |", true)]
    [TestCase("| A |\n|---|", true)]
    [TestCase($"<table>{Rows}</table>", true)]
    [TestCase($"<table border=\"1\">{Rows}</table>", true)]
    [TestCase("<table cellpadding=\"4\"><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", true)]
    [TestCase($"<table width=\"100%\"><caption>Fruit</caption>{Rows}</table>", true)]
    [TestCase($"<table class=\"data\" cellpadding=\"4\">{Rows}</table>", true)]
    [TestCase($"<table role=\"table\" width=\"400\">{Rows}</table>", true)]
    [TestCase($"<table bgcolor=\"#fff8e1\">{Rows}</table>", false)]
    [TestCase($"<table cellpadding=\"12\">{Rows}</table>", false)]
    [TestCase($"<table cellspacing=\"0\">{Rows}</table>", false)]
    [TestCase($"<table width=\"600\">{Rows}</table>", false)]
    [TestCase($"<table border=\"0\">{Rows}</table>", false)]
    [TestCase($"<table style=\"background:#eeeeee\">{Rows}</table>", false)]
    [TestCase($"<table role=\"presentation\"><thead><tr><th>A</th></tr></thead>{Rows}</table>", false)]
    [TestCase("<table><tr><td>One box</td></tr></table>", false)]
    [TestCase("<table><tr><td>One row</td><td>of two</td></tr></table>", false)]
    [TestCase("<table><tr><td>One</td></tr><tr><td>column</td></tr></table>", false)]
    [TestCase("<table><tr><th>A heading alone</th></tr></table>", false)]
    [TestCase("<table><tr><td><img src=\"https://example.org/a.png\" alt=\"A\"></td><td>Words</td></tr><tr><td>x</td><td>y</td></tr></table>", false)]
    [TestCase("<table><tr><td><h2>Left</h2></td><td>Right</td></tr><tr><td>x</td><td>y</td></tr></table>", false)]
    [TestCase("<table><tr><td bgcolor=\"#eeeeee\">x</td><td>y</td></tr><tr><td>x</td><td>y</td></tr></table>", false)]
    [TestCase($"<table><tr><td><table>{Rows}</table></td><td>x</td></tr><tr><td>y</td><td>z</td></tr></table>", false)]
    public void A_table_is_data_only_where_it_looks_it(string body, bool isData)
    {
        var table = new HtmlParser().ParseDocument(Render(body).WebBody).QuerySelector("table")!;

        Assert.That((table.ClassList.Contains("data"), table.GetAttribute("role")), Is.EqualTo((isData, isData && !body.Contains("role", StringComparison.Ordinal) ? null : isData ? "table" : "presentation")));
    }

    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void A_table_of_layout_keeps_what_its_author_wrote(string theme)
    {
        var issue = Render("<table bgcolor=\"#fff8e1\" cellpadding=\"12\"><tr><td>Sponsored</td></tr></table>", theme);

        foreach (var html in new[] { issue.Html.Write(PersonalValues.Nobody), issue.WebHtml })
        {
            var cell = new HtmlParser().ParseDocument(html).QuerySelector("table[bgcolor='#fff8e1'] td")!;
            Assert.That(cell.GetAttribute("style") ?? "", Does.Not.Contain("padding").And.Not.Contain("border"));
        }
        Assert.That(issue.WebHtml, Does.Not.Match(@"(^|[,}]\s*)t[dh][\s,{][^{}]*\{[^}]*padding"));
    }

    private static RenderedIssue Render(string body, string theme = "default") =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\n---\n{body}")).Issue!, Some.Publication(), Theme.Find(theme)!, Surroundings.None);
}
