using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class SmartPunctuationTests
{
    [TestCase("\\# \"hello\" world", "# “hello” world")]
    [TestCase("\\\"hello\" \"world\"", "\"hello” “world”")]
    [TestCase("a \\* \"b\" -- c...", "a * “b” – c…")]
    [TestCase("rock 'n' roll", "rock ’n’ roll")]
    [TestCase("Rock 'N' Roll and 'n' alone", "Rock ’N’ Roll and ’n’ alone")]
    [TestCase("it takes 'yes', 'y', 'no' or 'n' as an answer", "it takes ‘yes’, ‘y’, ‘no’ or ‘n’ as an answer")]
    [TestCase("the song 'rock 'n' roll' it is", "the song ‘rock ’n’ roll’ it is")]
    [TestCase("the letters 'm', 'n', and 'no'", "the letters ‘m’, ‘n’, and ‘no’")]
    public void It_is_set_as_a_printer_sets_it(string body, string text)
    {
        var issue = IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\nmarkdown: smart-punctuation\n---\n{body}")).Issue!;

        Assert.That(Renderer.Render(issue, Some.Publication(), Theme.Default, Surroundings.None).WebBody, Does.Contain(text));
    }
}
