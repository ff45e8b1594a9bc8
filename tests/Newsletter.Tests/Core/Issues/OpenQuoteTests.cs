using System.Text;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Issues;

public sealed class OpenQuoteTests
{
    [TestCase("title: \"Spring tides\ndate: 2026-01-01", "2:8", "line 2")]
    [TestCase("title: T\nsubtitle: 'It is one\ndate: 2026-01-01\ntags: 'a'", "3:11", "line 3")]
    [TestCase("title: \"Spring tides\nsubtitle: \"Low and high\"", "2:8", "line 2")]
    [TestCase("date: 2026-01-01\ntitle: \"He said \\\"no\\\"", "3:8", "line 3")]
    public void A_quote_that_is_not_closed_is_named(string yaml, string at, string words)
    {
        var problem = IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\nText.")).Problems.Single(problem => problem.Severity == Severity.Error);

        Assert.That($"{problem.Line}:{problem.Column} {problem.Code}", Is.EqualTo($"{at} front-matter-invalid"));
        Assert.That(problem.Message, Is.EqualTo($"the front matter is no YAML: a quote is opened in {words} and not closed"));
    }

    [TestCase("title: \"Spring\n  tides\"\ndate: 2026-01-01")]
    [TestCase("title: 'It''s spring'")]
    public void One_that_is_closed_is_none(string yaml) => Assert.That(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\n{yaml}\n---\nText.")).Problems, Is.Empty);
}
