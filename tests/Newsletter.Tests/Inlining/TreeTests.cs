using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>Our nodes are made by AngleSharp's tree builder; they must stand as the elements of its own DOM stand.</summary>
public sealed class TreeTests
{
    private static readonly string[] Pieces =
    [
        "<table>", "</table>", "<tr>", "<td>", "</td>", "<tbody>", "<caption>", "<colgroup>", "<col>", "<p>", "</p>", "<b>", "</b>", "<i>", "</i>",
        "<a href=x>", "</a>", "<b class=k>", "<div>", "</div>", "<ul>", "<li>", "<dl><dt>", "<dd>", "<h1>", "<h2>", "</h1>", "<form>", "</form>", "<button>",
        "<select>", "<option>", "<optgroup>", "</select>", "<textarea>\n", "</textarea>", "<pre>\n", "<svg>", "<foreignObject>", "<circle/>", "</svg>", "<math>",
        "<mi>", "<mtext>", "<annotation-xml encoding=text/html>", "</math>", "<br>", "</br>", "<img src=x>", "<image>", "<input type=hidden>", "<hr>", "<font color=red>",
        "<nobr>", "<applet>", "</applet>", "<html lang=en>", "<head>", "</head>", "<body class=x>", "</body>", "</html>", "<title>", "</title>",
        "<style>", "</style>", "<script>", "</script>", "<noscript>", "</noscript>", "<meta charset=utf-8>", "<!DOCTYPE html>", "<!-- x -->", "<frameset>",
        "<template>", "</template>", "<o:p>", "</o:p>", "<x-y>", "text", " ", "&amp;", "\0", "<ruby><rt>", "<rp>", "<ul>", "</ul>", "<span STYLE='a:b' style=c>", "<plaintext>",
    ];

    [Test]
    public void A_tree_of_our_nodes_is_the_tree_of_the_parser_s_own_elements() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 40].Select(picks => string.Concat(picks.Select(pick => Pieces[pick]))).Sample(html =>
        {
            using var direct = Tree.ParseDirectly(html);
            using var whole = Tree.ParseWhole(html);

            if (direct is not null)
                Assert.That(Text(direct), Is.EqualTo(Text(whole)), html);
        }, iter: 20_000);

    [TestCase("<table><tr><td>a<td>b<tfoot><tr><th>c</table>")]
    [TestCase("<p><b>one<p>two</b> three<div><i>x</div>y")]
    [TestCase("<ul><li>a<li>b</ul><svg viewBox='0 0 1 1'><style>a{}</style></svg>")]
    public void A_document_that_mends_itself_needs_no_second_parse(string html)
    {
        using var tree = Tree.ParseDirectly(html);

        Assert.That(tree, Is.Not.Null);
    }

    [TestCase("<table><div>loose</div><tr><td>x</table>")]
    [TestCase("<template><td>x</td></template>")]
    public void What_the_builder_makes_right_for_its_own_elements_alone_is_parsed_into_them(string html)
    {
        using var direct = Tree.ParseDirectly(html);
        using var tree = Tree.Parse(html);

        Assert.That(direct, Is.Null);
        Assert.That(tree.Root, Is.Not.Null);
    }

    [Test]
    public void An_element_that_the_parser_adds_has_no_place_in_the_source()
    {
        using var page = Page.Parse("<table><td>x</table>");

        Assert.That(page.Nodes.Where(node => node.Place >= 0).Select(node => node.Name), Is.EqualTo(new[] { "table", "td" }));
    }

    [Test]
    public void Elements_are_of_the_kind_that_the_parser_s_own_are()
    {
        var document = new HtmlParser().ParseDocument("");

        Assert.Multiple(() =>
        {
            foreach (var name in ElementKind.HtmlNames.Append("x-y"))
                Assert.That(ElementKind.OfHtml(name).Flags, Is.EqualTo(document.CreateElement(name).Flags), name);
            foreach (var name in new[] { "svg", "g", "circle", "desc", "foreignObject", "title", "style" })
                Assert.That(ElementKind.OfSvg(name).Flags, Is.EqualTo(document.CreateElement(NamespaceNames.SvgUri, name).Flags), name);
            foreach (var name in new[] { "math", "mrow", "mn", "mo", "mi", "ms", "mtext", "annotation-xml" })
                Assert.That(ElementKind.OfMath(name).Flags, Is.EqualTo(document.CreateElement(NamespaceNames.MathMlUri, name).Flags), name);
        });
    }

    private static string Text(Tree tree)
    {
        var made = new StringBuilder(tree.IsQuirky ? "quirks" : "");
        var classes = new SharedValues();
        for (var (node, order) = (tree.Root, 0); node is not null; node = node.After(tree.Root), order++)
        {
            node.Settle(order, classes);
            var depth = 0;
            for (var above = node.Parent; above is not null; above = above.Parent)
                depth++;
            made.Append('\n').Append(' ', depth).Append(node.IsHtml ? "" : "foreign ").Append(node.Name).Append(node.HasText ? " text" : "").Append(' ')
                .Append(node.GetAttribute("class")).Append(node.GetAttribute("href")).Append(node.Style).Append(node.GetAttribute("lang"));
            if (node.IsHtml)
                made.Append(" @").Append(node.Place);
        }
        return made.ToString();
    }
}
