using System.Text;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class SnippetsTests
{
    private static readonly Surroundings Around = new()
    {
        Snippet = name => Some.Snippet(name switch
        {
            "two" => "First.\n\nSecond.",
            "open" => "```\nx\n<b>",
            "quote" => "<blockquote>\nSaid.",
            "around" => "[[snippet: quote]]\n\nWords of its own.",
            "photo" => "![A hive](https://example.org/hive.png)\n\nIts caption.",
            "wrong" => "{{ nobody }}\n\n<b>x\n\n{% if subscriber.name %}\n",
            _ => null,
        }),
    };

    [Test]
    public void A_problem_in_a_snippet_names_the_snippets_line_at_the_place_that_uses_it()
    {
        var problems = Render("a\n\n[[snippet: wrong]]").Problems;

        Assert.That(problems.Select(p => p.Message), Does.Contain("snippets/wrong.md:3: <b> is never closed"));
        Assert.That(problems.Select(p => (p.Line, p.Column)).Distinct(), Is.EqualTo(new[] { (6, 1) }));
    }

    [Test]
    public void What_a_snippet_leaves_open_ends_with_it()
    {
        var issue = Render("[[snippet: open]]\n\nBehind.");

        Assert.That(new HtmlParser().ParseDocument(issue.Html.Write(PersonalValues.Nobody)).QuerySelectorAll("td.body > p").Select(p => p.TextContent), Does.Contain("Behind."));
    }

    [TestCase("[[snippet: quote]]")]
    [TestCase("- item\n\n  [[snippet: quote]]")]
    [TestCase("[[snippet: around]]")]
    public void What_a_snippet_opens_between_paragraphs_ends_with_it(string use)
    {
        var issue = Render($"Before.\n\n{use}\n\nBehind.\n\nFar behind.");

        var quoted = new HtmlParser().ParseDocument(issue.WebBody).QuerySelectorAll("blockquote").Select(quote => quote.TextContent.Trim());
        Assert.That(quoted, Is.EqualTo(new[] { "Said." }));
        Assert.That(issue.Text.Write(PersonalValues.Nobody), Does.Contain("> Said.").And.Contain("\nBehind.\n").And.Contain("\nFar behind.\n"));
    }

    [Test]
    public void A_snippet_makes_a_figure_and_takes_attributes_as_if_it_stood_in_the_issue()
    {
        var issue = Render("::: figure\n[[snippet: photo]]\n:::\n\n[[snippet: photo]]\n\n{.wide}", "title: T\nmarkdown: [attributes]");

        Assert.That(issue.Problems.Select(p => p.Code), Has.None.StartsWith("figure").And.None.StartsWith("attribute"));
        Assert.That(issue.WebBody, Does.Contain("class=\"figure\"").And.Contain("class=\"caption\"").And.Contain("class=\"wide\""));
    }

    [Test]
    public void Paragraphs_that_a_snippet_makes_in_an_item_stay_apart()
    {
        var issue = Render("- one\n- [[snippet: two]]");

        Assert.That(issue.WebBody, Does.Contain("<p>First.</p>\n<p>Second.</p>"));
        Assert.That(issue.Text.Write(PersonalValues.Nobody), Does.Contain("- First.\n\n  Second."));
    }

    private static RenderedIssue Render(string body, string yaml = "title: T") =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Around);
}
