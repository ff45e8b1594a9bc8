using CsCheck;
using Newsletter.Composing;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class TemplateTests
{
    private static readonly PersonalValues Ada = new()
    {
        Name = "Ada",
        Email = "ada@example.org",
        Fields = new Dictionary<string, string> { ["city"] = "London" },
        UnsubscribeUrl = "https://news.example.org/u/abc",
    };

    [TestCase("Hello {{ subscriber.name }}!", "Hello Ada!")]
    [TestCase("Hello {{subscriber.name|default:'friend'}}", "Hello Ada")]
    [TestCase("{{ subscriber.fields.team | default: \"no team\" }}", "no team")]
    [TestCase("{% if subscriber.fields.city %}in {{ subscriber.fields.city }}{% else %}somewhere{% endif %}", "in London")]
    [TestCase("{% if subscriber.fields.city == \"Paris\" %}P{% elsif subscriber.fields.city == \"London\" %}L{% else %}?{% endif %}", "L")]
    [TestCase("{% if subscriber.fields.city != 'Paris' %}not Paris{% endif %}", "not Paris")]
    [TestCase("{% if subscriber.name %}{% if subscriber.fields.x %}a{% else %}b{% endif %}{% endif %}c", "bc")]
    [TestCase("{% raw %}{{ subscriber.name }}{% endraw %}", "{{ subscriber.name }}")]
    [TestCase("a { b } 100% {c", "a { b } 100% {c")]
    [TestCase("{{ unsubscribe_url }}", "https://news.example.org/u/abc")]
    public void It_writes(string source, string written)
    {
        var problems = new List<IssueProblem>();

        var text = Template.Read(source, Place.Text, problems).Write(Ada);

        Assert.That(text, Is.EqualTo(written));
        Assert.That(problems, Is.Empty);
    }

    [TestCase("a\nb {{ subscriber.nam }}", 2, 3, "name-unknown")]
    [TestCase("{{ subscriber.fields. }}", 1, 1, "name-unknown")]
    [TestCase("{{ subscriber.name | upcase }}", 1, 1, "tag-invalid")]
    [TestCase("{{ subscriber.name", 1, 1, "tag-open")]
    [TestCase("x {% for a in b %}", 1, 3, "tag-invalid")]
    [TestCase("{% if subscriber.name %}x", 1, 1, "if-open")]
    [TestCase("x{% endif %}", 1, 2, "if-missing")]
    [TestCase("{% if subscriber.name %}{% else %}{% else %}{% endif %}", 1, 35, "if-order")]
    [TestCase("{% if subscriber.name > 3 %}x{% endif %}", 1, 1, "tag-invalid")]
    [TestCase("{% raw %}x", 1, 1, "tag-open")]
    public void A_slip_is_a_problem_with_line_and_column(string source, int line, int column, string code)
    {
        var problems = new List<IssueProblem>();

        Template.Read(source, Place.Text, problems);

        Assert.That(problems.Select(p => (p.Line, p.Column, p.Code, p.Severity)), Is.EqualTo(new[] { (line, column, code, Severity.Error) }));
    }

    [TestCase(Place.Html, "<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;")]
    [TestCase(Place.Attribute, "\" onclick=\"x", "&quot; onclick=&quot;x")]
    [TestCase(Place.Url, "https://example.org/?a=1&b=\"2\"", "https://example.org/?a=1&amp;b=%222%22")]
    [TestCase(Place.Url, "https://example.org", "https://example.org")]
    [TestCase(Place.Url, "javascript:alert(1)", "")]
    [TestCase(Place.UrlPart, "a b&c=d/é", "a%20b%26c%3Dd%2F%C3%A9")]
    [TestCase(Place.Text, "Ada\r\nBcc: x", "Ada  Bcc: x")]
    [TestCase(Place.Text, "Ada\u202Egnp.exe", "Adagnp.exe")]
    [TestCase(Place.Header, "Ada\r\nBcc: x@example.org", "")]
    [TestCase(Place.Header, "Ada\0", "")]
    [TestCase(Place.Header, "Ada Lovelace", "Ada Lovelace")]
    public void A_hostile_value_is_harmless_in_its_place(Place place, string value, string written)
    {
        var template = new Template([new Segment.Slot("subscriber.name", place, "")]);

        Assert.That(template.Write(new() { Name = value }), Is.EqualTo(written));
    }

    [Test]
    public void A_value_that_may_not_stand_in_a_header_gives_way_to_the_default()
    {
        var subject = Template.Read("News for {{ subscriber.name | default: \"you\" }}", Place.Header, []);

        Assert.That(subject.Write(new() { Name = "x\nBcc: y" }), Is.EqualTo("News for you"));
    }

    [Test]
    public void It_comes_back_from_json_as_it_went()
    {
        var template = Template.Read("é{% if subscriber.name == 'x' %}{{ subscriber.email }}{% else %}no \"one\" {{ subscriber.fields.a | default: '<b>' }}{% endif %}", Place.Html, []);

        var again = Template.FromJson(template.ToJson());

        Assert.That(again.ToJson(), Is.EqualTo(template.ToJson()));
        Assert.That(again.Write(Ada), Is.EqualTo(template.Write(Ada)).And.EqualTo("éno \"one\" &lt;b&gt;"));
    }

    [Test]
    public void Text_without_slots_is_the_same_for_all() => Assert.That(Template.Read("same {for} all %}", Place.Html, []).IsPersonal, Is.False);

    [Test]
    public void Random_sources_are_refused_or_read_and_never_throw()
    {
        string[] vocabulary = ["{{", "}}", "{%", "%}", " if ", " elsif ", " else ", " endif ", "raw", "endraw", "subscriber.name", "|", "default", ":", "\"", "'", "==", "\n", "x", "\ud800"];

        Gen.Int[0, vocabulary.Length - 1].Select(i => vocabulary[i]).Array[0, 30].Sample(words =>
        {
            var problems = new List<IssueProblem>();
            var template = Template.Read(string.Concat(words), Place.Html, problems);
            _ = template.Write(Ada);
            return template.Segments.Count == 0 || Template.FromJson(template.ToJson()).Segments.Count == template.Segments.Count;
        });
    }

    [Test]
    public void No_value_whatever_makes_markup_or_a_header()
    {
        var html = Template.Read("{{ subscriber.name }}", Place.Html, []);
        var header = Template.Read("{{ subscriber.name }}", Place.Header, []);

        Gen.String.Sample(name =>
            !html.Write(new() { Name = name }).AsSpan().ContainsAny("<>\"'\0") && !header.Write(new() { Name = name }).AsSpan().ContainsAny('\r', '\n', '\0'));
    }
}
