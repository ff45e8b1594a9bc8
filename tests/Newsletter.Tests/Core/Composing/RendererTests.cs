using System.Text;
using AngleSharp.Html.Parser;
using CsCheck;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class RendererTests
{
    private static readonly PersonalValues Ada = new() { Name = "Ada <b>", Email = "ada@example.org", UnsubscribeUrl = "https://news.example.org/u/token" };

    [Test]
    public void The_letter_has_what_the_law_and_readers_ask_for()
    {
        var issue = Render("Text.", "title: \"#12 - Hedges\"\nsubtitle: Bees; a slow river");

        foreach (var part in new[] { issue.Html.Write(Ada), issue.Text.Write(Ada) })
        {
            Assert.That(part, Does.Contain("https://news.example.org/u/token"));
            Assert.That(part, Does.Contain("1 Mill Lane, Nether Wallop, UK"));
            Assert.That(part, Does.Contain("https://news.example.org/issues/0012"));
            Assert.That(part, Does.Contain("because you subscribed to Field Notes"));
            Assert.That(part, Does.Contain("#12 - Hedges").And.Contain("Bees; a slow river"));
        }
    }

    [Test]
    public void The_page_holds_no_reader_and_no_part_for_mail()
    {
        var issue = Render("Hi {{ subscriber.name | default: \"all\" }}, {{ subscriber.email }}\n\n::: mail\nJobs\n:::\n\n::: web\nOnline\n:::\n");

        var page = issue.WebHtml;

        Assert.That(page, Does.Contain("Hi all").And.Contain("Online").And.Not.Contain("Jobs").And.Not.Contain("/u/").And.Not.Contain("ada@"));
        Assert.That(issue.Html.Write(Ada), Does.Contain("Jobs").And.Not.Contain("Online"));
        Assert.That(issue.Text.Write(Ada), Does.Contain("Jobs").And.Not.Contain("Online"));
    }

    [Test]
    public void The_medium_can_be_asked_for()
    {
        var issue = Render("{% if medium == \"mail\" %}\n\nIn the mail.\n\n{% else %}\n\nOn the page.\n\n{% endif %}\n");

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(issue.WebHtml, Does.Contain("On the page.").And.Not.Contain("In the mail."));
        Assert.That(issue.WebHtml, Does.Contain(issue.WebBody));
        Assert.That(issue.WebBody, Does.Contain("On the page.").And.Not.Contain("In the mail.").And.Not.Contain("<main"));
        Assert.That(issue.Text.Write(Ada), Does.Contain("In the mail.").And.Not.Contain("On the page."));
        Assert.That(issue.Html.IsPersonal && issue.Html.Segments.OfType<Segment.Choice>().All(choice => choice.Branches[0].When.Name == "preferences_url"));
    }

    [Test]
    public void A_personal_value_is_escaped_for_the_place_it_stands_in()
    {
        var issue = Render("{{ subscriber.name }} [x](https://e.org/?q={{ subscriber.name }}) ![{{ subscriber.name }}](https://e.org/a.png) <a href=\"{{ subscriber.fields.site }}\">y</a>");

        var html = issue.Html.Write(Ada with { Fields = new Dictionary<string, string> { ["site"] = "javascript:alert(1)" } });

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(html, Does.Contain("Ada &lt;b&gt; <a").And.Contain("href=\"https://e.org/?q=Ada%20%3Cb%3E\"").And.Contain("alt=\"Ada &lt;b&gt;\"").And.Not.Contain("javascript:"));
        Assert.That(issue.Text.Write(Ada), Does.Contain("Ada <b> x <https://e.org/?q=Ada <b>>"));
    }

    [Test]
    public void A_choice_of_paragraphs_leaves_no_hole_where_it_is_not_taken()
    {
        var issue = Render("A\n\n{% if subscriber.fields.city %}\n\nB\n\n{% endif %}\n\nC");

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(issue.Text.Write(Ada), Does.Contain("A\n\nC\n"));
        Assert.That(issue.Text.Write(Ada with { Fields = new Dictionary<string, string> { ["city"] = "x" } }), Does.Contain("A\n\nB\n\nC\n"));
        Assert.That(Errors(issue.Html.Write(Ada)), Is.Empty);
    }

    [TestCase("a {{ nobody }}", "name-unknown", 4, 3)]
    [TestCase("a\n\n- x {% if subscriber.name %}\n- y {% endif %}", "if-crosses", 6, 5)]
    [TestCase("::: mail\nJobs", "medium-open", 4, 1)]
    [TestCase("::: print\nx\n:::", "medium-unknown", 4, 1)]
    [TestCase("[x](javascript:alert(1))", "link-unsafe", 4, 1)]
    [TestCase("a <a href=\" java\tscript:x\">b</a>", "link-unsafe", 4, 3)]
    [TestCase("a <b onclick=\"x\">b</b>", "html-script", 4, 3)]
    [TestCase("a\n\n<script>alert(1)</script>\n\nb", "html-script", 6, 1)]
    [TestCase("a <iframe src=\"x\"></iframe> b", "html-dropped", 4, 3)]
    [TestCase("a <p style=\"background:url(x)\">b</p>", "html-style", 4, 3)]
    [TestCase("<blockquote>\n\nx", "html-unclosed", 4, 1)]
    [TestCase("x <b>y", "html-unclosed", 4, 3)]
    [TestCase("x </b> y", "html-unopened", 4, 3)]
    [TestCase("vector<int> x", "html-unknown", 4, 7)]
    public void What_an_author_should_put_right_is_named_with_its_place(string body, string code, int line, int column)
    {
        var issue = Render(body);

        Assert.That(issue.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}").Distinct(), Does.Contain($"{line}:{column} {code}"));
        Assert.That(Errors(issue.Html.Write(Ada)), Is.Empty);
    }

    [TestCase("<blockquote>\n\nquote\n\n## Next\n\nout", "<p>quote</p>", "Next")]
    [TestCase("<ul><li>quote\n\n----------\n\nout", "quote", "out")]
    public void An_unclosed_block_ends_before_the_next_heading_or_rule(string body, string inside, string outside)
    {
        var html = new HtmlParser().ParseDocument(Render(body).Html.Write(Ada));

        var block = html.QuerySelector("td.body > blockquote, td.body > ul")!;
        Assert.That(block.TextContent, Does.Contain("quote").And.Not.Contain(outside));
    }

    [Test]
    public void An_unclosed_block_swallows_no_footer()
    {
        var html = new HtmlParser().ParseDocument(Render("<blockquote><table><tr><td><div>\n\nx <b><i>").Html.Write(Ada));

        Assert.That(html.QuerySelector("td.foot")!.Closest("blockquote, b, i, div:not(.page)"), Is.Null);
    }

    [Test]
    public void No_id_is_there_twice()
    {
        var html = new HtmlParser().ParseDocument(Render("## A\n\n## A\n\n<a id=\"a\"></a> <a name=\"a\">x</a> <p id=\"issue-title\">y</p>").WebHtml);

        var ids = html.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.That(ids, Is.Unique.And.Contains("a").And.Contains("a-1"));
    }

    [Test]
    public void A_title_repeated_as_the_first_heading_is_there_once_and_others_go_below_it()
    {
        Assert.That(new HtmlParser().ParseDocument(Render("# T\n\n## U", "title: T").WebHtml).QuerySelectorAll("h1,h2").Select(h => h.OuterHtml[..3] + h.TextContent), Is.EqualTo(new[] { "<h1T", "<h2U" }));
        Assert.That(new HtmlParser().ParseDocument(Render("# A\n\n## U", "title: T").WebHtml).QuerySelectorAll("h1,h2,h3").Select(h => h.OuterHtml[..3] + h.TextContent), Is.EqualTo(new[] { "<h1T", "<h2A", "<h3U" }));
        Assert.That(new HtmlParser().ParseDocument(Render("# A\n\n## U", "subject: S").WebHtml).QuerySelectorAll("h1,h2,h3").Select(h => h.OuterHtml[..3] + h.TextContent), Is.EqualTo(new[] { "<h1A", "<h2U" }));
    }

    [Test]
    public void It_comes_back_from_json_as_it_went_and_its_hash_names_what_is_sent()
    {
        var issue = Render("Hello {{ subscriber.name }}\n\n<script>x</script>");

        var again = RenderedIssue.FromJson(issue.ToJson());

        Assert.That(again.ToJson(), Is.EqualTo(issue.ToJson()));
        Assert.That(again.ContentHash, Is.EqualTo(issue.ContentHash).And.Not.EqualTo(Render("Hello").ContentHash));
        Assert.That(issue.ContentHash, Does.Match("^[0-9a-f]{64}$"));
    }

    [Test]
    public void Random_issues_render_to_html_without_error_and_always_alike()
    {
        string[] vocabulary =
        [
            "<b>", "</b>", "<a href=\"x\">", "</a>", "<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<ul>", "<li>", "</ul>", "<blockquote>", "</blockquote>",
            "<script>", "</script>", "<!--", "-->", "<svg>", "<pre>", "</pre>", "<h2>", "<select>", "<br/>", "<br/.>", "<img src=x", ">", "<", "&", "&#1;", "&#x92;", "&notit;", "\n", "\n\n", "\n\n",
            "- ", "1. ", "> ", "# ", "|", "| a | b |\n|---|---|\n", "*", "**", "_", "~~", "`", "```", "[", "](", ")", "![", "{{ subscriber.name }}", "{% if subscriber.name %}", "{% endif %}", "::: mail", ":::", "word", " ", "    ",
            "<a id=\"q\">", "<i style=\"color:red\">", "\"", "'", "http://e.org/a_b", "a@e.org", "😀", "----------", "<caption>", "<col>", "<dd>", "<ruby>", "</p", "<textarea>", "<style>", "<font>", "<center>",
        ];

        Gen.Int[0, vocabulary.Length - 1].Select(i => vocabulary[i]).Array[0, 40].Sample(words =>
        {
            var body = string.Concat(words);
            var issue = Render(body);
            var (html, text) = (issue.Html.Write(Ada), issue.Text.Write(Ada));
            return Errors(html).Concat(Errors(issue.WebHtml)).FirstOrDefault() is not { } error ? Same() : throw new InvalidOperationException(error);
            bool Same() => Errors(html).Count == 0 && text.Contains("Unsubscribe:", StringComparison.Ordinal)
                   && new HtmlParser().ParseDocument(html).QuerySelector("td.foot a")?.Closest("blockquote,b,a a,pre") is null
                   && Render(body).ToJson() == issue.ToJson();
        }, iter: 2000);
    }

    [TestCase("> ", 100_000)]
    [TestCase("- ", 100_000)]
    [TestCase("<div>", 100_000)]
    [TestCase("<b>\n\n", 5_000)]
    [TestCase("<b>x\n\n", 5_000)]
    [TestCase("<font color=1>x\n", 50_000)]
    [TestCase("*a ", 300_000)]
    [TestCase("a**b", 300_000)]
    [TestCase("[", 300_000)]
    [TestCase("[a](", 200_000)]
    [TestCase("<a ", 300_000)]
    [TestCase("<!--", 300_000)]
    [TestCase("&", 1_000_000)]
    [TestCase("`a", 300_000)]
    [TestCase("|a", 300_000)]
    [TestCase("{% if subscriber.name %}", 50_000)]
    [TestCase("{{", 500_000)]
    [TestCase("<table><tr><td>\n\n", 5_000)]
    [TestCase("# a\n", 20_000)]
    public void Hostile_nesting_and_repetition_are_bounded(string unit, int times)
    {
        var issue = Render(string.Concat(Enumerable.Repeat(unit, times)));

        Assert.That(issue.Html.Write(Ada), Does.Contain("Unsubscribe"));
    }

    private static RenderedIssue Render(string body, string yaml = "title: T") =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Surroundings.None);

    private static List<string> Errors(string html)
    {
        try
        {
            new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);
            return [];
        }
        catch (HtmlParseException e) { return [$"{e.Position}: {e.Message} in {html[html.IndexOf("</style>", StringComparison.Ordinal)..]}"]; }
    }
}
