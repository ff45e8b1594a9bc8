using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Linting;

namespace Newsletter.Tests.Core.Composing;

/// <summary>What an editor could paste by accident, or an enemy on purpose: it is rendered and looked over, and costs no more than its size.</summary>
public sealed class HostileTextTests
{
    private const string Options = "markdown: [footnotes, attributes, smart-punctuation, emoji]";

    private static readonly Dictionary<string, Func<int, string>> Long = new()
    {
        ["line breaks"] = count => Many("word\\\n", count),
        ["headings"] = count => Many("## heading\n\n", count),
        ["headings of the title's level"] = count => Many("# heading\n\n", count),
        ["items"] = count => Many("- item\n", count),
        ["links"] = count => Many("[word](https://example.org/page)\n\n", count),
        ["anchors that are missing"] = count => Many("[word](#nowhere)\n\n", count),
        ["empty links"] = count => Many("<a>x</a>\n\n", count),
        ["images without an address"] = count => Many("<img alt='x'>\n\n", count),
        ["lines of dashes"] = count => Many("-|-\n", count),
        ["paragraphs in a heading"] = count => $"<h2>{Many("<p>x</p>\n", count)}</h2>",
        ["empty paragraphs"] = count => $"<div>{Many("<p></p>\n", count)}</div>",
        ["tags that are never closed"] = count => Many("<b>x\n\n", count),
        ["blocks in words"] = count => $"<b>{Many("<div>x</div>\n", count)}</b>",
        ["items without a list"] = count => $"<div>{Many("<li>x</li>\n", count)}</div>",
        ["cells of one row"] = count => $"<table><tr>{Many("<td>1,024</td>\n", count)}</tr></table>",
        ["notes"] = count => string.Concat(Enumerable.Range(0, count).Select(i => $"x[^{i}]\n\n[^{i}]: note\n\n")),
        ["choices"] = count => Many("{% if subscriber.name %}x{% endif %}\n\n", count),
        ["words twice"] = count => Many("the the cat is is ", count),
        ["quotation marks"] = count => Many("“a\" ", count),
        ["allowances"] = count => Many("x <!-- lint: allow word-twice -->\n\n", count),
    };

    // Brackets and emphasis are nested as deep as there are marks: Markdig reads that and cannot write it.
    [TestCase("[")]
    [TestCase("**")]
    [TestCase("![a")]
    [TestCase("x <![CDATA[")]
    [TestCase("> ")]
    [TestCase("- ")]
    public void Nesting_beyond_reading_is_shown_as_it_stands(string mark)
    {
        var text = Many(mark, 1000) + "word" + Many(mark == "![a" ? "](x)" : mark == "**" ? "**" : "", 1000);

        var (rendered, problems) = Checked($"Before it.\n\n{text}\n\nBehind *it*.");

        Assert.That(problems.Select(problem => problem.Code), Has.Member("markdown-hostile"));
        Assert.That(rendered.Text.Write(PersonalValues.Nobody), Does.Contain("word").And.Contain("Before it.").And.Contain("Behind"));
    }

    [Test]
    public void A_paragraph_with_too_many_marks_leaves_the_others_alone()
    {
        var (rendered, problems) = Checked($"*One*\n\n{Many("a * b\n", 4001)}\n*three*\n\n{Many("a * b\n", 4001)}---\n\nfour");

        var hostile = problems.Where(problem => problem.Code == "markdown-hostile").ToList();
        Assert.That(hostile.Select(problem => problem.Line), Is.EqualTo((int[])[7, 4011]));
        Assert.That(rendered.WebBody, Does.Contain("<em>One</em>").And.Contain("<em>three</em>").And.Contain("four"));
    }

    [Test]
    public void A_long_list_with_marks_in_each_item_is_a_list()
    {
        var (rendered, problems) = Checked(Many("- [word](https://example.org/a_b) and *word*, `code`\n", 600));

        Assert.That(problems.Select(problem => problem.Code), Has.No.Member("markdown-hostile"));
        Assert.That(rendered.WebBody.Split("<li>"), Has.Length.EqualTo(601));
    }

    // What is looked for among siblings allocates nothing: BannedSymbols.txt keeps that out. This finds texts copied, and lists made, again and again.
    [TestCaseSource(nameof(Kinds))]
    public void Twice_as_much_takes_twice_the_memory_to_work_on(string kind)
    {
        Allocated(Long[kind](100)); // what is made once

        var (once, twice) = (Allocated(Long[kind](1500)), Allocated(Long[kind](3000)));

        Assert.That(twice, Is.LessThan(2.5 * once));
    }

    // A row of three signs is filled up to as many cells as the first has, a target is written as often as it is used.
    [TestCaseSource(nameof(Grown))]
    public void What_a_few_signs_would_make_gigabytes_of_is_an_error_and_the_rest_is_read(string body, string code)
    {
        var (rendered, problems) = Checked($"Before *it*.\n\n{body}\n\nBehind *it*.");

        Assert.That(problems.Select(problem => problem.Code), Has.Member(code));
        Assert.That(rendered.WebBody, Does.StartWith("<p>Before <em>it</em>.</p>").And.EndWith("<p>Behind <em>it</em>.</p>").And.Length.LessThan(3_000_000));
    }

    [Test]
    public void A_table_and_targets_of_a_size_that_issues_have_are_read()
    {
        var (rendered, problems) = Checked($"[a]: https://example.org/{new string('x', 1500)}\n\n{Many("[a]\n\n", 500)}{Table(8, 200)}\n{Table(8, 200)}");

        Assert.That(problems.Select(problem => problem.Code), Has.No.Member("markdown-hostile"));
        Assert.That(rendered.WebBody.Split("<td"), Has.Length.EqualTo(1 + 2 * 8 * 200));
    }

    [Test]
    public void Lines_of_dashes_in_code_are_no_tables()
    {
        var drawing = Many("|--|--|--|\n", 300);

        var (rendered, problems) = Checked($"```\n{drawing}```\n");

        Assert.That(problems.Select(problem => problem.Code), Has.No.Member("markdown-hostile"));
        Assert.That(rendered.WebBody, Does.Contain(drawing.TrimEnd()));
    }

    [Test]
    public void A_table_of_too_many_cells_goes_on_as_text()
    {
        var (rendered, problems) = Checked($"> before\n>\n> {Table(200, 150).TrimEnd().Replace("\n", "\n> ", StringComparison.Ordinal)}\n");

        Assert.That(problems.Single(problem => problem.Code == "markdown-hostile").Line, Is.EqualTo(8 + 100)); // a head and 99 rows have 20,000
        Assert.That(rendered.WebBody.Split("a|b"), Has.Length.EqualTo(1 + 150 - 99));
    }

    [TestCase("marks")]
    [TestCase("cells")]
    [TestCase("deep")]
    public void What_is_refused_in_a_snippet_is_named_in_its_file(string snippet)
    {
        var (_, problems) = Checked($"One.\n\nTwo.\n\n[[snippet: {snippet}]]");

        var hostile = problems.Where(problem => problem.Code == "markdown-hostile").ToList();
        Assert.That(hostile.Select(problem => problem.Line).Distinct(), Is.EqualTo((int[])[9]));
        Assert.That(hostile.Select(problem => problem.Message), Has.All.StartWith($"snippets/{snippet}.md:"));
    }

    [Test]
    public void Words_that_look_like_placeholders_are_words()
    {
        var text = string.Join(' ', Enumerable.Range(0, 150_000).Select(i => i == 99_999 ? "zqslot" : $"zq{i}slot"));

        var placeholders = new Placeholders(text, "ZQ99999Slot");

        Assert.That(placeholders.Pattern.ToString(), Is.EqualTo("zq150000slot([0-9]+)z"));
    }

    [Test]
    public void A_long_title_used_often_is_an_error_and_no_gigabytes()
    {
        var issue = IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: {new string('x', 100_000)}\n---\n{Many("{{ issue.title }} and\n", 1000)}")).Issue!;

        var rendered = Renderer.Render(issue, Some.Publication(), Theme.Default, Surroundings.None);

        Assert.That(rendered.Problems.Where(problem => problem.Code == "values-large").Select(problem => problem.Line), Is.Not.Empty.And.All.InRange(4 + 30, 4 + 40), "where each of the three texts is full");
        Assert.That(rendered.WebBody, Has.Length.LessThan(5_000_000));
    }

    private static IEnumerable<TestCaseData> Grown()
    {
        yield return new(Table(1000, 1900), "markdown-hostile") { TestName = "One table of many cells" };
        yield return new(string.Join('\n', Enumerable.Repeat(Table(150, 100), 10)), "markdown-hostile") { TestName = "Many tables of many cells" };
        yield return new("> " + Table(200, 400).Replace("\n", "\n> ", StringComparison.Ordinal), "markdown-hostile") { TestName = "A table in a quotation" };
        yield return new($"a|b\n-|-\nc|{Many("*a ", 5000)}\n", "markdown-hostile") { TestName = "A row of many marks" };
        yield return new($"{Many("*a ", 5000)}|a\n-|-\nc|d\n", "markdown-hostile") { TestName = "A head of many marks" };
        yield return new(string.Join('\n', Enumerable.Repeat(Table(150, 100).Replace("-\n", "-\f\n", StringComparison.Ordinal), 10)), "markdown-hostile") { TestName = "Tables with other blanks" };
        yield return new($"[a]: https://example.org/&amp;{new string('x', 100_000)}\n\n{Many("[a] ", 1900)}", "markdown-hostile") { TestName = "A long target used often" };
        yield return new($"[a]: https://example.org/ \"{new string('x', 100_000)}\"\n\n{Many("[a] ", 1900)}", "markdown-hostile") { TestName = "A long title used often" };
        yield return new($"[a]: https://example.org/{new string('x', 100_000)}\n\n{Many("![a] ", 1300)}", "markdown-hostile") { TestName = "A long target of images" };
        yield return new(Many("[[contents]]\n\n", 1000) + Many("## heading\n\n", 300) + "***", "markdown-hostile") { TestName = "Many lists of contents" };
        yield return new(Many("[[snippet: long]]\n\n", 90), "snippet-many") { TestName = "A long snippet used often" };
        yield return new("[[list: long]]", "list-large") { TestName = "Items of a long form" };
    }

    private static string Table(int columns, int rows) => $"{string.Join('|', Enumerable.Repeat("a", columns))}\n{string.Join('|', Enumerable.Repeat("-", columns))}\n{Many("a|b\n", rows)}";

    private static readonly Surroundings Around = new()
    {
        Snippet = name => Some.Snippet(name switch
        {
            "long" => Many("word ", 50_000),
            "marks" => $"Before.\n\n{Many("a * b ", 4001)}",
            "cells" => Table(200, 150),
            "deep" => $"{Many("> ", 1000)}word",
            _ => null,
        }),
        List = name => name == "long" ? DataList.Read("data/long.yaml", Encoding.UTF8.GetBytes(Many("- title: x\n", 400))) with { Form = "{{ item.title }} " + Many("word ", 5000) } : null,
    };

    private static string[] Kinds() => [.. Long.Keys];

    private static long Allocated(string body)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Checked(body);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Many(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static (RenderedIssue Rendered, IReadOnlyList<IssueProblem> Problems) Checked(string body)
    {
        var issue = IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\n{Options}\n---\n{body}")).Issue!;
        var rendered = Renderer.Render(issue, Some.Publication(), Theme.Default, Around);
        return (rendered, Linter.Check(issue, rendered, Some.Publication(), Theme.Default, Around));
    }
}
