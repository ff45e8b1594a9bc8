using System.Text;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

/// <summary>Lists from data files, in letter, text and page.</summary>
public sealed class ListsTests
{
    private const string Board = """
        - title: Beekeeper
          company: Hives & Sons
          location: Leiden
          url: https://example.org/jobs?a=1&b=2
          description: Keeps bees.
          posted: 2026-05-02
        - title: Old clerk
          url: https://example.org/old
          posted: 2026-04-01
        - title: Gone
          url: https://example.org/gone
          posted: 2026-04-30
          until: 2026-05-02
        - title: Tomorrow's
          url: https://example.org/later
          posted: 2026-05-04
        - title: Another
          url: mailto:jobs@example.org
          posted: 2026-05-03
          until: 2026-05-03

        """;

    [TestCase("jobs", "Beekeeper, Old clerk, Another")]
    [TestCase("jobs new", "Beekeeper, Another")]
    [TestCase("jobs by title", "Another, Beekeeper, Old clerk")]
    [TestCase("jobs by -posted", "Another, Beekeeper, Old clerk")]
    [TestCase("jobs new by -title", "Beekeeper, Another")]
    [TestCase("jobs by company", "Beekeeper, Old clerk, Another")]
    public void The_items_of_an_issue_s_time_are_shown_in_the_order_asked_for(string asked, string titles)
    {
        var issue = Render($"[[list: {asked}]]\n\n[[count: {asked}]] of them");

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(string.Join(", ", new HtmlParser().ParseDocument(issue.WebBody).QuerySelectorAll("strong").Select(title => title.TextContent)), Is.EqualTo(titles));
        Assert.That(issue.Text.Write(PersonalValues.Nobody), Does.Contain($"{titles.Split(", ").Length} of them"));
    }

    [Test]
    public void Without_a_form_an_item_is_a_title_that_leads_to_it_and_its_words()
    {
        var issue = Render("[[list: jobs new]]");

        Assert.That(issue.WebBody, Does.StartWith("<p><strong><a href=\"https://example.org/jobs?a=1&amp;b=2\">Beekeeper</a></strong> - Hives &amp; Sons, Leiden <br>\nKeeps bees.</p>\n<p><strong><a href=\"mailto:jobs@example.org\">Another</a></strong></p>"));
        Assert.That(issue.Text.Write(PersonalValues.Nobody), Does.Contain("*Beekeeper* <https://example.org/jobs?a=1&b=2> - Hives & Sons, Leiden\nKeeps bees.\n"));
    }

    [Test]
    public void The_documentation_shows_that_form() =>
        Assert.That(File.ReadAllText(Path.Combine(Source.Root, "docs", "writing.md")), Does.Contain($"```\n{ItemForm.Default}\n```"));

    [Test]
    public void What_an_item_opens_ends_with_it()
    {
        var issue = Render("[[list: jobs new]]\n\nBehind.", around: Of(Board, "<blockquote>\n{{ item.title }}"));

        var quoted = new HtmlParser().ParseDocument(issue.WebBody).QuerySelectorAll("blockquote").Select(quote => quote.TextContent.Trim());
        Assert.That(quoted, Is.EqualTo(new[] { "Beekeeper", "Old clerk", "Another" }));
    }

    [Test]
    public void Without_an_issue_before_all_are_new() =>
        Assert.That(Render("[[count: jobs new]]", around: Of(Board)).WebBody, Is.EqualTo("<p>3</p>"));

    [Test]
    public void A_form_of_its_own_says_how_an_item_is_written_and_may_hold_a_reader_s_values()
    {
        var issue = Render("[[list: jobs]]", around: Of("- title: A_b*c\n  id: 7 a/b\n  url: https://example.org/x\n- title: D\n  id: 8\n  url: https://example.org/y\n",
            "### {{ item.title }}\n\n{{ subscriber.name }}: `{{ item.title }}`, [more](https://example.org/{{ item.id }}) [![{{ item.title }}]({{ item.url }}.png)]({{ item.url }}#apply)\n{% if item.note %}Note: {{ item.note }}{% endif %}{{ item.place | default: \"anywhere\" }}\n"));

        var html = new HtmlParser().ParseDocument(issue.Html.Write(new PersonalValues { Name = "Ada", Email = "ada@example.org", UnsubscribeUrl = "https://news.example.org/u/t" }));
        Assert.That(issue.Problems, Is.Empty);
        Assert.That(html.QuerySelectorAll("td.body h3").Select(heading => heading.TextContent), Is.EqualTo(new[] { "A_b*c", "D" }));
        Assert.That(html.QuerySelector("td.body h3 + p")!.TextContent, Does.Contain("Ada: A_b*c, more").And.Contain("anywhere").And.Not.Contain("Note"));
        Assert.That(html.QuerySelector("td.body h3 + p")!.QuerySelectorAll("a").Select(link => link.GetAttribute("href")), Is.EqualTo(new[] { "https://example.org/7%20a%2Fb", "https://example.org/x#apply" }));
        Assert.That(issue.WebBody, Does.Contain("<h3 id=\"a_bc\">"));
    }

    [TestCase("**x** [y](https://evil.example) `z`")]
    [TestCase("<script>alert(1)</script><b>")]
    [TestCase("a\n\n# b\n\n- c")]
    [TestCase("[[snippet: about]] [[#12]] {{ subscriber.email }} {% if x %}")]
    [TestCase("::: mail")]
    [TestCase("![x](https://evil.example/pixel.png)")]
    [TestCase("https://evil.example www.evil.example <https://evil.example>")]
    [TestCase("&amp; &lt;b&gt; \\* | \" ' ==")]
    [TestCase("zq0slot0z zzq0slotq0slot0z zq0slot1z")]
    [TestCase("]] ](https://evil.example) ** ~~ __")]
    public void A_value_is_text_whatever_it_holds(string value)
    {
        var item = $"- {{title: {Quoted(value)}, url: 'https://example.org/', company: {Quoted(value)}, description: {Quoted(value)}}}\n";
        var issue = Render("{{ subscriber.name }}\n\n[[list: jobs]]\n\nbehind", around: Of(item, "**{{ item.title }}** [{{ item.company }}]({{ item.url }}) `{{ item.title }}` <i title=\"{{ item.title }}\">x</i>\n\n<div>\n<p>{{ item.description }}</p>\n</div>\n\n    {{ item.title }}\n"));

        var body = new HtmlParser().ParseDocument(issue.Html.Write(new PersonalValues { Name = "Ada", Email = "ada@example.org", UnsubscribeUrl = "https://news.example.org/u/t" })).QuerySelector("td.body")!;
        var words = string.Join(' ', value.Replace("zq0slot", " ", StringComparison.Ordinal).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.That(issue.Problems.Where(problem => problem.Code is not ("fill-in-inside" or "block-unknown" or "html-unknown")), Is.Empty);
        Assert.That(body.QuerySelectorAll("a").Select(link => link.GetAttribute("href")), Is.All.EqualTo("https://example.org/"));
        Assert.That(body.QuerySelectorAll("script, img, b, h2, ul"), Is.Empty);
        Assert.That(body.TextContent.Split(words), Has.Length.EqualTo(6), body.InnerHtml);
        Assert.That(body.QuerySelector("i")!.GetAttribute("title"), Is.EqualTo(words));
        Assert.That(string.Join(' ', issue.Text.Write(PersonalValues.Nobody).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), Does.Contain(words));
    }

    [TestCase("javascript:alert(1)")]
    [TestCase("/jobs/7")]
    [TestCase("www.example.org")]
    [TestCase("data:text/html,x")]
    [TestCase("issue:12")]
    public void An_address_that_is_none_for_letters_is_an_error_and_the_item_is_left_out(string url)
    {
        var issue = Render("a\n\n[[list: jobs]]", around: Of($"- title: Good\n  url: https://example.org\n\n- title: Bad\n  url: {url}\n"));

        var problem = issue.Problems.Single();
        Assert.That((problem.Line, problem.Column, problem.Severity, problem.Code), Is.EqualTo((7, 1, Severity.Error, "list-item")));
        Assert.That(problem.Message, Is.EqualTo($"data/jobs.yaml:4: `{url}` is no address for letters"));
        Assert.That(issue.WebBody, Does.Contain("Good").And.Not.Contain("Bad"));
    }

    [TestCase("[[list: nothing]]", "list-unknown", "there is no list nothing")]
    [TestCase("[[list: jobs neww]]", "list-words", "`[[list: jobs neww]]` is no way to ask for a list")]
    [TestCase("[[count: jobs by]]", "list-words", "`[[count: jobs by]]` is no way to ask for a list")]
    [TestCase("[[list: jobs by salary]]", "list-words", "no item of data/jobs.yaml has a `salary` to be put in order by")]
    [TestCase("x [[list: jobs]]", "fill-in-inside", "`[[list: jobs]]` stands in a line of text and stays as it is")]
    [TestCase("[[list: none]]", "list-empty", "data/none.yaml has no item for this issue, and nothing stands here")]
    [TestCase("[[list: untitled]]", "list-item", "no item of data/untitled.yaml has a `title`")]
    [TestCase("[[list: half]]", "list-item", "data/half.yaml:2: the item has no `title`")]
    [TestCase("[[list: half new]]", "list-item", "data/half.yaml:1: the item has no `posted`, so nobody knows whether it is new")]
    [TestCase("[[list: broken]]", "list-invalid", "data/broken.yaml:2: this is no YAML")]
    [TestCase("[[list: open]]", "html-unclosed", "data/open.md:2: <b> is never closed")]
    [TestCase("[[list: formed]]", "tag-invalid", "data/formed.md:4: `{% for %}` is no tag here")]
    [TestCase("[[list: formed]]", "list-item", "no item of data/formed.yaml has a `titel`")]
    [TestCase("[[list: long]]", "list-item", "data/long.yaml:1: its `title` has 6,000 signs, at most 5,000 are shown")]
    [TestCase("[[snippet: board]]", "list-unknown", "snippets/board.md:3: there is no list nothing")]
    public void What_is_wrong_is_said_where_the_list_is_used(string use, string code, string message)
    {
        var issue = Render($"a\n\n{use}");

        Assert.That(issue.Problems.Select(problem => $"{problem.Line} {problem.Code} {problem.Message}"), Has.Some.StartsWith($"7 {code} {message}"));
    }

    [Test]
    public void An_issue_without_date_cannot_say_what_is_of_its_time() =>
        Assert.That(Render("[[list: jobs]]\n\n[[count: jobs]]", "title: T").Problems.Select(problem => $"{problem.Line} {problem.Code}"), Is.EqualTo(new[] { "4 list-date" }));

    [Test]
    public void An_empty_list_has_words_of_its_own()
    {
        var issue = Render("[[list: none | default: \"Nobody is *looking*.\"]]\n\nThere are [[count: none new | default: 'no']] jobs, or [[count: none]].");

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(issue.WebBody, Is.EqualTo("<p>Nobody is *looking*.</p>\n<p>There are no jobs, or 0.</p>"));
    }

    [Test]
    public void A_list_for_the_letter_alone_is_not_on_the_page()
    {
        var issue = Render("::: mail\n[[list: jobs]]\n:::\n\nOn the [[count: jobs]].");

        Assert.That((issue.Html.Write(PersonalValues.Nobody).Contains("Beekeeper", StringComparison.Ordinal), issue.WebHtml.Contains("Beekeeper", StringComparison.Ordinal)), Is.EqualTo((true, false)));
        Assert.That(issue.WebBody, Is.EqualTo("<p>On the 3.</p>"));
    }

    [Test]
    public void A_list_stands_in_a_snippet_and_a_count_in_a_heading_that_contents_name()
    {
        var issue = Render("[[contents]]\n\n## [[count: jobs]] jobs\n\n[[snippet: jobs]]");

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(issue.WebBody, Does.Contain("<h2 id=\"3-jobs\">3 jobs</h2>").And.Contain(">3 jobs</a>").And.Contain("Beekeeper"));
    }

    [Test]
    public void A_letter_takes_a_bounded_number_of_items()
    {
        var issue = Render("[[list: jobs]]", around: Of(string.Concat(Enumerable.Range(0, 600).Select(i => $"- title: Job {i}\n"))));

        Assert.That(issue.Problems.Single().Code, Is.EqualTo("list-large"));
        Assert.That(issue.WebBody, Does.Contain("Job 499").And.Not.Contain("Job 500"));
    }

    private static string Quoted(string value) => System.Text.Json.JsonSerializer.Serialize(value);

    private static Surroundings Of(string yaml, string? form = null) => new() { List = name => name == "jobs" ? DataList.Read("data/jobs.yaml", Encoding.UTF8.GetBytes(yaml)) with { Form = form } : null };

    private static readonly Surroundings Around = new()
    {
        Issues = new Dictionary<int, IssueEntry> { [10] = new(10, "0010", "#10", new(2026, 4, 19), ""), [11] = new(11, "0011", "#11", new(2026, 4, 26), ""), [13] = new(13, "0013", "#13", new(2026, 5, 10), "") },
        Snippet = name => Some.Snippet(name switch { "jobs" => "Jobs:\n\n[[list: jobs]]\n", "board" => "Jobs:\n\n[[list: nothing]]\n", _ => null }),
        List = name => name switch
        {
            "jobs" => Of(Board).List("jobs"),
            "none" => DataList.Read("data/none.yaml", "[]"u8),
            "untitled" => DataList.Read("data/untitled.yaml", "- name: x\n"u8),
            "half" => DataList.Read("data/half.yaml", "- title: x\n- url: https://example.org\n"u8),
            "broken" => DataList.Read("data/broken.yaml", "- title: x\n- title: y: z\n"u8),
            "long" => DataList.Read("data/long.yaml", Encoding.UTF8.GetBytes($"- title: {new string('x', 6000)}\n")),
            "formed" => DataList.Read("data/formed.yaml", "- title: x\n- title: y\n"u8) with { Form = "{{ item.title }}\nx\n\n{% for %}\n\n{{ item.titel }}" },
            "open" => DataList.Read("data/open.yaml", "- title: x\n"u8) with { Form = "{{ item.title }}\n<b>x\n" },
            _ => null,
        },
    };

    private static RenderedIssue Render(string body, string yaml = "title: T\ndate: 2026-05-03", Surroundings? around = null) =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\n{body}")).Issue!, Some.Publication(), Theme.Default, around ?? Around);
}
