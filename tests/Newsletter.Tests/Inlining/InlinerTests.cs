using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>Small documents and what becomes of them, byte for byte.</summary>
public sealed class InlinerTests
{
    private static string Inline(string css, string body) =>
        Inliner.Inline($"<html><head><style>{css}</style></head><body>{body}</body></html>")
            .Replace("<html><head>", "", StringComparison.Ordinal).Replace("</head><body>", "|", StringComparison.Ordinal).Replace("</body></html>", "", StringComparison.Ordinal);

    [TestCase("p{color:red}", "<p>x</p>", "|<p style=\"color:red\">x</p>", TestName = "A rule becomes a style attribute")]
    [TestCase("p{color:red}.a{color:blue}", "<p class=a>x", "|<p class=a style=\"color:blue\">x", TestName = "Specificity decides")]
    [TestCase(".a{color:blue}p{color:red}", "<p class=a>x", "|<p class=a style=\"color:blue\">x", TestName = "Specificity beats order")]
    [TestCase("p{color:red}p{color:blue}", "<p>x", "|<p style=\"color:blue\">x", TestName = "Order decides between equals")]
    [TestCase("p{margin:1px}.a{margin-left:2px}", "<p class=a>x", "|<p class=a style=\"margin:1px;margin-left:2px\">x", TestName = "A longhand stands behind the shorthand it changes")]
    [TestCase("p{margin-left:2px}.a{margin:1px}", "<p class=a>x", "|<p class=a style=\"margin:1px\">x", TestName = "A shorthand overrides an earlier longhand")]
    [TestCase("p{width:100px;width:calc(100% - 2px)}", "<p>x", "|<p style=\"width:100px;width:calc(100% - 2px)\">x", TestName = "A fallback stays before what it is for")]
    [TestCase("p{color:red}", "<p style='margin:1px'>x", "|<p style='color:red;margin:1px'>x", TestName = "The style attribute keeps its quotes and its last word")]
    [TestCase("p{color:red!important}", "<p style=\"color:blue\">x", "|<p style=\"color:blue;color:red !important\">x", TestName = "An important rule beats the style attribute")]
    [TestCase(":root{--c:red}p{color:var(--c)}", "<p>x", "|<p style=\"color:red\">x", TestName = "A custom property is resolved")]
    [TestCase("p{*zoom:1;color:red}", "<p>x", "|<p style=\"*zoom:1;color:red\">x", TestName = "A star before a name stays one")]
    [TestCase("p{mso-line-height-rule:exactly}", "<p>x", "|<p style=\"mso-line-height-rule:exactly\">x", TestName = "What no browser knows is kept")]
    [TestCase("p{font-family:\"A B\",serif}", "<p>x", "|<p style=\"font-family:'A B',serif\">x", TestName = "Quotes in a value do not end the attribute")]
    [TestCase("p{&.a{color:red}}", "<p class=a>x", "|<p class=a style=\"color:red\">x", TestName = "Nested rules are inlined")]
    [TestCase("@layer a,b;@layer b{p{color:red}}@layer a{#x{color:blue}}", "<p id=x>y", "|<p id=x style=\"color:red\">y", TestName = "A later layer beats specificity")]
    [TestCase("td{color:red}", "<table><tr><td>x</table>", "|<table><tr><td style=\"color:red\">x</table>", TestName = "Tags that the source leaves out stay out")]
    [TestCase("br{color:red}", "a</br>b", "|a<br style=\"color:red\">b", TestName = "An end tag that stands for an element becomes one that can carry a style")]
    [TestCase("tbody{color:red}", "<table><tr><td>x</table>", "|<table><tbody style=\"color:red\"><tr><td>x</table>", TestName = "A tag that must carry a style is written")]
    public void A_static_rule_is_inlined(string css, string body, string expected) => Assert.That(Inline(css, body), Is.EqualTo(expected));

    [TestCase("p{color:red}@media print{p{color:black}}", "<p>x", "<style>\n@media print{\np{color:black !important}\n}\n</style>|<p style=\"color:red\">x", TestName = "A kept rule is raised where it must win")]
    [TestCase("@media print{p{color:black}}", "<p>x", "<style>\n@media print{\np{color:black}\n}\n</style>|<p>x", TestName = "A kept rule with nothing against it stays as it is")]
    [TestCase("@media print{p{color:black}}#x{color:red}", "<p id=x>y", "<style>\n@media print{\np{color:black}\n}\n</style>|<p id=x style=\"color:red\">y", TestName = "A kept rule that loses is not raised")]
    [TestCase("@media print{p{color:black}}p.a{color:red}p{color:blue}@media print{p{color:gray}}", "<p>x<p class=a>y", "<style>\n@media print{\np{color:black}\n}\n@media print{\np{color:gray !important}\n}\n</style>|<p style=\"color:blue\">x<p class=a style=\"color:red !important\">y",
        TestName = "What is inlined becomes important over a kept rule that was raised for another element")]
    [TestCase("p{color:red}p:hover{color:blue}.a{color:green}.a:hover{color:lime}", "<p>x<p class=a>y", "<style>\np:hover{color:blue !important}\n.a:hover{color:lime !important}\n</style>|<p style=\"color:red\">x<p class=a style=\"color:green\">y",
        TestName = "A kept rule that never shows is no conflict")]
    [TestCase("a{color:red}a:hover{color:blue}a.a{color:green}@media print{a.a{color:black}}", "<a>x</a><a class=a>y</a>",
        "<style>\na:hover{color:blue !important}\na.a{color:green !important}\n@media print{\na.a{color:black !important}\n}\n</style>|<a style=\"color:red\">x</a><a class=a style=\"color:green\">y</a>",
        TestName = "Between two kept rules stands what is inlined, mirrored in the sheet")]
    [TestCase("a,a:hover{color:red}", "<a>x", "<style>\na:hover{color:red !important}\n</style>|<a style=\"color:red\">x", TestName = "Of a list only what cannot be inlined is kept")]
    [TestCase("#outlook a{padding:0}", "<a>x", "<style>\n#outlook a{padding:0}\n</style>|<a>x", TestName = "A rule for a mail program is kept")]
    [TestCase("@font-face{font-family:A;src:url(a.woff)}", "x", "<style>\n@font-face{font-family:A;src:url(a.woff)}\n</style>|x", TestName = "Fonts are kept")]
    public void What_cannot_be_inlined_is_kept(string css, string body, string expected) => Assert.That(Inline(css, body), Is.EqualTo(expected));

    [Test]
    public void What_is_not_touched_stays_byte_for_byte()
    {
        const string Source = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"x\">\r\n<html>\r\n<head><style>p{color:red}</style></head>\r\n<BODY  Bgcolor = #fff>\r\n"
            + "<!--[if mso]><table><tr><td><![endif]--><P Class='a'>&copy;&nbsp;AT&T <br/><v:rect fill=\"t\"/></P><![if !mso]>x<![endif]>\r\n</BODY>\r\n</html>\r\n";

        var made = Inliner.Inline(Source);

        Assert.That(made, Is.EqualTo(Source.Replace("<style>p{color:red}</style>", "", StringComparison.Ordinal).Replace("<P Class='a'>", "<P Class='a' style=\"color:red\">", StringComparison.Ordinal)));
    }

    [Test]
    public void A_linked_sheet_is_read_only_through_the_caller()
    {
        const string Source = "<head><link rel=stylesheet href=css/a.css><link rel=stylesheet href=https://example.org/b.css></head><p>x";

        var made = Inliner.Inline(Source, new InlinerOptions { StyleSheet = address => address == "css/a.css" ? "p{background:url(i.png)}" : null });

        Assert.That(made, Is.EqualTo("<head><link rel=stylesheet href=https://example.org/b.css></head><p style=\"background:url('css/i.png')\">x"));
    }

    [TestCase("a{color:red}a:hover{color:blue}a.a{color:green}@media print{a.a{color:black}}", "<a>x</a><a class=a>y</a><a class=a style='color:red'>z</a>")]
    [TestCase(":root{color-scheme:light dark}p{color:red!important}", "<p style='color: red; margin: 0'>x")]
    [TestCase("body{background-color:#fff}", "<p>x</p><body bgcolor=red>y")]
    public void What_was_inlined_is_left_alone_the_next_time(string css, string body)
    {
        var once = Inliner.Inline($"<!DOCTYPE html><style>{css}</style>{body}");

        Assert.That(Inliner.Inline(once), Is.EqualTo(once));
    }

    [Test]
    public void Nothing_comes_of_nothing() => Assert.That(Inliner.Inline(""), Is.EqualTo(""));

    [TestCase("td{width:50%;background:#fff;text-align:center;vertical-align:top}", "<table><tr><td>x</table>", "<td style=\"width:50%;background:#fff;text-align:center;vertical-align:top\" width=\"50%\" bgcolor=\"#ffffff\" align=\"center\" valign=\"top\">")]
    [TestCase("table{border-spacing:0}td{padding:8px}", "<table><tr><td>x<td>y<table><tr><td style='padding:1px 2px'>z</table></table>", "<table style=\"border-spacing:0\" cellspacing=\"0\" cellpadding=\"8\"><tr>")]
    [TestCase("table{border-spacing:0}td{padding:8px}.a{padding-top:0}", "<table><tr><td>x<td class=a>y</table>", "<table style=\"border-spacing:0\" cellspacing=\"0\"><tr>")]
    [TestCase("img{width:300px;height:auto}", "<img width=1>", "<img width=1 style=\"width:300px;height:auto\">")]
    public void Old_programs_get_attributes_where_none_are(string css, string body, string expected) =>
        Assert.That(Inliner.Inline($"<style>{css}</style>{body}"), Does.Contain(expected));

    [Test]
    public void Classes_that_no_kept_rule_names_can_be_dropped()
    {
        const string Source = "<style>.a{color:red}.b:hover{color:blue}</style><p class=\"a b\">x</p><p class=a>y</p>";

        var made = Inliner.Inline(Source, new InlinerOptions { DropUnusedClasses = true });

        Assert.That(made, Does.EndWith("<p class=\"b\" style=\"color:red\">x</p><p style=\"color:red\">y</p>"));
    }

    [TestCase(".b:hover{color:blue}", "")]
    [TestCase("i{color:red}", "")]
    [TestCase("i > :last-child{color:red}", "")]
    [TestCase("@media print{.b{color:red}}", "")]
    [TestCase(".a .b a{color:red}", "")]
    [TestCase(".b .a a{color:red}", ".b .a a{color:red}")]
    [TestCase("p .b a{color:red}", "p .b a{color:red}")]
    [TestCase(".a + .b a{color:red}", ".a + .b a{color:red}")]
    [TestCase("#outlook a{padding:0}", "#outlook a{padding:0}")]
    [TestCase("u + .a{color:red}", "u + .a{color:red}")]
    [TestCase("[data-ogsc] .a,[data-ogsc] .b{color:red}", "[data-ogsc] .a{color:red}")]
    [TestCase("@media print{.a{color:red}}", "@media print{\n.a{color:red}\n}")]
    public void Kept_rules_that_fit_nothing_can_be_dropped(string sheet, string kept)
    {
        var made = Inliner.Inline($"<!doctype html><html><head><style>{sheet}</style></head><body><p class=a><a href=x>x</a></p></body></html>", new InlinerOptions { DropUnusedRules = true });

        Assert.That(made.Replace("\n</style>", "</style>", StringComparison.Ordinal), kept.Length > 0 ? Does.Contain(kept) : Does.Not.Contain("{"));
    }

    [TestCase("<link rel=stylesheet href=https://example.org/x.css>")]
    [TestCase("<style>@import url(https://example.org/x.css);</style>")]
    [TestCase("<!--[if mso]><style>.a{margin:0}</style><![endif]-->")]
    public void Classes_stay_where_a_sheet_that_was_not_read_may_name_them(string sheet)
    {
        var made = Inliner.Inline($"<head>{sheet}<style>.a{{color:red}}</style></head><p class=a>x", new InlinerOptions { DropUnusedClasses = true });

        Assert.That(made, Does.EndWith("<p class=a style=\"color:red\">x"));
    }

    [TestCase("<style>p{margin:0}</style>\n<!--[if mso]>x<![endif]--><p>y", ExpectedResult = "<style></style>\n<!--[if mso]>x<![endif]--><p style=\"margin:0\">y")]
    [TestCase("<head><style>p{margin:0}</style>\n<!--[if mso]>x<![endif]--><p>y", ExpectedResult = "<head>\n<!--[if mso]>x<![endif]--><p style=\"margin:0\">y")]
    [TestCase("<style>p{margin:0}</style><p>y", ExpectedResult = "<p style=\"margin:0\">y")]
    public string A_comment_behind_the_first_tag_stays_in_the_head(string source) => Inliner.Inline(source);

    [TestCase("display:var(--x, red)", ExpectedResult = "display:block;display:unset;display:red")]
    [TestCase("display:var(--x, none)", ExpectedResult = "display:none")]
    [TestCase("display:var(--x)", ExpectedResult = "display:block;display:unset")]
    public string A_value_that_its_variable_makes_invalid_unsets_the_property(string declaration) =>
        Inliner.Inline($"<style>p{{display:block}}p{{{declaration}}}</style><p>x")["<p style=\"".Length..^"\">x".Length];

    [Test]
    public void What_is_kept_stands_in_the_first_sheet_that_Outlook_sees()
    {
        const string hidden = "<!--[if !mso]><!--><style>p:hover{color:red}</style><!--<![endif]-->";

        var inlined = Inliner.Inline($"<head>{hidden}{hidden}<style>a:hover{{color:blue}}</style></head><body><p><a>x</a></body>");

        Assert.That(inlined, Does.Contain("<!--<![endif]--><style>\np:hover{color:red}\np:hover{color:red}\na:hover{color:blue}\n</style></head>"));
    }
}
