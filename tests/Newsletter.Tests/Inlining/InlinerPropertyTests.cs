using AngleSharp;
using AngleSharp.Html.Parser;
using CsCheck;
using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>What holds for any input, made of the pieces that documents and style sheets break at.</summary>
public sealed class InlinerPropertyTests
{
    private static readonly Gen<string> Css = Pieces(40, 
        "p", ".a", "#x", "*", "td", "a", ":hover", ":is(p,.a)", ":not(.a)", ":nth-child(2n+1)", ":has(b)", "::before", " ", ">", "+", "~", ",", "{", "}", "{", "}", ";", ":", "(", ")", "[", "]",
        "color:red;", "margin:1px 2px", "margin-left:3px!important;", "width:calc(1px + 2px);", "--v:var(--v);", "--w:1px;", "margin:var(--w,2px);", "all:unset;", "@media print{", "@media all{", "@layer a{", "@layer a,b;",
        "@supports (display:grid){", "@import 'x';", "@font-face{", "@", "&", "\"", "'", "/*", "*/", "\\", "\\41 ", "url(", "url(a)", "<!--", "-->", "!important", "\n", "\r\n", "\0", "é", "{{x}}", "1e9", "#fff", "x:y;");

    private static readonly Gen<string> Html = Pieces(30, 
        "<p>", "<p class=a>", "<p id=x style='color:blue'>", "</p>", "<b>", "</b>", "<i style=\"margin:1px;\">", "</i>", "<table>", "<tr>", "<td class=a>", "</table>", "<a href=x>", "</a>", "<div style=color:red>", "</div>",
        "<style>", "</style>", "<style>p{color:red}</style>", "<link rel=stylesheet href=x>", "<!--[if mso]>", "<![endif]-->", "<!--", "-->", "<![if !mso]>", "<!DOCTYPE html>", "<html>", "<head>", "</head>", "<body class=a>", "</body>",
        "<svg>", "<path/>", "</svg>", "<br/>", "<br />", "<", ">", "\"", "'", "=", "&amp;", "&", "\r\n", "\0", "text", " ", "é😀", "<template>", "</template>", "<select>", "<option>", "<textarea>", "<title>", "<script>", "</script>", "<noscript>");

    private static readonly Gen<string> Document =
        Gen.Select(Css, Html, Html, (css, before, body) => $"{before}<style>{css}</style>{body}");

    private static readonly Gen<string> Whole = Gen.Select(Css, Html, (css, body) =>
        $"<!DOCTYPE html><html><head><title>t</title><style>{css}</style></head><body>{body.Replace("<style>", "", StringComparison.Ordinal)}</body></html>");

    [Test]
    public void Any_input_is_taken_and_gives_the_same_output_twice() =>
        Document.Sample(html => Inliner.Inline(html) == Inliner.Inline(html), iter: 3000);

    [Test]
    public void Any_characters_are_taken() =>
        Gen.String[0, 200].Sample(text => Inliner.Inline($"<style>{text}</style><p style='{text}'>{text}") is not null, iter: 1000);

    [Test]
    public void The_tree_and_its_text_stay_the_same() =>
        Whole.Sample(html => Shape(Inliner.Inline(html, new InlinerOptions { LegacyAttributes = false })) == Shape(html), iter: 3000);

    /// <summary>Rules that close what they open: of text that breaks off, each reading may drop a little more.</summary>
    private static readonly Gen<string> Rules = Pieces(8,
        "p{color:red}", ".a{margin:1px;margin-left:2px}", "#x{color:blue!important}", "td{padding:0}", "a:hover{color:red}", "@media print{p{color:black}.a{margin:0}}", "@font-face{font-family:A;src:url(a)}",
        "#outlook a{padding:0}", ":root{--c:red}", "p{color:var(--c)}", "@layer a{p{color:lime}}", "p::before{content:'x'}", "@media all{i{color:red}}", "b{width:1px;width:calc(1px + 2px)}");

    [Test]
    public void Inlining_twice_is_inlining_once() =>
        Gen.Select(Rules, Html).Sample((css, body) =>
        {
            var once = Inliner.Inline($"<!DOCTYPE html><html><head><title>t</title><style>{css}</style></head><body>{body.Replace("<style>", "", StringComparison.Ordinal)}</body></html>");
            return Inliner.Inline(once) == once;
        }, iter: 3000);

    private static Gen<string> Pieces(int most, params string[] pieces) =>
        Gen.Int[0, pieces.Length - 1].Array[0, most].Select(picks => string.Concat(picks.Select(pick => pieces[pick])));

    /// <summary>The document as it parses, without style attributes and style sheets.</summary>
    private static string Shape(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var sheet in document.QuerySelectorAll("style").ToList())
            sheet.Remove();
        foreach (var element in document.All)
            element.RemoveAttribute("style");
        document.Normalize();
        return document.ToHtml();
    }
}
