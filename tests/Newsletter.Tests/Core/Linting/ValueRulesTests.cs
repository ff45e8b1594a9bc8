namespace Newsletter.Tests.Core.Linting;

public sealed class ValueRulesTests
{
    [TestCase("Hello {{ subscriber.name }}!", "6:7 value-default")]
    [TestCase("You are in {{ subscriber.fields.ctiy }}, {{ subscriber.fields.ctiy }}.", "6:12 value-default")]
    [TestCase("{% if subscriber.name %}x{% else %}{{ subscriber.name }}{% endif %}", "6:36 value-default")]
    [TestCase("{% if subscriber.name != \"Ada\" %}{{ subscriber.name }}{% endif %}", "6:34 value-default")]
    [TestCase("[x]({{ subscriber.fields.url }})", "6:5 link-default")]
    [TestCase("<a href=\"{{ preferences_url }}\">x</a>", "6:10 link-default")]
    public void What_may_be_empty_is_said_once(string body, string finding) =>
        Assert.That(Lint.Check(body).Where(problem => problem.Code.EndsWith("-default", StringComparison.Ordinal)).Select(problem => $"{problem.Line}:{problem.Column} {problem.Code}"), Is.EqualTo(new[] { finding }));

    [TestCase("Hello {{ subscriber.name | default: \"you\" }}, {{ subscriber.email }}, [out]({{ unsubscribe_url }})")]
    [TestCase("{% if subscriber.name %}{{ subscriber.name }}{% if medium == \"mail\" %}{{ subscriber.name }}{% endif %}{% endif %}")]
    [TestCase("{% if subscriber.name == \"\" %}x{% else %}{{ subscriber.name }}{% endif %} {% if subscriber.name != \"\" %}{{ subscriber.name }}{% endif %}")]
    [TestCase("{% if subscriber.fields.url %}[x]({{ subscriber.fields.url }}){% endif %} [y]({{ subscriber.fields.url | default: \"https://example.org/\" }})")]
    [TestCase("[x](https://example.org/?q={{ subscriber.name }}) <a href=\"https://example.org/{{ subscriber.name }}\" title=\"{{ subscriber.name }}\">y</a>")]
    [TestCase("{{ issue.mood }} [x]({{ web_url }})")]
    public void What_cannot_be_or_has_words_for_it_is_left_alone(string body) =>
        Assert.That(Lint.Codes(body, Lint.Yaml + "\nmood: good").Where(code => code.EndsWith("-default", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Subject_and_preheader_are_looked_at() =>
        Assert.That(Lint.Check("Text.", Lint.Yaml + "\nsubject: \"For {{ subscriber.name }}\"\npreheader: \"{{ subscriber.fields.city }}\"").Where(problem => problem.Code == "value-default").Select(problem => problem.Line), Is.EqualTo(new[] { 5, 6 }));
}
