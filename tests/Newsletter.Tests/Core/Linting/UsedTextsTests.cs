using Newsletter.Issues;
using Newsletter.Linting;

namespace Newsletter.Tests.Core.Linting;

/// <summary>What an issue uses of other files is looked over as well, and said where it is used.</summary>
public sealed class UsedTextsTests
{
    [TestCase("See [#13](issue:12).", "8 reference-number snippets/about.md:3: the link says 13 and leads to 12")]
    [TestCase("See [the hives](issue:11#hive).", "8 anchor-missing snippets/about.md:3: there is no `#hive` in issue 11; did you mean `#hives`?")]
    [TestCase("See [the hives](https://news.example.org/issues/0099).", "8 own-dead snippets/about.md:3: ")]
    [TestCase("See [below](#nowhere).", "8 anchor-missing snippets/about.md:3: there is no `#nowhere` in this issue")]
    [TestCase("See [it](http://example.org/).", "8 link-http snippets/about.md:3: ")]
    [TestCase("<span style=\"color:#bbbbbb\">faint</span>", "8 contrast snippets/about.md:3: #bbbbbb on")]
    [TestCase("See the the hills.", "8 word-twice snippets/about.md:3: ")]
    [TestCase("{% if subscriber.name %}See [#13](issue:12).{% endif %}", "8 reference-number snippets/about.md:3: ")]
    [TestCase("[[snippet: inner]]", "8 reference-number snippets/inner.md:1: the link says 13 and leads to 12")]
    public void A_snippet_is_looked_over(string text, string finding) =>
        Assert.That(Said("Words.\n\n> [[snippet: about]]", about: text), Has.Some.StartsWith(finding));

    [TestCase("See [the hives](issue:11#hives), [words](#words), [web](#web-alone), [us](#about-us) and [[#11]].")]
    [TestCase("<!-- lint: allow word-twice -->\nover the the hill")]
    [TestCase("over the the hill <!-- lint: allow word-twice -->")]
    [TestCase("{{ subscriber.name }}, [you](https://example.org/?q={{ subscriber.name }})")]
    public void A_sound_one_is_left_alone(string text) => Assert.That(Said("## Words\n\n[[snippet: about]]\n\n::: web\n## Web alone\n:::", about: text), Is.Empty);

    [Test]
    public void A_finding_in_a_snippet_is_said_once_and_can_be_allowed_where_it_is_used()
    {
        Assert.That(Said("[[snippet: about]]\n\n[[snippet: about]]", about: "the the"), Has.Count.EqualTo(1));
        Assert.That(Said("<!-- lint: allow word-twice -->\n\n[[snippet: about]]", about: "the the"), Is.Empty);
    }

    [Test]
    public void What_the_first_line_of_a_snippet_allows_is_allowed() => Assert.That(Said("[[snippet: first]]"), Is.Empty);

    [Test]
    public void A_snippet_that_holds_itself_is_looked_over_once() =>
        Assert.That(Said("[[snippet: about]]", about: "the the\n\n[[snippet: about]]").Select(said => said.Split(' ')[1]), Is.EquivalentTo(new[] { "word-twice", "snippet-cycle" }));

    [Test]
    public void The_form_of_a_list_and_the_addresses_of_the_items_shown_are_looked_over()
    {
        const string Items = "title,url,note,until\na,http://example.org/a,http://example.org/not-shown,\nb,https://example.org/b?utm_source=c,,\nc,http://example.org/c,,2026-05-02\nd,https://news.example.org/issues/0099,,\n";

        var said = Said("Words.\n\n[[list: jobs]]\n\n[[list: jobs by title]]", list: DataList.Read("data/jobs.csv", System.Text.Encoding.UTF8.GetBytes(Items)) with { Form = "## About us\n\n[{{ item.title }}]({{ item.url }}), see [#13](issue:12)" });

        Assert.That(said.Select(one => string.Join(' ', one.Split(' ')[..3])), Is.EqualTo(new[] { "8 link-http data/jobs.csv:2:", "8 link-tracking data/jobs.csv:3:", "8 own-dead data/jobs.csv:5:", "8 reference-number data/jobs.md:3:" }));
    }

    [Test]
    public void Addresses_in_snippets_and_lists_are_asked_for_on_the_web()
    {
        var issue = IssueFile.Read("0012.md", "---\ntitle: T\ndate: 2026-05-03\n---\n[a](https://e.org/a)\n\n[[snippet: about]]\n\n[[list: jobs]]\n"u8.ToArray()).Issue!;
        var around = Around("![b](https://e.org/b.png)", DataList.Read("data/jobs.yaml", "- title: c\n- title: d\n  url: https://e.org/d\n"u8));

        var problems = Linter.CheckOnline(issue, Some.Publication(), around, address => new Visit { Final = address.Address, Status = 404 });

        Assert.That(problems.Select(problem => $"{problem.Line}:{problem.Column} {problem.Message}"), Is.EqualTo(new[]
        {
            "5:5 `https://e.org/a` answers 404: there is no such page",
            "7:1 snippets/about.md:3: `https://e.org/b.png` answers 404: there is no such page",
            "9:1 data/jobs.yaml:2: `https://e.org/d` answers 404: there is no such page",
        }));
    }

    private static List<string> Said(string body, string about = "", DataList? list = null) =>
        [.. Lint.Check(body, surroundings: Around($"{about}", list)).Select(problem => $"{problem.Line} {problem.Code} {problem.Message}")];

    private static Surroundings Around(string about, DataList? list) => new()
    {
        Issues = new Dictionary<int, IssueEntry>
        {
            [11] = new(11, "0011", "#11 - 26 April 2026", new(2026, 4, 26), "") { Body = () => "## Hives" },
            [12] = new(12, "0012", "#12 - 3 May 2026", new(2026, 5, 3), "") { Body = () => "" },
            [13] = new(13, "0013", "#13 - 10 May 2026", new(2026, 5, 10), "") { Body = () => "" },
        },
        Snippet = name => Some.Snippet(name switch { "about" => "## About us\n\n" + about, "inner" => "See [#13](issue:12).", "first" => "over the the hill <!-- lint: allow word-twice -->", _ => null }),
        List = name => name == "jobs" ? list : null,
    };
}
