using CsCheck;
using Newsletter.Web;

namespace Newsletter.Tests.Web.Preview;

public sealed class PreviewCopyTests
{
    private const string Letter = """
        <!doctype html><html><head><style>@media (prefers-color-scheme: dark) { a { color: #fff } } @media ( PREFERS-color-scheme : light ) { a { color: #000 } }</style>
        <style media="(prefers-color-scheme:dark)">b { color: #eee }</style></head><body>Text on (prefers-color-scheme: dark)</body></html>
        """;

    [Test]
    public void In_the_dark_view_rules_for_dark_hold_and_those_for_light_do_not()
    {
        var copy = Copy(Letter, View.Dark);

        Assert.That(copy, Does.Contain("@media (min-width: 0) { a { color: #fff }").And.Contain("@media (max-width: 0) { a { color: #000 }").And.Contain("<style media=\"(min-width: 0)\">"));
        Assert.That(copy, Does.Contain(":root { color-scheme: dark !important; }"));
    }

    [Test]
    public void In_the_other_views_rules_for_dark_do_not_hold([Values("desktop", "phone", "forced", "images-off")] string view)
    {
        var copy = Copy(Letter, View.Of(view));

        Assert.That(copy, Does.Contain("@media (max-width: 0) { a { color: #fff }").And.Contain("@media (min-width: 0) { a { color: #000 }").And.Contain("color-scheme: light !important"));
    }

    [Test]
    public void What_an_author_writes_about_dark_colours_stays() => Assert.That(Copy(Letter, View.Dark), Does.Contain("Text on (prefers-color-scheme: dark)"));

    [Test]
    public void A_letter_without_dark_colours_is_light_in_the_dark_view_too() =>
        Assert.That(Copy("<html><head></head><body>x</body></html>", View.Dark), Does.Contain("color-scheme: light"));

    [TestCase("<a href=\"https://example.org/?a>b\">x</a>", "<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"https://example.org/?a>b\">x</a>")]
    [TestCase("<A target=_top HREF='https://example.org/'>x</A>", "<A target=\"_blank\" rel=\"noopener noreferrer\" target=_top HREF='https://example.org/'>x</A>")]
    [TestCase("<a href=\"#below\">x</a>", "<a href=\"#below\">x</a>")]
    [TestCase("<address>x</address>", "<address>x</address>")]
    public void Links_open_beside_the_desk_but_those_within_the_letter(string html, string copy) => Assert.That(Copy(html, View.Page), Is.EqualTo(copy));

    [Test]
    public void Images_of_the_folder_are_shown_from_it_wherever_they_stand() => Assert.That(
        PreviewCopy.Of("<img alt=\"src='x'\" src=\"https://n.example/images/a&amp;b.png\"><td background='https://n.example/images/a&amp;b.png'><img src=\"https://n.example/c.png\">", View.Page,
            address => address == "https://n.example/images/a&b.png" ? "/images/0001/a.png" : null),
        Is.EqualTo("<img alt=\"src='x'\" src=\"/images/0001/a.png\"><td background=\"/images/0001/a.png\"><img src=\"https://n.example/c.png\">"));

    [Test]
    public void It_never_throws_and_a_letter_without_links_images_and_styles_stays_as_it_is() => Gen.String[Gen.Char["<>\"'=/ astyle#img:(){}-\n"], 0, 400].Sample(text =>
    {
        foreach (var view in View.All)
            Copy(text, view);
        var plain = text.Replace("<", "", StringComparison.Ordinal);
        Assert.That(Copy(plain, View.Page), Is.EqualTo(plain));
    }, iter: 2000);

    private static string Copy(string html, View view) => PreviewCopy.Of(html, view, _ => null);
}
