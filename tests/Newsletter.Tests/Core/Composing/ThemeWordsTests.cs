using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class ThemeWordsTests
{
    private static readonly PersonalValues Ada = new() { Name = "Ada", Email = "ada@example.org", UnsubscribeUrl = "https://news.example.org/u/token", PreferencesUrl = "https://news.example.org/p/token" };

    [TestCase("en", "ltr", "View in browser", "because you subscribed to Field Notes", "Unsubscribe", "Change your preferences")]
    [TestCase("de", "ltr", "Im Browser ansehen", "weil Sie Field Notes abonniert haben", "Abbestellen", "Einstellungen ändern")]
    [TestCase("fr-CA", "ltr", "Voir dans le navigateur", "abonnée à Field Notes", "Se désabonner", "Modifier vos préférences")]
    [TestCase("he", "rtl", "לצפייה בדפדפן", "ada@example.org", "להסרה מהרשימה", "לשינוי ההעדפות")]
    [TestCase("zh-TW", "ltr", "在瀏覽器中檢視", "ada@example.org", "取消訂閱", "變更偏好設定")]
    public void The_sentences_around_an_issue_are_in_its_language(string lang, string dir, params string[] words)
    {
        foreach (var theme in Theme.Names.Select(name => Theme.Find(name)!))
        {
            var issue = Render(theme, lang);
            var foot = new HtmlParser().ParseDocument(issue.Html.Write(Ada)).QuerySelector("td.foot")!;

            Assert.That((foot.GetAttribute("lang"), foot.GetAttribute("dir")), Is.EqualTo((lang, dir)));
            foreach (var part in new[] { issue.Html.Write(Ada), issue.Text.Write(Ada) })
                Assert.That(words.Where(word => !WebUtility.HtmlDecode(part).Replace('\n', ' ').Contains(word, StringComparison.Ordinal)), Is.Empty, theme.Name);
        }
    }

    [Test]
    public void In_a_language_without_words_they_are_English_and_say_so()
    {
        var issue = Render(Theme.Default, "fa");

        var foot = new HtmlParser().ParseDocument(issue.Html.Write(Ada)).QuerySelector("td.foot")!;
        Assert.That((foot.GetAttribute("lang"), foot.GetAttribute("dir")), Is.EqualTo(("en", "ltr")));
        Assert.That(foot.TextContent, Does.Contain("Unsubscribe"));
    }

    [Test]
    public void A_theme_says_its_own()
    {
        var issue = Render(Of("why-words: Hi {{ subscriber.email }} <& co>, of {{ publication.name }}.\nleave-words: Leave us"), "fa");

        Assert.That(issue.Problems, Is.Empty);
        Assert.That(issue.Html.Write(Ada), Does.Contain(">Hi ada@example.org &lt;&amp; co&gt;, of Field Notes.</p>").And.Contain(">Leave us</a>").And.Contain(">View in browser</a>"));
        Assert.That(issue.Text.Write(Ada), Does.Contain("\nHi ada@example.org <& co>, of Field Notes.\nLeave us: https://"));
    }

    [TestCase("why-words: Hi {{ subscriber.nmae }}")]
    [TestCase("why-words: Hi {{ subscriber.name")]
    [TestCase("leave-words: \"{% if subscriber.name %}x{% endif %}\"")]
    public void A_sentence_that_no_letter_could_say_is_an_error_of_the_theme(string yaml) =>
        Assert.That(Of(yaml).Problems.Select(problem => (problem.Code, problem.Message[..16])), Is.EqualTo(new[] { ("theme-value", $"theme.yaml:1:{yaml.IndexOf(' ', StringComparison.Ordinal) + 2}: "[..16]) }));

    private static Theme Of(string yaml) => Theme.Of("mine", file => file == "theme.yaml" ? yaml : null);

    private static RenderedIssue Render(Theme theme, string lang) =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\nlang: {lang}\n---\nText.")).Issue!, Some.Publication(), theme, Surroundings.None);
}
