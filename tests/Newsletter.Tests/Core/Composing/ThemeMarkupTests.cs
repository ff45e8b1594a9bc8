using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

/// <summary>Values are made harmless for text and for quoted attributes: a theme that puts one elsewhere is told so.</summary>
public sealed class ThemeMarkupTests
{
    [TestCase("<p title={{ subscriber.name }}>x</p>", "1:10")]
    [TestCase("<p>\n<a href='x' title = x{{ subscriber.name }}>x</a>", "2:22")]
    [TestCase("<p {{ issue.attributes }}>x</p>", "1:4")]
    [TestCase("<p title=\"a>b\" lang={{ lang }}>x</p>", "1:21")]
    [TestCase("<p style=\"color:{{ issue.col }}\">x</p>", "1:17")]
    [TestCase("<p STYLE='color:{{ subscriber.fields.col }}'>x</p>", "1:17")]
    [TestCase("<style>p { color: {{ issue.col }} }</style>", "1:19")]
    [TestCase("<p onclick=\"x('{{ subscriber.name }}')\">x</p>", "1:16")]
    [TestCase("<!--[if mso]><p title={{ issue.title }}>x</p><![endif]-->", "1:23")]
    [TestCase("<p>From <{{ subscriber.email }}></p>", "1:10")]
    public void A_value_outside_of_text_and_quotes_is_an_error_of_the_theme(string letter, string at) =>
        Assert.That(Problems(letter), Is.EqualTo(new[] { $"theme-tag-unquoted letter.html:{at}" }));

    [TestCase("<p title=\"{{ subscriber.name }}\" class='a {{ issue.title }}' dir={{ dir }}>{{ subscriber.name }} = {{ issue.title }}</p>")]
    [TestCase("<p style=\"color:{{ theme.text }};margin-{{ start }}:0;width:{{ hero_width }}px\">{{ subscriber.name }}</p>")]
    [TestCase("<style>p { color: {{ theme.text }} }</style><p {% if issue.title %}class=\"x\"{% endif %}>{{ subscriber.name }}</p>")]
    [TestCase("<p>a < b {{ subscriber.name }}, c > d</p><!-- it's <b> -->{{ issue.title }}<!--[if mso]><p title=\"{{ issue.title }}\"><![endif]-->")]
    [TestCase("<a href=\"{{ web_url }}\" title='it\"s'>{{ issue.title }}</a>")]
    [TestCase("<script>if (a<b) style='x</script>{{ issue.title }}")]
    public void A_value_in_text_or_in_quotes_is_none(string letter) => Assert.That(Problems(letter), Is.Empty);

    // As the file has it, whatever blanks and quotes are around it.
    [TestCase("<a href = \"{{ subscriber.fields.site }}\">x</a>", "x")]
    [TestCase("<a title='>' href='{{ subscriber.fields.site }}'>x</a>", "x")]
    [TestCase("<a href=\"https://example.org/?q='{{ subscriber.fields.site }}'\">x</a>", "%20x%3A%26")]
    public void A_value_in_an_address_is_an_address_or_part_of_one(string letter, string part)
    {
        var html = Rendered(letter).Html.Write(new() { Fields = new Dictionary<string, string> { ["site"] = "javascript: x:&" } });

        Assert.That(html, Does.Not.Contain("javascript:").And.Contain(part));
    }

    [TestCase("<b style=\"color:{{ subscriber.fields.col }}\">x</b>")]
    [TestCase("<p style='color:{{ issue.col }}'>x</p>")]
    public void A_style_of_the_text_takes_no_value(string body)
    {
        var rendered = Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\ncol: red\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, Surroundings.None);

        Assert.That(rendered.Problems.Select(problem => problem.Code), Is.EqualTo(new[] { "html-style" }));
        Assert.That(rendered.Html.Write(new() { Fields = new Dictionary<string, string> { ["col"] = "red;background:url(https://t.example/x)" } }), Does.Not.Contain("t.example"));
    }

    private static IEnumerable<string> Problems(string letter) => Rendered(letter).Problems.Select(problem => $"{problem.Code} {string.Join(':', problem.Message.Split(':').Take(3))}");

    private static RenderedIssue Rendered(string letter)
    {
        var issue = IssueFile.Read("0012.md", "---\ntitle: T\ncol: red\nattributes: x\n---\nText."u8.ToArray()).Issue!;
        return Renderer.Render(issue, Some.Publication(), Theme.Default with { Letter = letter }, Surroundings.None);
    }
}
