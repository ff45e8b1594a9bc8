using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

/// <summary>Whatever an author writes, letter and page are sound HTML, and the theme around the text stands as it is.</summary>
public sealed class AnyInputTests
{
    private const string Around = "plain words";

    private static readonly PersonalValues Ada = new() { Name = "Ada <b>\u0001", Email = "ada@example.org", UnsubscribeUrl = "https://news.example.org/u/token" };

    private static readonly string[] Tags =
    [
        "<b>", "</b>", "<i>", "</i>", "<strong>", "</strong>", "<em id=\"e\">", "</em>", "<code>", "<span style=\"color:red\">", "</span>", "<font color=red>", "<del>", "</del>", "<sup>", "<nobr>", "<q>",
        "<a href=\"x\">", "<a id=\"q\">", "<a name=q>", "</a>", "<p>", "</p>", "<p align=center>", "<div>", "</div>", "<center>", "</center>", "<table>", "<tbody>", "<tr>", "<td>", "<th>", "</td>", "</tr>",
        "</table>", "<caption>", "<col>", "<ul>", "</ul>", "<ol start=3>", "</ol>", "<li>", "</li>", "<dl>", "<dt>", "<dd>", "</dl>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<h2>", "</h2>", "<h3>", "</h3>", "<hr>",
        "<figure>", "<figcaption>", "<details>", "<summary>", "<main>", "<section>", "<address>", "<br>", "<br/>", "<br/.>", "</br>", "<wbr>", "<img src=x>", "<img src=x", "<img>", "<img src=\"x\" alt='\"' id=q>",
        "<script>", "</script>", "<style>", "<textarea>", "<title>", "<select>", "<option>", "<svg>", "<math>", "<form>", "<input>", "<button>", "<ruby>", "<rt>", "<html>", "<body class=x>", "</body>", "</html>", "<head>", "<frameset>",
        "<template>", "<noscript>", "<plaintext>", "<!--", "-->", "<!-->", "<!doctype x>", "<?x?>", "<![CDATA[x]]>", "</", "</p", "<b/>", "<div/>", "<p id=issue-title>", "<a b=c d", "=\"", ">", "<",
    ];

    private static readonly string[] Marks =
    [
        "\n", "\n\n", "\n\n", "\n\n", "\n", " ", "    ", "\t", "word", "word", "a b", "- ", "1. ", "> ", "# ", "## a\n", "### b", "*", "**", "_", "~~", "`", "```\n", "```html\n", "```c++\n", "\n```\n", "    code\n", "\\\n", "  \n", "\\",
        "|", "| a | b |\n|---|---|\n", "|---|\n", "[", "](", "](x)", ")", "![", "![a](b.png)", "[x]: y\n", "[x]", "----------\n", "===\n", "<https://e.org>", "http://e.org/a_b", "a@e.org", "😀", "猫。", "\u202Eא",
        "&", "&amp;", "&#0;", "&#1;", "&#x92;", "&notit;", "&lt;b&gt;", "&#xD800;", "\u0001", "\u0085", "\uFFFE", "\uFEFF", "\"", "'", "...", "--",
        "{{ subscriber.name }}", "{{ subscriber.name | default: \"<b>\" }}", "{% if subscriber.name %}", "{% else %}", "{% endif %}", "{{", "}}",
        "::: mail\n", "::: web\n", "::: button\n", "::: figure\n", "::: figure 320\n", ":::\n", ":::\n", "[go](https://e.org)\n", "![a](b.png)\ncaption\n", "{.button}", "{#q}", "{: .x width=3 style=\"color:red\"}", "{#issue-title}",
        "[[contents]]\n\n", "[[contents: 2]]\n\n", "[[snippet: soup]]\n\n", "[[snippet: none]]", "[[#12]]", "[[list: soup]]\n\n", "[[list: soup by -x | default: \"<b>\"]]", "[[count: soup]]", "[[list: none]]\n\n", "[[#13]]", "[x](issue:13#y)", "<issue:13>", "<a href=\"issue:14\">", "[^a]", "[^a]", "\n\n[^a]: note ", ":tada:",
    ];

    private static readonly Surroundings Folder = new()
    {
        Issues = new Dictionary<int, IssueEntry> { [13] = new(13, "0013", "A <b> & \"c\"", null, "") },
        List = name => name == "soup" ? DataList.Read("data/soup.yaml", "- {x: '<b>*', y: '</td>](x) \"'}\n- {x: 2, y: '::: web'}\n"u8) with { Form = "<b>{{ item.x }} <i title={{ item.y }}>\n\n- {{ item.y }}\n\n::: figure\n![{{ item.x }}](a.png)\n\n<div {{ item.y }}>{{ item.x }}\n\n## {{ item.y }}\n\n{% if subscriber.name %}" } : null,
        Snippet = name => Some.Snippet(name == "soup" ? "<b><p>x\n\n- <li>y <h2>z\n\n## a\n\n::: button\n[go](https://e.org)\n:::\n\n</td></table>" : null),
    };

    private static readonly Dictionary<string, (Theme Theme, string Letter, string Page)> Themes = Theme.Names.ToDictionary(name => name, name =>
        (Theme.Find(name)!, Frame(Render(Around, "title: T", Theme.Find(name)!).Html.Write(Ada)), Frame(Render(Around, "title: T", Theme.Find(name)!).WebHtml)));

    private static readonly Gen<string> Soup = Gen.OneOf(One(Tags), One(Marks)).Array[0, 30].Select(string.Concat);

    [TestCase("<b><p>x</p><ul><li>y</ul></b>", "<p><b>x</b></p><ul><li><b>y</b></li></ul>")]
    [TestCase("<div>\n<a href=\"https://e.org\" id=\"i\"><p>x</p><p>y</p></a>\n</div>", "<div><p><a href=\"https://e.org\" id=\"i\">x</a></p><p><a href=\"https://e.org\">y</a></p></div>")]
    [TestCase("<div><li>x</li>\n<li>y</li></div>", "<div><ul><li>x</li><li>y</li></ul></div>")]
    [TestCase("<ul>x<p>y</p><li>z</li></ul>", "<ul><li>x<p>y</p></li><li>z</li></ul>")]
    [TestCase("<div><dd>x</dd></div>", "<div><dl><dd>x</dd></dl></div>")]
    [TestCase("<h2>x<p>y</p></h2>", "<h2 id=\"x-y\">x y </h2>")]
    [TestCase("<h2>x<hr>y</h2>", "<h2 id=\"x\">x</h2><hr><h2 id=\"y\">y</h2>")]
    [TestCase("<div><main>x</main><figcaption>y</figcaption></div>", "<div><div>x</div><div>y</div></div>")]
    [TestCase("<div><em>x <table><tr><td>y</td></tr></table></em></div>", "<div><em>x </em><table role=\"presentation\"><tbody><tr><td><em>y</em></td></tr></tbody></table></div>")]
    public void Elements_get_a_place_that_html_allows(string body, string expected)
    {
        var html = Render(body, "title: T", Theme.Default).WebBody;

        Assert.That(html.Replace("\n", "", StringComparison.Ordinal), Is.EqualTo(expected));
    }

    [Test]
    public void Any_input_gives_sound_html_and_leaves_the_theme_alone() =>
        Gen.Select(Soup, Soup, Gen.Int[0, 15], One(Theme.Names)).Sample((body, title, options, name) =>
        {
            var (theme, letter, page) = Themes[name];
            var names = string.Join(", ", MarkdownOptions.Names.Where((_, i) => (options >> i & 1) == 1));
            var quoted = title.Replace("'", "''", StringComparison.Ordinal).ReplaceLineEndings(" ");
            var issue = Render(body, $"title: 'T{quoted}'\npreheader: '{quoted}'\nmarkdown: [{names}]", theme);
            var (html, web) = (issue.Html.Write(Ada), issue.WebHtml);
            var faults = Faults("letter", html, letter).Concat(Faults("page", web, page)).ToList();
            return faults.Count == 0 ? true : throw new InvalidOperationException($"{string.Join("; ", faults)} of {body}");
        }, iter: 3000);

    private static Gen<string> One(IReadOnlyList<string> of) => Gen.Int[0, of.Count - 1].Select(i => of[i]);

    private static IEnumerable<string> Faults(string part, string html, string frame)
    {
        string? error = null;
        try { new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html); }
        catch (HtmlParseException e) { error = $"{part}: {e.Message} at {e.Position} in {html}"; }
        if (error is not null)
            yield return error;
        var document = new HtmlParser().ParseDocument(html);
        foreach (var id in document.QuerySelectorAll("[id]").GroupBy(element => element.Id).Where(group => group.Count() > 1))
            yield return $"{part}: id {id.Key} twice";
        foreach (var wrong in document.QuerySelectorAll(Wrong))
            yield return $"{part}: <{wrong.LocalName}> in <{wrong.ParentElement!.LocalName}>: {wrong.ParentElement.OuterHtml}";
        if (Frame(html) is var around && around != frame)
            yield return $"{part}: the theme is {around}, not {frame}";
    }

    // Blocks in words, links in links, items without a list, others in a list.
    private static string Wrong { get; } =
        ":is(strong,b,em,i,a,del,s,code,span,font,sup,u,q,p,h1,h2,h3,h4,h5,h6) :is(p,div,table,ul,ol,li,dl,dt,dd,h1,h2,h3,h4,h5,h6,hr,blockquote,pre,center,section,figure,details,address), a a, "
        + ":not(ul):not(ol) > li, :is(ul,ol) > :not(li), :not(dl) > :is(dt,dd), :not(figure) > figcaption, :not(details) > summary, main main";

    /// <summary>The elements around the text, and where the ways out of the letter lead.</summary>
    private static string Frame(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var text in document.QuerySelectorAll("td.body, article"))
            text.InnerHtml = "";
        return Outline(document.Body!);
    }

    private static string Outline(IElement element) => $"{element.LocalName}[{element.GetAttribute("href")}]({string.Concat(element.Children.Select(Outline))})";

    private static RenderedIssue Render(string body, string yaml, Theme theme) =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\n{body}")).Issue ?? throw new InvalidOperationException(yaml), Some.Publication(), theme, Folder);
}
