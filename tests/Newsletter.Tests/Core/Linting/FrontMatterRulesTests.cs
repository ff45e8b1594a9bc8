using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Linting;

public sealed class FrontMatterRulesTests
{
    private static readonly Surroundings Neighbours = new()
    {
        Issues = new Dictionary<int, IssueEntry>
        {
            [10] = new(10, "0010", "#10 - 1 May 2026", new(2026, 5, 1), "https://example.org/hero.png"),
            [11] = new(11, "0011-bees", "#11 - 2 May 2026", new(2026, 5, 2), "") { Body = () => "## The Hive\n\n<a id=\"queen\"></a>" },
            [9] = new(9, "0009", "#9 - 30 April 2026", new(2026, 4, 30), "") { Body = () => "## The Hive {#hive}" },
            [8] = new(8, "0008", "#8 - 29 April 2026", new(2026, 4, 29), "") { Body = () => "[[snippet: about]]" },
            [7] = new(7, "0007", "#7 - 28 April 2026", new(2026, 4, 28), "") { Body = () => "[[list: jobs]]" },
            [6] = new(6, "0006", "#6 - 27 April 2026", new(2026, 4, 27), "") { Body = () => "## [[count: jobs]] jobs" },
            [5] = new(5, "0005", "#5 - 26 April 2026", new(2026, 4, 26), "") { Body = () => "<h2>Foo bar</h2>\n\n<div><h3>In div</h3></div>" },
            [4] = new(4, "0004", "#4 - 25 April 2026", new(2026, 4, 25), "") { Body = () => "## Party :tada:" },
            [3] = new(3, "0003", "#3 - 24 April 2026", new(2026, 4, 24), "") { Body = () => "## Note[^a]\n\n[^a]: words" },
            [12] = new(12, "0012", "#12 - 3 May 2026", new(2026, 5, 3), ""),
            [14] = new(14, "0014", "#14 - 3 June 2026", new(2026, 6, 3), ""),
        },
        Image = address => address == "gone.png" ? new ImageFacts { Fault = ImageFault.Missing } : address.Contains("big", StringComparison.Ordinal) ? new ImageFacts { Width = 4000, Height = 10, Bytes = 2_500_000 } : null,
    };

    [TestCase("key-mistyped", "titel: x", "title")]
    [TestCase("key-mistyped", "sub-title: x", "subtitle")]
    [TestCase("key-mistyped", "hero_img: https://example.org/a.png")]
    [TestCase("key-mistyped", "hero-image: https://example.org/a.png")]
    [TestCase("subtitle-case", "subtitle: haring Knowledge; Bees and Hives; The Queen; Honey", "subtitle")]
    [TestCase("value-blanks", "preheader: \"one  two\"")]
    [TestCase("value-comment", "subtitle: News about #5 and more", "subtitle")]
    [TestCase("value-comment", "preheader: He said \"hi\" #5")]
    [TestCase("value-comment", "hero-alt: #5")]
    [TestCase("subject-long", "subject: A subject that goes on and on until no list of mails in the whole wide world shows it to its end")]
    [TestCase("subject-emoji", "subject: Bees 🐝")]
    [TestCase("subject-emoji", "subject: ☕ and bees")]
    [TestCase("subject-emoji", "subject: ⏰ Bees")]
    [TestCase("key-mistyped", "heroimage: https://example.org/a.png")]
    [TestCase("date-missing", "date:", "date")]
    [TestCase("date-missing", "date: \"\"", "date")]
    [TestCase("title-number", "subject: \"#11 - Bees\"")]
    [TestCase("title-number", "title: \"Newsletter #11\"", "title")]
    [TestCase("subject-missing", "title: #12 - Bees", "title")]
    [TestCase("subject-shouting", "subject: READ THIS NOW OR NEVER")]
    [TestCase("preheader-same", "preheader: \"#12 - 3 May 2026\"")]
    [TestCase("preheader-same", "preheader: \"#12 - 3 may 2026\"")]
    [TestCase("hero-missing", "hero-img: gone.png")]
    [TestCase("hero-again", "hero-img: https://example.org/hero.png")]
    [TestCase("image-http", "hero-img: http://example.org/hero2.png")]
    [TestCase("placeholder", "subject: TODO")]
    [TestCase("images-invalid", "images: nope")]
    [TestCase("text-links-invalid", "text-links: bogus")]
    public void A_key_that_is_odd_is_found(string code, string line, string without = "")
    {
        var yaml = string.Join('\n', Lint.Yaml.Split('\n').Where(one => without.Length == 0 || !one.StartsWith(without, StringComparison.Ordinal)).Append(line));

        Assert.That(Lint.Check("Text.", yaml, Neighbours).Where(problem => problem.Line == yaml.Split('\n').Length + 1).Select(problem => problem.Code), Does.Contain(code));
    }

    [TestCase("subtitle: \"News about #5\"")]
    [TestCase("subtitle: News of C# and F# and a#5")]
    [TestCase("subtitle: Bees # lint: allow subject-long")]
    [TestCase("subtitle: |\n  Bees #5")]
    [TestCase("subtitle: Bees\nauthors: [Ada] # and Eve?\nstatus: draft # until Anna has seen it")]
    public void A_comment_that_is_meant_is_one(string yaml) =>
        Assert.That(Lint.Codes("Text.", string.Join('\n', Lint.Yaml.Split('\n').Where(line => !line.StartsWith("subtitle", StringComparison.Ordinal)).Append(yaml))), Has.None.EqualTo("value-comment"));

    [Test]
    public void All_emoji_of_a_subject_are_named_whole() =>
        Assert.That(Lint.Check("Text.", Lint.Yaml + "\nsubject: ⛴️ to the island 🎉 and 🎉").Single(problem => problem.Code == "subject-emoji").Message, Does.Contain("⛴️, 🎉").And.Not.Contain("🎉, 🎉"));

    [TestCase("title-number", "title: \"#13 - 3 May 2026\"\ndate: 2026-05-03")]
    [TestCase("title-date", "title: \"#12 - 4 May 2026\"\ndate: 2026-05-03")]
    [TestCase("title-date", "title: \"#12 - May 4, 2026\"\ndate: 2026-05-03")]
    [TestCase("title-date", "title: \"#12 - 3 May 2025 - Bees\"\ndate: 2026-05-03")]
    [TestCase("title-date", "title: \"#12 - 3 May\"\ndate: 2026-05-03")]
    [TestCase("title-date", "title: \"Bees, 2026-05-04\"\ndate: 2026-05-03")]
    [TestCase("title-missing", "subject: Bees\ndate: 2026-05-03")]
    [TestCase("title-again", "title: \"#11 - 2 May 2026\"\ndate: 2026-05-03")]
    [TestCase("date-missing", "title: Bees")]
    [TestCase("date-order", "title: Bees\ndate: 2026-05-01")]
    [TestCase("date-order", "title: Bees\ndate: 2026-05-02")]
    [TestCase("preheader-missing", "title: Bees\ndate: 2026-05-03")]
    [TestCase("front-matter-blank", "title: Bees\n\ndate: 2026-05-03")]
    [TestCase("date-file", "title: Bees\ndate: 2026-05-03", "0012-2026-05-04-bees.md")]
    [TestCase("number-gap", "title: Bees\ndate: 2026-06-03", "0014.md")]
    [TestCase("date-invalid", "title: Bees\ndate: 2026-20-05")]
    [TestCase("value-blanks", "title: Bees\ndate: 2026-05-03\nsubtitle: \"one;\n  two\"")]
    [TestCase("number-mismatch", "title: Bees\nnumber: 13")]
    public void Title_number_and_date_that_disagree_are_found(string code, string yaml, string file = "0012.md") =>
        Assert.That(Lint.Codes("Text.", yaml, Neighbours, file), Does.Contain(code));

    [TestCase("hero-img: https://example.org/a.png", "", true)]
    [TestCase("hero-img: images/own.png", "", true)]
    [TestCase("hero-img: https://example.org/a.png\nhero-alt: A hive", "", false)]
    [TestCase("hero-img: https://example.org/a.png", "![A hive](https://example.org/a.png)", false)]
    [TestCase("hero-img: https://example.org/a.png", "hide", false)]
    public void A_hero_image_that_the_theme_shows_has_words(string lines, string body, bool isFound)
    {
        var around = Surroundings.None with { Image = address => address.StartsWith("images/", StringComparison.Ordinal) ? new ImageFacts { Content = new byte[] { 1, 2, 3 }, MediaType = "image/png", Bytes = 3, Width = 3, Height = 3 } : null };
        var theme = body == "hide" ? Theme.Of("mine", file => file == "theme.yaml" ? "hero: hide" : null) : Theme.Default;

        Assert.That(Lint.Codes(body, $"{Lint.Yaml}\n{lines}", around, theme: theme).Contains("image-alt"), Is.EqualTo(isFound));
    }

    [TestCase("number-twice", "0012-copy.md", 12, "0012-copy")]
    [TestCase("slug-twice", "0013.md", 13, "0012")]
    [TestCase("", "0013.md", 13, "0013")]
    [TestCase("", "0012.md", 12, "0012")]
    public void Two_files_of_one_number_or_one_address_are_errors(string code, string file, int number, string slug)
    {
        var around = Surroundings.None with { Files = () => [new(12, "0012", "", null, "") { FileName = "0012.md" }, new(number, slug, "", null, "") { FileName = file }] };

        Assert.That(Lint.Check("Text.", surroundings: around).Select(problem => $"{problem.Severity} {problem.Code}"), Is.EqualTo(code.Length > 0 ? [$"Error {code}"] : Array.Empty<string>()));
        Assert.That(Lint.Codes("Text.", surroundings: around, file: "0012-elsewhere.md"), Is.Empty);
    }

    [TestCase("title: \"#12 - Link Roundup, 3 May 2026\"\nsubtitle: mmap() or not; Bees; Hives; Honey\ndate: 2026-05-03\nlayout: email\nseries: spring\nmood: good")]
    [TestCase("title: \"12 - Sept 3rd, 2026 - and a word\"\nsubtitle: simulate, don't guess; bees; Hives\ndate: 2026-09-03")]
    [TestCase("title: May 12 bees\nsubtitle: Bees\ndate: 2026-05-12", "0012-may-12.md")]
    public void Sound_front_matter_is_left_alone(string yaml, string file = "0012.md") =>
        Assert.That(Lint.Check("Text.", yaml, Neighbours, file).Select(problem => problem.ToString()), Is.Empty);

    [Test]
    public void A_file_that_is_none_of_the_publications_has_no_issue_before_it() =>
        Assert.That(Lint.Check("Text.", "title: Bees\nsubtitle: Hives\ndate: 2019-01-01", Neighbours, "0012-elsewhere.md").Select(problem => problem.ToString()), Is.Empty);

    [TestCase("[about us](#about-us)\n\n[[snippet: about]]")]
    [TestCase("[a hive](#hive) [a bee](#bee)\n\n## The Hive {#hive}\n\nA bee.\n{#bee}")]
    public void Places_that_a_snippet_or_an_attribute_list_names_are_there(string body) =>
        Assert.That(Lint.Codes(body, Lint.Yaml + "\nmarkdown: [attributes]", Surroundings.None with { Snippet = _ => Some.Snippet("## About us") }), Does.Not.Contain("anchor-missing"));

    [TestCase("own-dead", "[words](https://news.example.org/issues/0099)")]
    [TestCase("own-dead", "[words](/issues/0011)")]
    [TestCase("anchor-missing", "[words](https://news.example.org/issues/0011-bees#the-hiv)")]
    [TestCase("anchor-missing", "[words](issue:11#the-hiv)")]
    [TestCase("reference-number", "[#10](https://news.example.org/issues/0011-bees)")]
    [TestCase("image-heavy", "![A bee](big.png)")]
    [TestCase("image-wide", "![A bee](big.png)")]
    [TestCase("image-weight", "![A bee](big.png) ![A hive](big2.png)")]
    public void What_surrounds_an_issue_is_known(string code, string body) => Assert.That(Lint.Codes(body, surroundings: Neighbours), Does.Contain(code));

    [TestCase("[the hive](https://news.example.org/issues/0011-bees#the-hive) [a queen](0011-bees#queen) [more bees](https://news.example.org/)")]
    [TestCase("[a hive](issue:9#hive) [about us](issue:8#about-us)")]
    [TestCase("[foo](issue:5#foo-bar) [in a div](issue:5#in-div) [a party](issue:4#party-) [a note](issue:3#note)")]
    [TestCase("[a beekeeper](issue:7#beekeeper) [three jobs](issue:6#3-jobs)")]
    [TestCase("[the hive](issue:11#the-hive) and [](issue:11), <issue:11>; see [[#11]]")]
    [TestCase("[#11](https://news.example.org/issues/0011-bees) [this very issue](https://news.example.org/issues/0012)")]
    public void Links_to_other_issues_that_hold_are_left_alone(string body) =>
        Assert.That(Lint.Check(body, surroundings: Neighbours).Select(problem => problem.ToString()), Is.Empty);

    [TestCase("issue:14", "is of 2026-06-03")]
    [TestCase("issue:2", "is a draft")]
    [TestCase("issue:15", "comes later")]
    [TestCase("https://news.example.org/issues/0014", "is of 2026-06-03")]
    [TestCase("issue:11", null)]
    [TestCase("issue:12", null)]
    public void A_reference_to_an_issue_that_goes_out_later_is_found(string target, string? why)
    {
        var around = Neighbours with { Issues = new Dictionary<int, IssueEntry>(Neighbours.Issues) { [2] = new(2, "0002", "#2", null, "") { Status = IssueStatus.Draft }, [15] = new(15, "0015", "#15", null, "") } };

        var found = Lint.Check($"See [the other one]({target}).", surroundings: around).SingleOrDefault(problem => problem.Code == "reference-unsent");

        Assert.That((found?.Line, found?.Column, found?.Message), Is.EqualTo(why is null ? ((int?)null, (int?)null, (string?)null) : (6, 21, $"issue {target[^2..].TrimStart(':').TrimStart('0')} {why}: its page is not there when this letter arrives")));
    }
}
