using CsCheck;
using Newsletter.Replies;

namespace Newsletter.Tests.Core.Replies;

/// <summary>What the folding promises of any text.</summary>
public sealed class FoldingTests
{
    private static readonly string[] Pieces =
    [
        "> ", ">> ", ">", "-- \n", "--\n", "On Mon, 2 Nov 2026, Ida <a@b.example> wrote:\n", "wrote:\n", "-----Original Message-----\n", "From: x\n", "Sent: y\n", "To: z\n", "Subject: s\n", "\n", "\n\n", "\r\n", "________________________________\n",
        "Sent from my iPhone\n", "words ", "Begin forwarded message:\n", ":\n", "2026年11月2日 9:00 X <x@y.example>:\n", "\0", "\ud800", "<", "Confidentiality notice: intended\n", "Best regards\n", "Tel. +49 40 1234567\n", "<b>", "</div>", "<blockquote type=cite>", "<div id=appendonsend>",
        "<div class=gmail_signature>", "<p>", "<td>", "<table><tr>", "<a href=https://x.example>y.example</a>", "<img src=cid:1>", "<svg><script>", "</svg>", "<style>", "<!--", "-->", "&lt;", "<pre>",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]).Array[0, 60].Select(string.Concat);

    [Test]
    public void The_parts_of_any_text_are_the_text() =>
        Texts.Sample(text => string.Concat(TextFolding.Fold(text).Select(block => block.Text)) == text, iter: 20_000);

    [Test]
    public void Any_HTML_gives_balanced_parts_of_allowed_elements() =>
        Texts.Sample(html => MarkupFolding.Fold(html, _ => "/image").Blocks.All(block => SafeMarkup.IsBalanced(block.Html)), iter: 20_000);

    [Test]
    public void Two_parts_that_stand_together_are_of_two_kinds() =>
        Texts.Sample(text => TextFolding.Fold(text) is var blocks && blocks.Zip(blocks.Skip(1)).All(pair => pair.First.Kind != pair.Second.Kind), iter: 5_000);

    /// <summary>Each shape a megabyte long: what is linear ends at once, what is not takes hours.</summary>
    [TestCase("> ")]
    [TestCase(">\n")]
    [TestCase(":\n")]
    [TestCase("wrote:\n")]
    [TestCase("On 2 Nov 2026 09:00 a@b.example wrote:\n")]
    [TestCase("From: x\n")]
    [TestCase("From: x\nSent: y\n\n")]
    [TestCase("-- \n")]
    [TestCase("-----Original Message-----\n")]
    [TestCase("________\n")]
    [TestCase("Confidential: x\n\n")]
    [TestCase("--\n")]
    [TestCase("Best regards\n")]
    [TestCase("x\n> y\n")]
    [TestCase("a")]
    [TestCase("<")]
    [TestCase("\n")]
    public void A_long_text_of_one_shape_ends(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));

        Assert.That(string.Concat(TextFolding.Fold(text).Select(block => block.Text)), Is.EqualTo(text));
    }

    [TestCase("<div>")]
    [TestCase("<b>x")]
    [TestCase("<b id=1><i><p>")]
    [TestCase("<blockquote>")]
    [TestCase("<blockquote>x</blockquote>y<br>")]
    [TestCase("<table><tr><td>x")]
    [TestCase("<a href=https://x.example>y")]
    [TestCase("</p>")]
    [TestCase("<br>")]
    [TestCase("&amp;")]
    [TestCase("<p a=1 b=2 c=3>")]
    [TestCase("<svg>")]
    [TestCase("<!--")]
    [TestCase("<p ")]
    [TestCase("<pre>\n")]
    [TestCase("<img src=cid:1>")]
    public void A_long_HTML_of_one_shape_ends(string piece)
    {
        var blocks = MarkupFolding.Fold(string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length)), _ => "/image").Blocks;

        Assert.That(blocks.Sum(block => (long)block.Html.Length), Is.LessThan(12_000_000));
    }

    [Test]
    public void Nested_links_are_not_written_out_again_for_hundreds_of_parts()
    {
        var links = string.Concat(Enumerable.Repeat($"<a href=\"http://x.example/{new string('&', 1_900)}\"><span>", 40));

        var blocks = MarkupFolding.Fold(links + string.Concat(Enumerable.Repeat("&gt; q<br>w<br>", 200)), _ => null).Blocks;

        Assert.That(blocks.Sum(block => (long)block.Html.Length), Is.LessThan(4_000_000));
    }

    [Test]
    public void An_attribute_that_comes_a_hundred_thousand_times_is_read_in_time()
    {
        var html = $"<p {string.Concat(Enumerable.Range(0, 100_000).Select(i => $"a{i}=1 "))}>words</p>";

        Assert.That(MarkupFolding.Fold(html, _ => null).Blocks.Single().Text, Is.EqualTo("words\n"));
    }

    [Test]
    public void A_text_that_is_all_quoted_has_nothing_written() =>
        Assert.That(TextFolding.Written(TextFolding.Fold("> a\n> b\n")), Is.Empty);

    [Test]
    public void A_line_that_an_mbox_file_has_marked_is_no_quote() =>
        Assert.That(TextFolding.Fold(">From the harbour\nwith love\n").Single().Kind, Is.EqualTo(BlockKind.Written));

    [Test]
    public void Who_hands_a_mail_on_by_Outlook_has_it_folded_as_forwarded() =>
        Assert.That(TextFolding.Fold("see\n\nFrom: a\nSent: b\nTo: c\nSubject: d\n\nwords\n", isForward: true).Select(block => block.Kind), Is.EqualTo(new[] { BlockKind.Written, BlockKind.Forwarded }));
}
