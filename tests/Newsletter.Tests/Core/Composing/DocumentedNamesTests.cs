using System.Text.RegularExpressions;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

/// <summary>What docs/personal-values.md and docs/themes.md say of names, settings and grammar is what the code does.</summary>
public sealed partial class DocumentedNamesTests
{
    private static readonly string Values = File.ReadAllText(Path.Combine(Source.Root, "docs", "personal-values.md"));
    private static readonly string Themes = File.ReadAllText(Path.Combine(Source.Root, "docs", "themes.md"));

    [Test]
    public void Every_name_of_a_letter_is_on_the_page_and_none_besides()
    {
        var issue = new Issue { FileName = "0001.md", Slug = "0001", Body = "", Number = 1 };
        string[] ofThemes = ["style", "content", "subject", "preheader", "header", "show_title", "show_hero", "hero_width", "start", "end", "words.view", "words.why", "words.leave", "words.choices", "words.lang", "words.dir"];
        string[] known = [.. new IssueFacts(issue, Some.Publication()).Names("mail").Keys, "subscriber.name", "subscriber.email", "unsubscribe_url", "preferences_url", .. ofThemes];

        var documented = Names(Values).Concat(Names(Section("## Names that a theme's files know"))).Where(name => !name.Contains('X', StringComparison.Ordinal) && !name.StartsWith("theme.", StringComparison.Ordinal));

        Assert.That(documented.Distinct(), Is.EquivalentTo(known));
        Assert.That(PersonalValues.Knows("subscriber.fields.city"));
    }

    [Test]
    public void Every_name_of_a_value_is_known_in_subject_preheader_body_and_theme()
    {
        var names = Names(Values).Where(name => name.Contains('.', StringComparison.Ordinal) || name.Contains('_', StringComparison.Ordinal) || name == "medium").Select(name => name.Replace("X", "mood", StringComparison.Ordinal)).ToList();
        foreach (var tag in names.Select(name => $"{{{{ {name} }}}}{{% if {name} == \"x\" %}}y{{% endif %}}"))
        {
            var yaml = $"---\ntitle: T\nmood: good\nsubject: 'S {tag}'\npreheader: 'P {tag}'\n---\nBody {tag}";
            var theme = Theme.Default with { Letter = $"<p>{tag} {{{{ preheader }}}}</p>{{{{ content }}}}", LetterText = tag };

            var rendered = Renderer.Render(IssueFile.Read("0012.md", System.Text.Encoding.UTF8.GetBytes(yaml)).Issue!, Some.Publication(), theme, Surroundings.None);

            Assert.That(rendered.Problems.Select(problem => problem.ToString()), Is.Empty, tag);
        }
        Assert.That(names, Has.Count.GreaterThan(15));
    }

    [Test]
    public void What_is_the_same_for_all_readers_is_written_into_subject_preheader_description_and_heading()
    {
        const string Yaml = "---\nsubject: \"Issue {{ issue.number }} of {{ publication.name }}{% if medium == 'web' %} on the web{% endif %}\"\npreheader: \"No. {{ issue.number }} for {{ subscriber.name | default: 'you' }}\"\n---\nText.";

        var rendered = Renderer.Render(IssueFile.Read("0012.md", System.Text.Encoding.UTF8.GetBytes(Yaml)).Issue!, Some.Publication(), Theme.Default, Surroundings.None);

        var html = rendered.Html.Write(new() { Name = "Ada" });
        Assert.That(rendered.Subject.Write(PersonalValues.Nobody), Is.EqualTo("Issue 12 of Field Notes"));
        Assert.That(html, Does.Contain("<title>Issue 12 of Field Notes</title>").And.Contain("No. 12 for Ada"));
        Assert.That(rendered.WebHtml, Does.Contain("content=\"No. 12 for you\"").And.Contain(">Issue 12 of Field Notes on the web</h1>"));
    }

    [Test]
    public void A_name_that_is_none_is_told_once_at_its_key()
    {
        const string Yaml = "---\ntitle: T\nsubject: \"For {{ subscriber.nmae }}\"\npreheader: \"A {{ issue.nmae }}\"\n---\nText.";

        var problems = Renderer.Render(IssueFile.Read("0012.md", System.Text.Encoding.UTF8.GetBytes(Yaml)).Issue!, Some.Publication(), Theme.Default, Surroundings.None).Problems;

        Assert.That(problems.Select(problem => $"{problem.Line} {problem.Code}"), Is.EqualTo(new[] { "3 name-unknown", "4 name-unknown" }));
    }

    [Test]
    public void Every_setting_of_a_theme_is_on_the_page_and_none_besides() =>
        Assert.That(Names(Section("## Settings")).Where(name => !name.Contains('#', StringComparison.Ordinal)),
            Is.EquivalentTo(ThemeKeys.All.Select(key => key.Name).Concat(ThemeWords.Keys.Keys).Concat(["base", "markdown"])));

    [Test]
    public void The_defaults_on_the_page_are_those_of_the_code() =>
        Assert.That(Row().Matches(Section("## Settings")).Where(row => row.Groups["default"].Value.Trim('`', ' ') is ['#' or (>= '0' and <= '9') or 's' or 'c', ..] and not "the system's sans-serif")
                .Select(row => (Name().Match(row.Groups["names"].Value).Groups[1].Value, row.Groups["default"].Value.Trim('`', ' '))),
            Is.SubsetOf(ThemeKeys.All.Select(key => (key.Name, key.Get(new())))));

    [Test]
    public void Every_name_of_the_look_that_the_page_lists_is_there()
    {
        var names = ThemeKeys.Names(new()).Select(pair => $"theme.{pair.Key}").ToList();

        Assert.That(Names(Section("## Names that a theme's files know")).Where(name => name.StartsWith("theme.", StringComparison.Ordinal) && name != "theme.X"), Is.SubsetOf(names));
        Assert.That(names, Has.Member("theme.dark_on_accent"));
    }

    [Test]
    public void The_example_on_the_page_is_understood()
    {
        var problems = new List<IssueProblem>();
        var example = Values.Split("```")[1];

        var template = Template.Read(example, Place.Text, problems);

        Assert.That(problems, Is.Empty);
        Assert.That(template.Write(new() { Fields = new Dictionary<string, string> { ["city"] = "Leiden" } }).Trim(), Is.EqualTo("Hello friend!\nSee you on Friday."));
    }

    [Test]
    public void Every_form_of_the_grammar_on_the_page_is_understood()
    {
        var grammar = Values[Values.IndexOf("The grammar", StringComparison.Ordinal)..];
        var forms = Regex.Matches(grammar, @"\{\{[^}]*\}\}|\{%[^%]*%\}").Select(match => match.Value).Distinct().ToList();

        Assert.That(forms, Has.Count.GreaterThan(8));
        foreach (var form in forms)
        {
            var problems = new List<IssueProblem>();
            var source = form.Replace("name", "subscriber.name", StringComparison.Ordinal).Replace("…", "subscriber.name", StringComparison.Ordinal);
            var whole = source.Contains("raw", StringComparison.Ordinal) ? "{% raw %}{% endraw %}"
                : source.StartsWith("{% if", StringComparison.Ordinal) ? source + "{% endif %}"
                : source.StartsWith("{%", StringComparison.Ordinal) ? "{% if subscriber.name %}" + source + (source.Contains("endif", StringComparison.Ordinal) ? "" : "{% endif %}")
                : source;
            Template.Read(whole, Place.Text, problems);
            Assert.That(problems, Is.Empty, form);
        }
    }

    private static string Section(string heading)
    {
        var start = Themes.IndexOf(heading, StringComparison.Ordinal);
        var end = Themes.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Themes[start..(end < 0 ? Themes.Length : end)];
    }

    private static IEnumerable<string> Names(string page) =>
        Row().Matches(page).SelectMany(row => Name().Matches(row.Groups["names"].Value)).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\| (?<names>`[^|]*) \| [^\n]*?\| ?(?<default>[^|\n]*?)\|?$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
