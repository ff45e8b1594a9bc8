using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class HeadingIdTests
{
    [TestCase("## Note[^a]\n\n[^a]: words", "note")]
    [TestCase("## A[^a] and b[^b]\n\n[^a]: one\n[^b]: two", "a-and-b")]
    [TestCase("## Two to the 10<sup>6</sup>", "two-to-the-106")]
    public void The_id_of_a_heading_holds_its_words_without_the_numbers_of_notes(string body, string id)
    {
        var issue = IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\nmarkdown: footnotes\n---\n{body}")).Issue!;

        Assert.That(Renderer.Render(issue, Some.Publication(), Theme.Default, Surroundings.None).WebBody, Does.Contain($"<h2 id=\"{id}\">"));
    }
}
