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
            Assert.That(part.Replace('\n', ' '), Does.Contain("because you subscribed to Field Notes"));
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
        Assert.That(issue.Text.Write(Ada), Does.Contain("Ada <b> x <https://e.org/?q=Ada%20%3Cb%3E>"));
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
    [TestCase("::: mail\nJobs", "block-open", 4, 1)]
    [TestCase("::: print\nx\n:::", "block-unknown", 4, 1)]
    [TestCase("[x](javascript:alert(1))", "link-unsafe", 4, 1)]
    [TestCase("a <a href=\" java\tscript:x\">b</a>", "link-unsafe", 4, 3)]
    [TestCase("a <b onclick=\"x\">b</b>", "html-script", 4, 3)]
    [TestCase("a\n\n<script>alert(1)</script>\n\nb", "html-script", 6, 1)]
    [TestCase("a <iframe src=\"x\"></iframe> b", "html-dropped", 4, 3)]
    [TestCase("a <p style=\"background:url(x)\">b</p>", "html-style", 4, 3)]
    [TestCase("<blockquote>\n\nx", "html-unclosed", 4, 1)]
    [TestCase("x <b>y", "html-unclosed", 4, 3)]
    [TestCase("x </b> y", "html-unopened", 4, 3)]
    [TestCase("::: button\n[x](https://e.org)", "block-open", 4, 1)]
    [TestCase("::: button\nx\n:::", "button-empty", 4, 1)]
    [TestCase("a\n\n::: figure\nx\n:::", "figure-empty", 6, 1)]
    [TestCase("::: figure wide\n![x](https://e.org/x.png)\n:::", "figure-width", 4, 1)]
    [TestCase("a\n\nb [[#99]]", "issue-unknown", 6, 3)]
    [TestCase("a [b](issue:99#c)", "issue-unknown", 4, 3)]
    [TestCase("a <issue:x>", "issue-unknown", 4, 3)]
    [TestCase("a <a href=\"issue:99\">b</a>", "issue-unknown", 4, 3)]
    [TestCase("![a](issue:12)", "link-unsafe", 4, 1)]
    [TestCase("[[contents]]\n\na", "contents-empty", 4, 1)]
    [TestCase("[[contents: many]]\n\n## a", "contents-levels", 4, 1)]
    [TestCase("a [[snippet: b]]", "fill-in-inside", 4, 3)]
    [TestCase("a\n\n[[snippet: nobody]]", "snippet-unknown", 6, 1)]
    [TestCase("a\n\n[[snippet: loop]]", "snippet-cycle", 6, 1)]
    [TestCase("a\n\n> [[snippet: deep-1]]", "snippet-deep", 6, 3)]
    [TestCase("a\n\n[[snippet: many]]", "snippet-many", 6, 1)]
    [TestCase("a\n\n[[snippet: wrong]]", "name-unknown", 6, 1)]
    [TestCase("a\n\n[[snippet: wrong]]", "if-open", 6, 1)]
    [TestCase("a\n\n[[snippet: wrong]]", "html-unclosed", 6, 1)]
    [TestCase("a <b target=\"_blank\">b</b> <i target=x>i</i>", "html-attribute", 4, 3)]
    [TestCase("a\n\n<table background=\"bee.png\"><tr><td nowrap>b</td></tr></table>", "html-attribute", 6, 33)]
    [TestCase("vector<int> x", "html-unknown", 4, 7)]
    public void What_an_author_should_put_right_is_named_with_its_place(string body, string code, int line, int column)
    {
        var issue = Render(body);

        Assert.That(issue.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}").Distinct(), Does.Contain($"{line}:{column} {code}"));
        Assert.That(Errors(issue.Html.Write(Ada)), Is.Empty);
    }

    [TestCase("inline")]
    [TestCase("numbered")]
    public void A_value_in_an_address_is_part_of_it_in_the_text_as_in_the_HTML(string links)
    {
        var issue = Render("[you](https://example.org/?q={{ subscriber.name }}&for={{ subscriber.email }}) {{ subscriber.name }}", $"title: T\ntext-links: {links}");

        var reader = Ada with { Name = "Ada & Eve", Email = "ada+eve@example.org" };
        Assert.That(issue.Html.Write(reader), Does.Contain("\"https://example.org/?q=Ada%20%26%20Eve&amp;for=ada%2Beve%40example.org\""));
        Assert.That(issue.Text.Write(reader), Does.Contain("https://example.org/?q=Ada%20%26%20Eve&for=ada%2Beve%40example.org").And.Match(@"\sAda & Eve"));
    }

    [Test]
    public void On_the_web_contents_lead_to_headings_and_a_part_of_the_same_issue_to_its_place()
    {
        var issue = Render("[[contents]]\n\n<a id=\"part\"></a>\n\n## Part\n\n[here](issue:12#x)");

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(issue.WebBody, Does.Contain("<li><a href=\"#part-1\">Part</a></li>").And.Contain("<h2 id=\"part-1\">").And.Contain("href=\"#x\""));
        Assert.That(issue.Html.Write(Ada), Does.Contain(">Part</li>").And.Contain("href=\"https://news.example.org/issues/0012#x\""));
    }

    [Test]
    public void A_bracket_that_a_table_cuts_off_stays_in_letter_and_text()
    {
        var issue = Render("| who | what |\n|---|---|\n| [Ada | ![b](https://e.org) |\n| [[count: | x*] |");

        Assert.That(issue.WebBody, Does.Contain("<td>[Ada</td>").And.Contain("<td>[[count:</td>").And.Contain("<td>x*]</td>"));
        Assert.That(issue.Text.Write(Ada), Does.Contain("[Ada ").And.Contain("[[count: ").And.Contain("x*]"));
    }

    [Test]
    public void A_note_of_one_medium_alone_takes_no_number_in_the_other()
    {
        var issue = Render("::: web\na[^w]\n:::\n\nb[^b]\n\n[^w]: web\n[^b]: both", "title: T\nmarkdown: footnotes");

        Assert.That(issue.Text.Write(Ada), Does.Contain("b¹").And.Contain("¹ both").And.Not.Contain("web\n"));
        Assert.That(issue.WebBody, Does.Contain("href=\"#fn-2\">2</a>").And.Contain("web"));
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

    [TestCase("See [two words][noref] and ![an image][none].")]
    [TestCase("> [a\n> b][c d] *e [f][g]*")]
    public void A_bracket_that_leads_nowhere_stays_in_the_text(string body)
    {
        var issue = Render(body);

        Assert.That(issue.Text.Write(Ada).Count(sign => sign == '['), Is.EqualTo(body.Count(sign => sign == '[')));
        Assert.That(issue.WebBody.Count(sign => sign == '['), Is.EqualTo(body.Count(sign => sign == '[')));
    }

    [Test]
    public void Words_in_a_named_place_look_like_no_link()
    {
        var html = Render("## <a name=\"p\">Part *one*</a>\n\n<a id=\"q\" href=\"javascript:x\">there</a>, [a link](#p)").WebBody;

        Assert.That(html, Does.Contain("<a name=\"p\"></a>Part <em>one</em></h2>").And.Contain("<a id=\"q\"></a>there, <a href=\"#p\">a link</a>"));
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

    [TestCase("![x](https://e.org/x.png)", ExpectedResult = "552")]
    [TestCase("1. words\n\n   ![x](https://e.org/x.png)", ExpectedResult = "524")]
    [TestCase("- a\n  - ![x](https://e.org/x.png)", ExpectedResult = "496")]
    [TestCase("> ![x](https://e.org/x.png)", ExpectedResult = "524")]
    [TestCase("- <img src=\"https://e.org/x.png\" alt=\"x\" width=\"300\">", ExpectedResult = "300")]
    [TestCase("- <img src=\"https://e.org/x.png\" alt=\"x\" width=\"100%\">", ExpectedResult = "524")]
    public string? An_image_is_no_wider_than_the_text_where_it_stands(string body) =>
        new HtmlParser().ParseDocument(Render(body).Html.Write(Ada)).QuerySelector("img")!.GetAttribute("width");

    [Test]
    public void A_choice_that_begins_in_a_text_and_ends_in_an_address_is_an_error_and_cuts_nothing()
    {
        var issue = Render("a {% if subscriber.name %}b http://e.org/c{% endif %} d");

        Assert.That(issue.Problems.Select(problem => problem.Code), Does.Contain("if-crosses"));
        Assert.That(Errors(issue.WebHtml).Concat(Errors(issue.Html.Write(Ada))), Is.Empty);
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

    private static readonly Surroundings Around = new()
    {
        Snippet = name => Some.Snippet(name switch
        {
            "loop" => "[[snippet: pool]]",
            "pool" => "x\n\n[[snippet: loop]]",
            "many" => string.Concat(Enumerable.Repeat("[[snippet: open]]\n\n", 200)),
            "open" => "```\n[[snippet: loop]]\n<b>",
            "wrong" => "{{ nobody }}\n\n<b>x\n\n{% if subscriber.name %}\n",
            ['d', 'e', 'e', 'p', '-', var depth] => $"[[snippet: deep-{(char)(depth + 1)}]]",
            _ => null,
        }),
    };

    private static RenderedIssue Render(string body, string yaml = "title: T") =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Around);

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
