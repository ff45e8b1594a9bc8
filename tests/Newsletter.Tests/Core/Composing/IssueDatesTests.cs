using Newsletter.Composing;

namespace Newsletter.Tests.Core.Composing;

public sealed class IssueDatesTests
{
    [TestCase("en", "4 December 2026")]
    [TestCase("en-US", "December 4, 2026")]
    [TestCase("de-AT", "4. Dezember 2026")]
    [TestCase("fr", "4 décembre 2026")]
    [TestCase("es", "4 de diciembre de 2026")]
    [TestCase("ca", "4 de desembre del 2026")]
    [TestCase("nb", "4. desember 2026")]
    [TestCase("pl", "4 grudnia 2026")]
    [TestCase("hu", "2026. december 4.")]
    [TestCase("ru", "4 декабря 2026 г.")]
    [TestCase("he", "4 בדצמבר 2026")]
    [TestCase("ar", "4 ديسمبر 2026")]
    [TestCase("ja", "2026年12月4日")]
    [TestCase("zh-Hant", "2026年12月4日")]
    [TestCase("ko", "2026년 12월 4일")]
    [TestCase("tlh", "2026-12-04")]
    public void A_date_stands_as_readers_of_the_language_write_it(string lang, string text) => Assert.That(IssueDates.Text(new(2026, 12, 4), lang), Is.EqualTo(text));

    [Test]
    public void Each_language_has_twelve_months()
    {
        foreach (var lang in new[] { "en", "en-us", "de", "nl", "da", "no", "sv", "is", "fi", "fr", "it", "es", "pt", "ca", "ro", "pl", "cs", "sk", "sl", "hr", "hu", "lt", "ru", "uk", "bg", "el", "tr", "he", "ar", "ja", "zh", "ko" })
            Assert.That(Enumerable.Range(1, 12).Select(month => IssueDates.Text(new(2026, month, 20), lang)).Distinct().ToList(), Has.Count.EqualTo(12).And.None.Contains("{"), lang);
    }

    [Test]
    public void The_first_of_a_month_is_an_ordinal_in_French() => Assert.That(IssueDates.Text(new(2026, 5, 1), "fr"), Is.EqualTo("1er mai 2026"));
}
