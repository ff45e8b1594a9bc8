using CsCheck;
using Newsletter.Composing.Body;

namespace Newsletter.Tests.Core.Composing;

public sealed class TextWrapTests
{
    [TestCase("one two three", new[] { "one two", "three" })]
    [TestCase("a-longer-word12 and more", new[] { "a-longer-word12", "and more" })]
    [TestCase("see a-word-that-is-longer-than-the-room and more", new[] { "see a-", "word-that-", "is-longer-", "than-the-", "room and", "more" })]
    [TestCase("abcdefghijklmnopqrstuvwxyz", new[] { "abcdefghij", "klmnopqrst", "uvwxyz" })]
    [TestCase("see https://e.org/a-word-that-is-longer", new[] { "see", "https://e.org/a-word-that-is-longer" })]
    [TestCase("a_long_name_with_zq0slot1z_in_it", new[] { "a_long_name_with_zq0slot1z_in_it" })]
    [TestCase("", new[] { "" })]
    [TestCase("ある。ない。", new[] { "ある。", "ない。" })]
    [TestCase("あいうえおか", new[] { "あいうえお", "か" })]
    [TestCase("あいうえ「か", new[] { "あいうえ", "「か" })]
    [TestCase("あいうえおっか", new[] { "あいうえ", "おっか" })]
    [TestCase("あ<https://e.org/猫。犬>。い", new[] { "あ", "<https://e.org/猫。犬>。", "い" })]
    [TestCase("<b>,'a@e.org,'😀@x", new[] { "<b>,'", "a@e.org,'", "😀@x" })]
    [TestCase("e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301", new[] { "e\u0301e\u0301e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301e\u0301" })]
    public void A_text_is_parted_where_it_may_be(string text, string[] lines) => Assert.That(TextWrap.Lines(text, 10), Is.EqualTo(lines));

    [Test]
    public void Nothing_is_lost_and_no_line_is_longer_than_it_must_be() =>
        Gen.Select(Gen.OneOf(Gen.String["ab <>.,:/@ "], Gen.String["a<>,.'@あ😀"], Gen.String["あ。、「」ー漢a <:/"], Gen.String[Gen.Char, 0, 60]), Gen.Int[4, 30]).Sample((text, room) =>
        {
            text = text.Replace('\n', ' ').Replace('\r', ' ');
            var lines = TextWrap.Lines(text, room).ToList();
            return Bare(string.Concat(lines)) == Bare(text) && lines.TrueForAll(line => TextWrap.Columns(line) <= room || !line.Contains(' ', StringComparison.Ordinal));
        }, iter: 20_000);

    [TestCase("for (;;) { }", new[] { "    for (;;) { }" })]
    [TestCase("a\n\n\tb", new[] { "    a", "    ", "        b" })]
    [TestCase("  public static int Sum(int one)", new[] { "      public static int", "          Sum(int one)" })]
    [TestCase("x  =  1;           // one and one more", new[] { "    x  =  1;", "        // one and one", "        more" })]
    [TestCase("std::vector<std::pair<int,double>>", new[] { "    std::vector<std::", "        pair<int,", "        double>>" })]
    public void A_line_of_code_that_is_too_wide_goes_on_in_the_next_one(string code, string[] lines) => Assert.That(TextCode.Lines(code, 18), Is.EqualTo(lines));

    [Test]
    public void No_sign_of_a_code_is_lost() =>
        Gen.Select(Gen.String["ab (){};.\t\n"], Gen.Int[1, 40]).Sample((code, room) => Bare(string.Concat(TextCode.Lines(code, room))) == Bare(code).Replace("\n", "", StringComparison.Ordinal), iter: 20_000);

    [TestCase("GitHub שלום", "\u200FGitHub שלום")]
    [TestCase("שלום GitHub", "שלום GitHub")]
    [TestCase("- 12: GitHub שלום", "\u200F- 12: GitHub שלום")]
    [TestCase("GitHub", "GitHub")]
    public void A_line_of_a_right_to_left_text_keeps_its_direction(string line, string kept) => Assert.That(TextDirection.Kept(line), Is.EqualTo(kept));

    private static string Bare(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal);
}
