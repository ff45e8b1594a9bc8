using System.Globalization;
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

    private static readonly Gen<string> Whole = Gen.Select(Css, Html, Page);

    /// <summary>Rules as people write them, among them such as get in each other's way.</summary>
    private static readonly Gen<string> Rules = Pieces(8,
        "p{color:red}", ".a{margin:1px;margin-left:2px}", "#x{color:blue!important}", "td{padding:0}", "a:hover{color:red}", "@media print{p{color:black}.a{margin:0}}", "@font-face{font-family:A;src:url(a)}",
        "#outlook a{padding:0}", ":root{--c:red}", "p{color:var(--c)}", "@layer a{p{color:lime}}", "p::before{content:'x'}", "@media all{i{color:red}}", "b{width:1px;width:calc(1px + 2px)}",
        ".a{color:green}", "p.a{color:navy}", "p:hover{color:gray}.a:hover{color:teal!important}", "@media print{.a{color:gray!important}}", "@media print{p.a{color:silver;padding:1px}}", "*{margin:0}", "td,th{padding:2px!important}",
        ":root{color-scheme:light dark}", "@media (prefers-color-scheme:dark){:root{--c:blue}}", "table{border-spacing:0;width:100%}", "i{background:#fff}", "i{background-color:red!important}");

    [Test]
    public void Any_input_is_taken_and_gives_the_same_output_twice() =>
        Document.Sample(html => Inliner.Inline(html) == Inliner.Inline(html), iter: Documents(30));

    [Test]
    public void Any_characters_are_taken() =>
        Gen.String[0, 200].Sample(text => Inliner.Inline($"<style>{text}</style><p style='{text}'>{text}") is not null, iter: Documents(10));

    [Test]
    public void The_tree_and_its_text_stay_the_same() =>
        Whole.Sample(html => Shape(Inliner.Inline(html, NoAttributes)) == Shape(html), iter: Documents(25));

    [Test]
    public void Inlining_twice_is_inlining_once() =>
        Gen.Select(Rules, Html).Sample((css, body) => IsSettled(Page(css, body)), iter: Documents(20));

    [Test]
    public void Inlining_twice_is_inlining_once_though_the_style_sheet_be_broken() =>
        Whole.Sample(IsSettled, iter: Documents(5));

    [TestCase("p{color:red}", "<svg><title></p></p><p id=x style='color:blue'>")]
    [TestCase("@x '{}\r\n@media all{p{color:red}}", "<p>")]
    public void What_once_was_not_settled_is(string css, string body) => Assert.That(IsSettled(Page(css, body)), Is.True);

    /// <summary>Real templates and letters, where they lie beside the checkout, cut up: pieces left out, said twice, put elsewhere.</summary>
    [Test]
    public void A_real_document_may_be_broken_anywhere()
    {
        var folder = Path.Combine(Source.Root, "..", "shared", "eval", "inline", "corpora", "real");
        if (!Directory.Exists(folder))
            Assert.Ignore("no real documents beside this checkout (../shared/eval/inline)");
        var real = Directory.GetFiles(folder, "*.html").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(html => html.Length < 60_000).ToList();

        Gen.Select(Gen.Int[0, real.Count - 1], Gen.Select(Gen.Int[0, 59_999], Gen.Int[0, 300], Gen.Int[0, 59_999], Gen.Int[0, 3]).Array[1, 4])
            .Sample((which, cuts) => Inliner.Inline(Cut(real[which], cuts)) is not null, iter: Documents(10));
    }

    private static readonly InlinerOptions NoAttributes = new() { LegacyAttributes = false };

    private static string Page(string css, string body) =>
        $"<!DOCTYPE html><html><head><title>t</title><style>{css}</style></head><body>{body.Replace("<style>", "", StringComparison.Ordinal)}</body></html>";

    private static bool IsSettled(string html)
    {
        var once = Inliner.Inline(html);
        return Inliner.Inline(once) == once;
    }

    private static string Cut(string html, (int From, int Length, int To, int Kind)[] cuts)
    {
        foreach (var (from, length, to, kind) in cuts)
        {
            var start = Math.Min(from, html.Length);
            var piece = html.Substring(start, Math.Min(length, html.Length - start));
            var rest = kind == 0 ? html : html.Remove(start, piece.Length);
            html = kind switch
            {
                3 => html[..start],
                2 => rest,
                _ => rest.Insert(Math.Min(to, rest.Length), piece),
            };
        }
        return html;
    }

    /// <summary>That many of a hundred of all documents: few in each build, 100,000 when asked for (INLINER_DOCUMENTS).</summary>
    private static int Documents(int share) =>
        int.Parse(Environment.GetEnvironmentVariable("INLINER_DOCUMENTS") ?? "8000", CultureInfo.InvariantCulture) * share / 100;

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
