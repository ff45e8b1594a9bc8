using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

/// <summary>A problem is told once, where it stands in the file, though mail and page are made of the same text and tags are taken out before Markdown sees it.</summary>
public sealed class PlacesOfProblemsTests
{
    [TestCase("{{ subscriber.name }} [x](issue:99)", "4:23 issue-unknown")]
    [TestCase("{{ subscriber.nmae }} [x](issue:99)", "4:1 name-unknown", "4:23 issue-unknown")]
    [TestCase("{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}\n{{ f }}{{ g }} [x](issue:99)", "5:16 issue-unknown")]
    [TestCase("one\n\n{% if medium == \"mail\" %}two{% else %}three{% endif %} [x](issue:99)", "6:56 issue-unknown")]
    [TestCase("{% raw %}{{ x }}{% endraw %} [x](issue:99)", "4:30 issue-unknown")]
    [TestCase("::: buton\n\nhello\n\n:::\n\n[x](issue:99)", "4:1 block-unknown", "10:1 issue-unknown")]
    [TestCase("::: buton\nhello\n:::\n\n:::", "4:1 block-unknown", "8:1 block-unknown")]
    [TestCase("From <{{ subscriber.email }}>", "4:6 html-unknown")]
    public void It_is(string body, params string[] problems)
    {
        var issue = IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\nmarkdown: [footnotes, attributes, smart-punctuation, emoji]\n---\n{body}")).Issue!;

        var found = Renderer.Render(issue, Some.Publication(), Theme.Default, Surroundings.None).Problems;

        Assert.That(found.Where(problem => problem.Code != "name-unknown" || problems.Length > 1).Select(problem => $"{problem.Line - 1}:{problem.Column} {problem.Code}"), Is.EqualTo(problems));
        Assert.That(found.Select(problem => problem.Message), Has.None.Contains("slot")); // the word that stands for a tag
    }
}
