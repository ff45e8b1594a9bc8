using System.Text.RegularExpressions;
using CsCheck;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Linting;

namespace Newsletter.Tests.Core.Linting;

public sealed partial class LinterTests
{
    [TestCase("over the the hill <!-- lint: allow word-twice -->")]
    [TestCase("<!-- lint: allow word-twice -->\nover the the hill")]
    [TestCase("<!-- lint: allow word-twice, link-here: they say so -->\n\nover the the hill [here](https://example.org)")]
    [TestCase("<!-- lint: allow word-twice -->\n<!-- lint: allow link-here -->\nover the the hill [here](https://example.org)")]
    [TestCase("over the the hill <!-- lint: allow word-twice: a > b, he says -->")]
    [TestCase("over the the hill <!-- lint: allow Word-Twice -->")]
    [TestCase("over the the hill [here](https://example.org) <!-- lint: allow word-twice --> <!-- lint: allow link-here -->")]
    [TestCase("> <!-- lint: allow word-twice -->\n>\n> over the the hill")]
    public void A_finding_is_allowed_by_a_comment_behind_the_line_or_alone_before_it(string body) =>
        Assert.That(Lint.Check(body), Is.Empty);

    [Test]
    public void An_allowance_holds_for_its_line_alone_and_is_said_where_nothing_needs_it()
    {
        var problems = Lint.Check("over the the hill <!-- lint: allow link-here -->\nand the the dale <!-- lint: allow word-thrice -->");

        Assert.That(problems.Select(problem => $"{problem.Line} {problem.Severity} {problem.Code}"),
            Is.EquivalentTo(new[] { "6 Warning word-twice", "6 Info allow-unused", "7 Warning word-twice", "7 Info allow-unknown" }));
    }

    [Test]
    public void The_front_matter_allows_what_is_found_there_and_of_the_whole_letter()
    {
        var problems = Lint.Check("<span style=\"color:#bbbbbb\">x</span>", Lint.Yaml + "\nsubject: READ THIS NOW OR NEVER # lint: allow subject-shouting\n# lint: allow size-near", null);

        Assert.That(problems.Select(problem => problem.Code), Is.EquivalentTo(new[] { "contrast", "allow-unused" }));
    }

    // A regular expression's \d knows them as digits, and no number is read from them.
    [TestCase("#٢ - مرحبا", "x")]
    [TestCase("#１ - …", "x")]
    [TestCase("Nummer 4, ٣ May 2024", "x")]
    [TestCase("Nummer 4, May ٣, २०२४", "x")]
    [TestCase("२०२४-०५-०३", "x")]
    [TestCase("T", "<span style=\"font-size:١٢px\">x</span> <span style=\"font:१२px serif\">y</span>")]
    public void Digits_of_another_script_are_words(string title, string body) =>
        Assert.That(() => Lint.Codes(body, $"title: \"{title}\"\ndate: 2026-05-03").ToList(), Throws.Nothing);

    [Test]
    public void An_error_of_rendering_cannot_be_allowed() =>
        Assert.That(Lint.Codes("{{ nobody }} <!-- lint: allow name-unknown -->"), Does.Contain("name-unknown"));

    [Test]
    public void A_letter_that_Gmail_cuts_is_said_with_what_takes_the_room()
    {
        var problems = Lint.Check("## Bees\n\n" + string.Concat(Enumerable.Repeat("All work and no play makes Jack a dull boy. ", 2000)) + "\n\n## Hives\n\nFew words.");

        var problem = problems.Single(problem => problem.Code == "size-near" || problem.Code == "size-clipped");
        Assert.That(problem.Message, Does.Contain("Most of it: the part \"Bees\" 8").And.Not.Contain("Hives\" 8"));
    }

    [Test]
    public void Colours_of_a_theme_are_weighed_in_light_and_dark()
    {
        var theme = Theme.Default with { Name = "faint", LetterStyle = Theme.Default.LetterStyle + "\np { color: #aaaaaa; } @media (prefers-color-scheme: dark) { p { color: #444444 !important; } }" };

        var problems = Lint.Check("Faint words.", theme: theme).Where(problem => problem.Code == "contrast").Select(problem => problem.Message).ToList();

        Assert.That(problems, Has.Some.Contains("theme faint: #aaaaaa on #ffffff has a contrast of 2.3 in light").And.Some.Contains("#444444 on").And.Some.Contains("in dark"));
    }

    [TestCase("<span style=\"color:rgba(0, 0, 0, 0.3)\">Faint words.</span>", false)]
    [TestCase("Words.", true)]
    public void The_theme_is_blamed_for_colours_only_where_the_text_has_none(string body, bool isTheThemes)
    {
        var theme = isTheThemes ? Theme.Default with { Name = "faint", LetterStyle = Theme.Default.LetterStyle + "\np { color: #aaaaaa; }" } : Theme.Default;

        Assert.That(Lint.Check(body, theme: theme).First(problem => problem.Code == "contrast").Message.StartsWith("theme ", StringComparison.Ordinal), Is.EqualTo(isTheThemes));
    }

    [TestCase("text-link", "<p><a href=\"https://example.org/only-in-html\">The hives</a></p>")]
    [TestCase("text-differs", "<p>Seven words that the text part does not have</p>")]
    public void What_only_the_theme_s_HTML_says_is_missed_in_the_text_part(string code, string html)
    {
        var theme = Theme.Default with { Letter = Theme.Default.Letter.Replace("{{ content }}", html + "{{ content }}", StringComparison.Ordinal) };

        Assert.That((Lint.Codes("Words.", theme: theme).Contains(code), Lint.Codes("Words.").Contains(code)), Is.EqualTo((true, false)));
    }

    [TestCase("[The report](https://example.org/報告)")]
    [TestCase("[The report](https://example.org/%E5%A0%B1%E5%91%8A)")]
    [TestCase("[The razor](https://example.org/Occam's_razor), https://example.org/Occam's_beard")]
    [TestCase("[The report](https://example.org/a[1])")]
    [TestCase("[The report](https://müller.example/a), [another](https://example.org/x?q=a|b&c[]=1)")]
    public void A_path_is_the_same_in_signs_of_its_own_and_in_those_that_every_program_knows(string body) =>
        Assert.That(Lint.Codes(body), Has.None.EqualTo("text-link"));

    [Test]
    public void More_style_sheets_than_Gmail_keeps_are_said()
    {
        var rules = string.Concat(Enumerable.Range(0, 500).Select(i => $"a:hover {{ padding-left: {i}px !important; }}\n"));
        var theme = Theme.Default with { LetterStyle = $"{Theme.Default.LetterStyle}\n@media (max-width: 480px) {{ {rules} }}" };

        Assert.That((Lint.Codes("[A hive](https://example.org/hive)", theme: theme).Contains("size-style"), Lint.Codes("Words.").Contains("size-style")), Is.EqualTo((true, false)));
    }

    [TestCase(1, 1, true)]
    [TestCase(3, 1, false)]
    public void An_image_of_a_pixel_or_two_is_a_beacon(int width, int height, bool isOne)
    {
        var around = Surroundings.None with { Image = _ => new ImageFacts { Width = width, Height = height, MediaType = "image/gif" } };

        Assert.That(Lint.Codes("![A dot](https://example.org/dot.gif)", surroundings: around).Contains("image-beacon"), Is.EqualTo(isOne));
    }

    [Test]
    public void Styles_of_a_theme_that_programs_lack_are_said_once()
    {
        var theme = Theme.Default with { Name = "odd", LetterStyle = "p { display: flex; width: calc(100% - 2px); }" };

        Assert.That(Lint.Check("Text.", theme: theme).Single(problem => problem.Code == "theme-client").Message, Does.Contain("`calc`").And.Contain("`display:flex` is nothing to Outlook for Windows"));
    }

    [Test]
    public void Sizes_that_a_far_server_made_up_are_added_all_the_same()
    {
        var around = Surroundings.None with { Image = _ => new ImageFacts { Width = 64, Height = 64, Bytes = long.MaxValue, MediaType = "image/png" } };

        Assert.That(Lint.Codes("![One](https://example.org/1.png) ![Two](https://example.org/2.png)", surroundings: around), Does.Contain("image-weight"));
    }

    [Test]
    public void The_theme_that_comes_with_the_program_has_no_finding() => Assert.That(Lint.Check("## Words\n\nText, [a link](https://example.org/), `code`.\n\n> Quoted\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| c | d |"), Is.Empty);

    [Test]
    public void What_was_seen_on_the_web_stands_at_the_link_and_can_be_allowed()
    {
        var issue = IssueFile.Read("0012.md", "---\ntitle: T\n---\n[a](https://e.org/a#x) ![b](https://e.org/b.png)\n[c](https://e.org/a) <!-- lint: allow online-dead -->\n"u8.ToArray()).Issue!;

        var problems = Linter.CheckOnline(issue, Some.Publication(), Surroundings.None, address => new Visit { Final = address.Address, Status = address.IsImage ? 200 : 404, MediaType = "text/html" });

        Assert.That(problems.Select(problem => $"{problem.Line}:{problem.Column} {problem.Code}"), Is.EqualTo(new[] { "4:5 online-dead", "4:24 online-type" }));
    }

    [TestCase("unsubscribe-missing", "<a href=\"{{ unsubscribe_url }}\">Out</a>")]
    [TestCase("postal-missing", "{{ publication.postal_address }}")]
    public void A_letter_without_what_the_law_asks_for_is_an_error(string code, string what)
    {
        var bare = Theme.Default with { Letter = "<html><body>{{ content }}</body></html>", LetterText = "{{ content }}" };
        var sound = bare with { Letter = $"<html><body>{{{{ content }}}} {what}</body></html>" };

        Assert.That(Lint.Check("Words.", theme: bare).Single(problem => problem.Code == code).Severity, Is.EqualTo(Severity.Error));
        Assert.That(Lint.Codes("Words.", theme: sound), Has.None.EqualTo(code));
        Assert.That(Lint.Codes($"Words. {what}", theme: bare), Has.None.EqualTo(code), "said by the issue itself");
    }

    [TestCase("1 Mill Lane<br>Nether Wallop<br>UK")]
    [TestCase("<p>1 Mill Lane</p><p>NETHER WALLOP &middot; UK</p>")]
    public void A_postal_address_may_be_written_over_lines(string html) =>
        Assert.That(Lint.Codes("Words.", theme: Theme.Default with { Letter = $"<html><body>{{{{ content }}}}<div>{html}</div></body></html>" }), Has.None.EqualTo("postal-missing"));

    [Test]
    public void What_was_not_looked_at_is_said_once_for_each_host_that_asked_to_be_left_alone()
    {
        var issue = IssueFile.Read("0012.md", "---\ntitle: T\n---\n[a](https://e.org/a) [short](https://s.example/b) [a](https://e.org/a#again)\n[c](https://e.org/c) [busy](https://busy.example/)\n"u8.ToArray()).Issue!;

        var problems = Linter.CheckOnline(issue, Some.Publication(), Surroundings.None, address => new Visit
        {
            Status = address.Address.Host == "busy.example" ? 503 : 429, Final = address.Address.Host == "s.example" ? new("https://e.org/b") : address.Address,
        });

        Assert.That(problems.Select(problem => $"{problem.Line}:{problem.Column} {problem.Code} {problem.Message}"), Is.EqualTo(new[]
        {
            "4:5 online-unasked `e.org` answers 429 and is left alone: 3 addresses were not looked at",
            "5:29 online-unasked `busy.example` answers 503 and is left alone: this address was not looked at",
        }));
    }

    [Test]
    public void All_addresses_of_an_issue_are_asked_for_but_those_that_are_not_there_yet()
    {
        const string Text = "---\ntitle: T\nhero-img: https://e.org/hero.png\ncanonical: https://e.org/first\n---\n"
            + "[file](files/x.pdf) [issue](0011) [root](/about?a=1#b) ![far](//e.org/far.png)\n"
            + "[below](#below) [this page](0012#top) [page](https://news.example.org/issues/0012) [mail](mailto:a@e.org) [eleven](issue:11) [you](/{{ subscriber.name }})\n"
            + "![ours](images/bee.png) ![gone](images/gone.png) [large](images/bee.png)\n";
        var around = Surroundings.None with { Image = address => address switch { "images/bee.png" => new() { Content = new byte[1] }, "images/gone.png" => new() { Fault = ImageFault.Missing }, _ => null } };

        var addresses = Linter.WebAddresses(IssueFile.Read("0012.md", System.Text.Encoding.UTF8.GetBytes(Text)).Issue!, Some.Publication(), around);

        Assert.That(addresses.Select(one => $"{one.Line}:{one.Column} {one.Within}{one.Address.OriginalString}{(one.IsImage ? " image" : "")}"), Is.EqualTo(new[]
        {
            "3:11 hero-img: https://e.org/hero.png image", "4:12 canonical: https://e.org/first",
            "6:8 https://news.example.org/issues/files/x.pdf", "6:29 https://news.example.org/issues/0011", "6:42 https://news.example.org/about?a=1#b", "6:56 https://e.org/far.png image",
        }));
    }

    [Test]
    public void Every_code_that_is_used_is_in_the_table()
    {
        var core = Path.Combine(Source.Root, "src", "Newsletter.Core");

        var used = from folder in new[] { "Issues", "Composing", "Linting" }
                   from file in Directory.EnumerateFiles(Path.Combine(core, folder), "*.cs", SearchOption.AllDirectories)
                   where !file.EndsWith("LintCodes.cs", StringComparison.Ordinal)
                   from Match match in Used().Matches(File.ReadAllText(file))
                   select match.Groups["code"].Value;

        Assert.That(used.Distinct().Where(code => !LintCodes.Knows(code) && !IssueFields.Keys.Contains(code)), Is.Empty);
        Assert.That(LintCodes.All.Select(code => code.Name), Is.Unique);
    }

    [Test]
    public void The_documentation_has_the_table()
    {
        var docs = File.ReadAllLines(Path.Combine(Source.Root, "docs", "lint.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split(" | ")).ToList();

        var rows = docs.Select(cells => (cells[0][2..].Trim('`'), cells[1], cells[2], cells[^1].TrimEnd('|', ' ')));
        Assert.That(rows, Is.EqualTo(LintCodes.All.Select(code => (code.Name, code.Severity.ToString().ToLowerInvariant(), code.What.Replace("|", "\\|", StringComparison.Ordinal), code.Remedy.Replace("|", "\\|", StringComparison.Ordinal)))));
        Assert.That(docs.Where(cells => cells.Length < 5 || cells[3].Trim().Length == 0).Select(cells => cells[0]), Is.Empty, "rows without an example");
    }

    [Test]
    public void Real_issues_are_refused_for_nothing()
    {
        var folder = Path.Combine(Source.Root, "..", "shared", "issues");
        if (!Directory.Exists(folder))
            Assert.Ignore("the real issues are not here (../shared/issues)");

        var errors = from path in Directory.EnumerateFiles(folder, "0*.md")
                     let issue = IssueFile.Read(path, File.ReadAllBytes(path)).Issue!
                     let rendered = Renderer.Render(issue, Some.Publication(), Theme.Default, Surroundings.None)
                     from problem in Linter.Check(issue, rendered, Some.Publication(), Theme.Default, Surroundings.None)
                     where problem.Severity == Severity.Error
                     select $"{path}:{problem}";

        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void Random_issues_are_looked_over_without_a_throw()
    {
        string[] vocabulary =
        [
            "<b>", "</b>", "<a href=\"http://x\">", "</a>", "<a id=\"#\">", "<p style=\"color:#;background:rgb(1 2)\">", "<td bgcolor=red>", "<font color=\"#eee\">", "<img src=x alt>", "<!-- lint: allow word-twice -->", "<!-- lint: allow", "-->",
            "<br/.>", "<", ">", "&", "&#1;", "\n", "\n\n", "\n\n", "- ", "1. ", "> ", "# ", "|", "| a |\n| b |\n", "*", "**", "_", "~~", "`", "```", "[", "](", ")", "![", "](http://e.org/a b)", "](#", "[x](https://e.org/?utm_a=1)", "[](",
            "{{ subscriber.name }}", "{% if subscriber.name %}", "{% endif %}", "{% raw %}", "::: mail", ":::", "word word", " ", "    ", "“", "”", "\"", "'", "http://e.org/a_b", "a@e.org", "😀", "----------", "\\", "\\\n", "TODO", ":wq", "full listing of jobs",
            "the", "the ", "*BSD", "A*", "#[12](https://news.example.org/issues/0013#x)", "\uE000", "\uE001", "\uFFFC",
        ];

        Gen.Int[0, vocabulary.Length - 1].Select(i => vocabulary[i]).Array[0, 40].Sample(words => Lint.Check(string.Concat(words)) is not null, iter: 300);
    }

    [TestCase("the ", 1_900_000)]
    [TestCase("](http://a b) ", 1_000_000)]
    [TestCase("the the ")]
    [TestCase("* ")]
    [TestCase("a *b\n\n")]
    [TestCase("“")]
    [TestCase("\"")]
    [TestCase("[x](http://a.org/b)\n\n")]
    [TestCase("<!-- lint: allow word-twice -->\n")]
    [TestCase("## a\n\n", 50_000)]
    [TestCase("<br/.> ")]
    [TestCase("| a |\n")]
    [TestCase("<span style=\"color:#ccc\">x</span>\n\n")]
    [TestCase("<!-- lint: allow ")]
    [TestCase("listing of ")]
    [TestCase("[insert ")]
    [TestCase("\\\n", 20_000)]
    public void A_huge_issue_takes_no_more_than_its_share(string unit, int length = 300_000)
    {
        Allocated(unit, 1000); // what is made once

        var (half, whole) = (Allocated(unit, length / 2), Allocated(unit, length));

        Assert.That(whole, Is.LessThan(2.5 * half)); // and what copies nothing and is not linear does not end within the run's own limit
    }

    private static long Allocated(string unit, int length)
    {
        var text = string.Concat(Enumerable.Repeat(unit, length / unit.Length));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Lint.Check(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [GeneratedRegex(@"(?:Severity\.\w+, |(?:Report|problems\.Add|At|AtKey|Whole|Kept|OneOf|IssueAt|Refuse)\((?:[^""\n]|""(?![a-z]+-[a-z-]+""))*?)""(?<code>[a-z]+-[a-z-]+)""")]
    private static partial Regex Used();
}
