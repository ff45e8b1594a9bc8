using CsCheck;
using Newsletter.Inlining;

namespace Newsletter.Tests.Inlining;

/// <summary>What is read without a tokenizer must be what the tokenizer reads.</summary>
public sealed class PlainTextTests
{
    private static readonly string[] Pieces =
    [
        "red", "1px", " ", "  ", "\n", "\t", "(", ")", "url(", "url( ", "URL(", "xurl(", "#url(", "1url(", "'", "\"", "'a b'", "\"a  b\"", "/", "/*", "*/", "\\", "\\)", ",", "!important",
        "[", "]", "{", "}", ";", "#fff", "@x", "<!--", "-->", "-", "é", "\0", "\u007f", "a:b", "%",
    ];

    [Test]
    public void A_plain_text_is_what_the_tokenizer_makes_of_it() =>
        Gen.Int[0, Pieces.Length - 1].Array[0, 12].Select(picks => string.Concat(picks.Select(pick => Pieces[pick]))).Sample(css =>
        {
            if (!PlainText.Find(css, 0, out var found) || found.Read() is not { } read)
                return;

            Assert.That(read, Is.EqualTo(CssValue.Clean(css, 0, found.StopAt, commentAsSpace: true)), css);
            Assert.That(CssValue.Read(css, 0, found.StopAt), Is.Not.Null, css);
        }, iter: 50_000);

    [Test]
    public void An_address_may_stand_behind_the_mark_of_a_comment() => Assert.That(PlainText.Find("<!--url( a)", 0, out _), Is.False);

    [TestCase("Helvetica, 'Open Sans', sans-serif;", "Helvetica, 'Open Sans', sans-serif")]
    [TestCase(" url(a.png)\n no-repeat }", "url(a.png) no-repeat")]
    [TestCase("12px/1.5 Arial", "12px/1.5 Arial")]
    public void What_letters_say_is_plain(string css, string value)
    {
        Assert.That(PlainText.Find(css, 0, out var found), Is.True);
        Assert.That(found.Read(), Is.EqualTo(value));
    }
}
