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
        var rendered = Renderer.Render(issue, Some.Publication(), Theme.Default, Surroundings.None);
        return (rendered, Linter.Check(issue, rendered, Some.Publication(), Theme.Default, Surroundings.None));
    }
}
