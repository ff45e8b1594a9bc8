using System.Text;
using AngleSharp.Html.Parser;
using CsCheck;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class ThemeTests
{
    private static readonly PersonalValues Ada = new() { Name = "Ada", Email = "ada@example.org", UnsubscribeUrl = "https://news.example.org/u/token" };

    [Test]
    public void The_default_says_in_its_file_what_the_settings_are_without_one() =>
        Assert.That(Theme.Default.Settings, Is.EqualTo(new ThemeSettings()));

    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void A_theme_that_comes_with_the_program_says_every_setting_and_has_no_problem(string name)
    {
        var theme = Theme.Find(name)!;

        Assert.That(theme.Problems, Is.Empty);
        Assert.That(Render(theme, "## Hello\n\nText.").Problems, Is.Empty);
    }

    /// <summary>Each theme has all of it in its own file, to be read and copied whole; what Outlook, the law and the dark ask for is the same.</summary>
    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void The_frame_of_the_letter_and_the_colours_of_code_are_the_same_in_all_themes_that_come_with_the_program(string name)
    {
        var theme = Theme.Find(name)!;

        Assert.That(Frame(theme.Letter), Is.EqualTo(Frame(Theme.Default.Letter)));
        Assert.That(Code(theme.LetterStyle), Is.EqualTo(Code(Theme.Default.LetterStyle)).And.Not.Empty);

        static string[] Frame(string letter) => [letter[..letter.IndexOf("<tr><td class=\"top\">", StringComparison.Ordinal)], letter[letter.IndexOf("<tr><td class=\"foot\"", StringComparison.Ordinal)..]];
        static string[] Code(string style) => [.. style.Split('\n').Where(line => line.Contains(".ck ", StringComparison.Ordinal) || line.Contains(".cs ", StringComparison.Ordinal) || line.Contains(".ct ", StringComparison.Ordinal))];
    }

    [Test]
    public void A_folder_takes_what_it_lacks_from_its_base()
    {
        var theme = Of("base: essay\naccent: \"#0A0\"\nfont: Palatino Linotype, 'Georgia', serif");

        Assert.That(theme.Problems, Is.Empty);
        Assert.That(theme.LetterStyle, Is.EqualTo(Theme.Find("essay")!.LetterStyle));
        Assert.That(theme.Settings.Light.Accent, Is.EqualTo("#00aa00"));
        Assert.That(theme.Settings.Light.Paper, Is.EqualTo(Theme.Find("essay")!.Settings.Light.Paper));
        Assert.That(theme.Settings.Font, Is.EqualTo("'Palatino Linotype',Georgia,serif"));
        Assert.That(Render(theme, "[x](https://example.org)").Html.Write(Ada), Does.Contain("'Palatino Linotype',Georgia,serif").And.Contain("#00aa00"));
    }

    [Test]
    public void A_folder_named_as_one_that_comes_with_the_program_builds_on_that_one() =>
        Assert.That(Theme.Of("essay", file => file == "theme.yaml" ? "margin: 40" : null), Has.Property("Settings").Property("Margin").EqualTo(40).And.Property("Page").EqualTo(Theme.Default.Page)
            .And.Property("Letter").EqualTo(Theme.Find("essay")!.Letter));

    [TestCase("accent: red", "theme.yaml:1:9: accent: `red` is no colour")]
    [TestCase("width: 600\naccent: #0b57d0", "theme.yaml:2:8: accent: `` is no colour")]
    [TestCase("accent: \"#fff;} body{display:none\"", "theme.yaml:1:9: accent: `#fff;} body{display:none` is no colour")]
    [TestCase("font: Georgia", "theme.yaml:1:7: font: `Georgia` is no list of font families")]
    [TestCase("font: \"x</style><script>, serif\"", "theme.yaml:1:7: font: `x</style><script>, serif` is no list of font families")]
    [TestCase("width: 6000", "theme.yaml:1:8: width: `6000` is no number of pixels here")]
    [TestCase("width: 400\nmargin: 80", "theme.yaml:2:1: margin: it leaves less than 320 pixels for the text")]
    [TestCase("\nhero: yes", "theme.yaml:2:7: hero: `yes` is no choice here")]
    [TestCase("colour: \"#fff\"", "theme.yaml:1:1: `colour` is no setting of a theme")]
    [TestCase("base: mine", "theme.yaml:1:7: base: `mine` is no theme that comes with the program")]
    [TestCase("markdown: [footnote]", "theme.yaml:1:11: markdown: `footnote` is nothing that Markdown could understand")]
    [TestCase("accent: \"#fff", "theme.yaml:1:")]
    [TestCase("- a", "theme.yaml:1:1: the file is no list of keys")]
    public void A_bad_setting_is_an_error_with_its_place_and_the_base_holds(string yaml, string message)
    {
        var theme = Of(yaml);

        Assert.That(theme.Problems.Select(problem => problem.Message), Has.Some.StartsWith(message));
        Assert.That(theme.Problems.Select(problem => (problem.Severity, problem.Hint.Length > 0, problem.Code[..6])), Has.All.EqualTo((Severity.Error, true, "theme-")));
        Assert.That(theme.Settings with { Width = 600 }, Is.EqualTo(new ThemeSettings()));
        Assert.That(Render(theme, "x").HasErrors);
    }

    [Test]
    public void No_settings_file_throws_or_brings_in_more_than_a_value()
    {
        string[] words = [.. ThemeKeys.All.Select(key => key.Name), "base", "markdown", ": ", "\n", "#", "\"", "'", "[", "]", "{", "}", ";", "<", ">", "&", ",", "\\", "serif", "Georgia", "#fff", "600", "*a", "&a ", "- ", "|", "\t", "{{ x }}", "/*", "--"];
        var part = Gen.OneOf(Gen.OneOf([.. words.Select(Gen.Const)]), Gen.Char.Select(c => c.ToString()));

        part.Array[0, 40].Select(string.Concat).Sample(yaml =>
        {
            foreach (var (name, value) in ThemeKeys.Names(Of(yaml).Settings))
                Assert.That(value, Does.Match(@"^[A-Za-z0-9#,' -]*\z"), name);
        }, iter: 2000);
    }

    [Test]
    public void A_name_that_a_theme_does_not_know_is_told_with_file_line_and_column()
    {
        var theme = Theme.Default with { LetterStyle = "p { color: {{ theme.text }};\n  border: {{ issue.title }} }", Letter = "<p>{{ theme.colour }}</p>" };

        var problems = Render(theme, "x").Problems;

        Assert.That(problems.Select(problem => $"{problem.Code} {problem.Message}"), Is.EquivalentTo(new[]
        {
            "theme-name-unknown letter.css:2:11: `issue.title` is no name that a style sheet knows",
            "theme-name-unknown letter.html:1:4: `theme.colour` is no name that a theme knows",
        }));
    }

    [TestCase("", true)]
    [TestCase("![queue](https://example.org/hero.png)", false)]
    [TestCase("<img src=\"https://example.org/hero.png\" alt=\"queue\">", false)]
    [TestCase("![another](https://example.org/other.png)", true)]
    public void The_hero_image_is_shown_once(string body, bool byTheTheme)
    {
        var issue = Render(Theme.Default, $"Text.\n\n{body}", "hero-img: https://example.org/hero.png\nhero-alt: A queue");

        foreach (var html in new[] { issue.Html.Write(Ada), issue.WebHtml })
            Assert.That(new HtmlParser().ParseDocument(html).QuerySelectorAll("img[src='https://example.org/hero.png']").Select(image => image.GetAttribute("alt")),
                Is.EqualTo(new[] { byTheTheme ? "A queue" : "queue" }));
    }

    [Test]
    public void A_theme_can_leave_the_hero_image_to_the_page_s_card()
    {
        var issue = Render(Of("hero: hide"), "Text.", "hero-img: https://example.org/hero.png");

        Assert.That(issue.Html.Write(Ada), Does.Not.Contain("hero.png"));
        Assert.That(issue.WebHtml, Does.Contain("og:image").And.Not.Contain("<img"));
    }

    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void A_letter_in_Arabic_has_its_sides_turned(string name)
    {
        var html = new HtmlParser().ParseDocument(Render(Theme.Find(name)!, "> quote\n\n- item", "lang: ar").Html.Write(Ada));

        Assert.That(html.QuerySelector("ul")!.GetAttribute("style"), Does.Contain("padding-right:28px"));
        Assert.That(html.QuerySelectorAll("html, table, div.page").Select(element => element.GetAttribute("dir")), Has.All.EqualTo("rtl"));
        Assert.That(html.QuerySelector("td.foot")!.GetAttribute("dir"), Is.EqualTo("rtl"));
    }

    [TestCase("ja", "'Yu Gothic'")]
    [TestCase("zh-Hant-TW", "'Microsoft JhengHei'")]
    [TestCase("zh-CN", "'Microsoft YaHei'")]
    [TestCase("ko", "'Malgun Gothic'")]
    public void A_language_with_signs_of_its_own_gets_its_fonts_before_the_generic_one(string lang, string font) =>
        Assert.That(Render(Theme.Default, "x", $"lang: {lang}").Html.Write(Ada), Does.Match($"Arial,[^;]*{font}[^;]*,sans-serif"));

    [TestCase("title: \"#12 - 1 Jun 2026\"\ndate: 2026-06-01", "")]
    [TestCase("title: Hedges\ndate: 2026-06-01", "#12 · 1 June 2026")]
    [TestCase("title: \"Hedges, 12\"\ndate: 2026-06-01", "1 June 2026")]
    [TestCase("title: Hedges\ndate: 2026-06-01\nlang: en-US", "#12 · June 1, 2026")]
    [TestCase("title: Hecken\ndate: 2026-06-01\nlang: de", "#12 · 1. Juni 2026")]
    [TestCase("title: 生け垣\ndate: 2026-06-01\nlang: ja", "#12 · 2026年6月1日")]
    [TestCase("title: Hedges\nauthors: [Ada, Grace]", "#12 · Ada, Grace")]
    [TestCase("title: Hedges", "#12")]
    public void Number_and_date_stand_where_the_title_does_not_say_them(string yaml, string line)
    {
        var issue = Render(Theme.Default, "Text.", yaml);

        var html = new HtmlParser().ParseDocument(issue.Html.Write(Ada));
        Assert.That(html.QuerySelector(".dateline")?.TextContent ?? "", Is.EqualTo(line));
        Assert.That(issue.Text.Write(Ada), Does.StartWith(line));
    }

    [TestCase("preheader: P", "P")]
    [TestCase("subtitle: S", "S")]
    [TestCase("subtitle: \"One thing that is long enough to stand alone; a second thing; a third that no mail program would ever show to a reader\"", "One thing that is long enough to stand alone; a second thing …")]
    [TestCase("subject: S", "The first paragraph that says something, and does so for a while, and then goes on until it is cut somewhere …")]
    public void The_words_behind_the_subject_are_there_and_no_longer_than_shown(string yaml, string words)
    {
        var issue = Render(Theme.Default, "Hello {{ subscriber.name }}, welcome to this letter, which is a long one.\n\nShort.\n\nThe first *paragraph* that says something, and does so for a while, and then goes on until it is cut somewhere in the middle.", yaml);

        Assert.That(new HtmlParser().ParseDocument(issue.Html.Write(Ada)).QuerySelector(".preheader")!.TextContent.TrimEnd('\u034f', '\u200c', '\u00a0'), Is.EqualTo(words));
    }

    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void The_hero_image_keeps_its_distance_from_the_title(string name)
    {
        var html = new HtmlParser().ParseDocument(Render(Theme.Find(name)!, "Text.", "hero-img: https://example.org/hero.png").Html.Write(Ada));

        Assert.That(html.QuerySelector("h1 + p > img")!.ParentElement!.GetAttribute("style"), Does.Match("margin: ?24px 0"));
    }

    [TestCase("<img src=\"https://example.org/a.png\" alt=\"A\">\n\n- item", "p > img")]
    [TestCase("<a href=\"https://example.org/\">\nWords\n</a>\n\n- item", "p > a")]
    public void Words_and_images_between_blocks_are_paragraphs(string body, string selector) =>
        Assert.That(new HtmlParser().ParseDocument(Render(Theme.Default, body).WebBody).QuerySelectorAll(selector), Has.Length.EqualTo(1));

    [Test]
    public void A_place_or_a_choice_between_blocks_is_no_paragraph()
    {
        var issue = Render(Theme.Default, "<a id=\"here\">\n</a>\n\n## Heading\n\n<br>\n\n{% if subscriber.name %}\n\nText\n\n{% endif %}");

        Assert.That(new HtmlParser().ParseDocument(issue.Html.Write(Ada)).QuerySelectorAll("td.body > p:not(.dateline)").Select(paragraph => paragraph.TextContent), Is.EqualTo(new[] { "Text" }));
    }

    [Test]
    public void A_page_says_the_name_once_in_its_footer_and_the_date_in_words()
    {
        var html = new HtmlParser().ParseDocument(Render(Theme.Default, "Text.", "date: 2026-12-04\nlang: de").WebHtml);

        Assert.That(html.QuerySelector("footer")!.TextContent.Trim(), Is.EqualTo("1 Mill Lane, Nether Wallop, UK"));
        Assert.That((html.QuerySelector("time")!.TextContent, html.QuerySelector("time")!.GetAttribute("datetime")), Is.EqualTo(("4. Dezember 2026", "2026-12-04")));
    }

    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void No_stroke_stands_behind_the_last_value_of_a_row_on_a_phone(string name) =>
        Assert.That(Theme.Find(name)!.LetterStyle, Does.Contain("tr > :last-child { margin: 0; padding: 0 !important; border: 0 !important; }"));

    // As specific as the rule for phones, which comes later, it would lose: strokes in the light colour on dark paper.
    [TestCaseSource(typeof(Theme), nameof(Theme.Names))]
    public void Strokes_between_values_are_dark_in_the_dark(string name) =>
        Assert.That(Theme.Find(name)!.LetterStyle, Does.Match(@"\.body \.data tr > th, \.body \.data tr > td \{ border-color: \{\{ theme\.dark_line \}\} !important"));

    [Test]
    public void The_letter_carries_no_class_that_no_rule_names()
    {
        var html = Render(Theme.Default, "Text.").Html.Write(Ada);

        Assert.That(html, Does.Contain("class=\"body\"").And.Not.Contain("class=\"card\""));
    }

    private static Theme Of(string yaml) => Theme.Of("mine", file => file == "theme.yaml" ? yaml : null);

    private static RenderedIssue Render(Theme theme, string body, string yaml = "title: T") =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{(yaml.Contains("title:", StringComparison.Ordinal) ? "" : "title: T\n")}{yaml}\n---\n{body}")).Issue!, Some.Publication(), theme, Surroundings.None);
}
