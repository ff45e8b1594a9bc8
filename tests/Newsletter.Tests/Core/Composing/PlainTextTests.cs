using System.Text;
using CsCheck;
using Newsletter.Composing;
using Newsletter.Composing.Body;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Composing;

public sealed class PlainTextTests
{
    private static readonly Theme Bare = Theme.Of("bare", file => file == "letter.txt" ? "{{ content }}\n" : null);

    [TestCase("<b style=\"font-weight:normal\"><p>Words</p><ul><li><p>One</p></li><li><p>Two</p></li></ul></b>", "Words\n\n- One\n- Two\n")]
    [TestCase("<b style=\"font-weight:400\">Words</b> of Docs", "Words of Docs\n")]
    [TestCase("<strong><p>Bold words</p></strong>", "Bold words\n")]
    [TestCase("<b>Bold <p>and more</p></b>", "Bold\nand more\n")]
    [TestCase("<b>Bold</b> and <i>leaning</i>", "*Bold* and *leaning*\n")]
    [TestCase("<b>Bold<br>lines</b> <b>x</b>", "*Bold\nlines* *x*\n")]
    [TestCase("x <ul><li>One</li><li>Two</li></ul>", "x\n- One\n- Two\n")]
    [TestCase("<ul><li>   <b><p>One</p></b></li></ul>", "- One\n")]
    [TestCase("<table><tr><td>-</td></tr><tr><td>5</td></tr></table>", "-\n5\n")]
    [TestCase("<table><tr><td>  <b></b> <td>a<td>b</tr></table>", "a | b\n")]
    public void Pasted_HTML_leaves_no_mark_alone(string body, string text) => Assert.That(Text(body), Is.EqualTo(text));

    [TestCase("**[A](https://example.org/)**")]
    [TestCase("[**A**](https://example.org/)")]
    [TestCase("<b><a href=\"https://example.org/\">A</a></b>")]
    [TestCase("<a href=\"https://example.org/\"><b>A</b></a>")]
    public void A_bold_link_and_bold_words_of_a_link_are_the_same(string body) => Assert.That(Text(body), Is.EqualTo("*A* <https://example.org/>\n"));

    [Test]
    public void Code_in_a_right_to_left_issue_can_be_copied() =>
        Assert.That(Text("GitHub שלום\n\n```\nprint(\"שלום\")\n```", "lang: he"), Is.EqualTo("\u200FGitHub שלום\n\n    print(\"שלום\")\n"));

    [TestCase("Dear {{ subscriber.name | default: \"friend\" }}, this is a line that goes on for some time with {{ subscriber.name }} in it and a mail to {{ subscriber.email }} as well.")]
    [TestCase("This is a line that goes on for a while, and now {% if subscriber.fields.city %}you who live in {{ subscriber.fields.city }}, come and see us{% else %}come from wherever you are{% endif %} and say hello to all of us.")]
    [TestCase("> - This is a line that goes on and on, and{% if subscriber.name %}, {{ subscriber.name }}, for some more words than there were{% endif %} then comes to an end, but not so soon.")]
    public void Lines_hold_with_values_in_them_and_whatever_is_chosen(string body)
    {
        var text = Issue(body).Text;

        foreach (var reader in Readers)
            Assert.That(text.Write(reader).Split('\n').Max(TextWrap.Columns), Is.InRange(50, 72), text.Write(reader));
    }

    [Test]
    public void No_choice_makes_a_line_too_long()
    {
        var word = Gen.OneOf(Gen.Const("a"), Gen.Const("bees"), Gen.Const("beekeeper"), Gen.Const("and"), Gen.Const("{{ subscriber.name }}"));
        var words = word.Array[0, 14].Select(all => string.Join(' ', all));
        var choice = Gen.Select(words, words, Gen.Bool, Gen.Bool).Select((one, other, hasElse, isGlued) =>
            $"{(isGlued ? "x" : " ")}{{% if subscriber.name %}}{one}{(hasElse ? "{% else %}" + other : "")}{{% endif %}}{(isGlued ? "," : " ")}");
        var part = Gen.OneOf(words, choice, Gen.Select(words, choice, words).Select((a, inner, b) => $" {{% if subscriber.email %}}{a} {inner} {b}{{% endif %}} "));

        part.Array[1, 6].Select(string.Concat).Sample(body =>
        {
            var text = Issue("w " + body).Text;
            foreach (var reader in Readers)
                Assert.That(text.Write(reader).Split('\n').Max(TextWrap.Columns), Is.LessThanOrEqualTo(72), $"{body}\n{text.Write(reader)}");
        }, iter: 300);
    }

    private static IEnumerable<PersonalValues> Readers =>
    [
        new(),
        new() { Name = "Ada King of Lovelace", Email = "ada.lovelace@mail.example.org", Fields = new Dictionary<string, string> { ["city"] = "Nether Wallop on" } },
        new() { Name = "Ada" },
        new() { Email = "ada@example.org" },
    ];

    private static string Text(string body, string yaml = "lang: en") => Issue(body, yaml).Text.Write(PersonalValues.Nobody);

    private static RenderedIssue Issue(string body, string yaml = "lang: en") =>
        Renderer.Render(IssueFile.Read("0012.md", Encoding.UTF8.GetBytes($"---\ntitle: T\n{yaml}\n---\n{body}")).Issue!, Some.Publication(), Bare, Surroundings.None);
}
