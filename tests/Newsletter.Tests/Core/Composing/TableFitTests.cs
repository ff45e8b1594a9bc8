using System.Text;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class TableFitTests
{
    [TestCase("| A | Median |\n|---|---|\n| valley | 3 h 10 min |", "data narrow")]
    [TestCase("| Readings | Quarters | Calibrated by |\n|---|---|---|\n| 1,024 | first | Halvorsen |", "data tight")]
    [TestCase("| January | February | September | November |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |", "data broad")]
    [TestCase("| January | February | September | November | December |\n|---|---|---|---|---|\n| incomprehensible | 2 | undoubtedly | 4 | remarkable |", "data broad dense")]
    [TestCase("| January | February | September | November | December | characteristics | responsibility |\n|---|---|---|---|---|---|---|\n| incomprehensible | 2 | undoubtedly | 4 | 5 | 6 | 7 |", "data dense")]
    [TestCase("| A | https://example.org/a/very/long/address/that/nobody/can/break/anywhere |\n|---|---|\n| 1 | 2 |", "data narrow")]
    [TestCase("| A | B |\n|---|---|\n| 1 | <img src=\"https://example.org/a.png\" alt=\"x\" width=\"240\"> |", "data narrow")]
    [TestCase("<table><tr><td><table role=\"presentation\"><tr><td>x</td></tr></table></td></tr></table>", "box")]
    [TestCase("<table bgcolor=\"#eeeeee\"><tr><td>x</td></tr></table>\n<table><tr><td>y</td></tr></table>", "")]
    [TestCase("<table role=\"presentation\"><tr><td>x</td></tr></table>", "box")]
    public void A_table_says_where_its_columns_fit(string body, string name)
    {
        var issue = Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Surroundings.None);

        Assert.That(new HtmlParser().ParseDocument(issue.WebHtml).QuerySelector("table")!.ClassName ?? "", Is.EqualTo(name));
    }

    [TestCase("| January | February | September | November |\n|---|---|---|---|\n| 1,024 | 2 | three | 40 % |", "1,024 40 %")]
    [TestCase("| A | B |\n|---|---|\n| 1,024 | 2 |", "")]
    [TestCase("| January | February | September | November |\n|---|---|---|---|\n| 1,024,096 | 1,024,096 | 1,024,096 | 1,024,096 |", "")]
    public void Numbers_are_not_broken_where_words_may_be(string body, string numbers)
    {
        var issue = Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Surroundings.None);

        Assert.That(string.Join(' ', new HtmlParser().ParseDocument(issue.WebHtml).QuerySelectorAll(".number").Select(cell => cell.TextContent)), Is.EqualTo(numbers));
    }

    [Test]
    public void A_word_too_long_for_any_column_may_be_broken_and_no_other()
    {
        var issue = Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes("---\ntitle: T\n---\n| A | B |\n|---|---|\n| extraordinary | https://example.org/a/long/address |")).Issue!, Some.Publication(), Theme.Default, Surroundings.None);

        Assert.That(new HtmlParser().ParseDocument(issue.WebHtml).QuerySelectorAll(".long").Select(cell => cell.TextContent), Is.EqualTo(new[] { "https://example.org/a/long/address" }));
    }
}
