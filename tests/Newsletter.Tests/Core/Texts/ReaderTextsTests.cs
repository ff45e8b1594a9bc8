using System.Text.RegularExpressions;

namespace Newsletter.Tests.Core.Texts;

/// <summary>The texts that readers see: whole in every language that pages are in, all of them used and none of them elsewhere.</summary>
public sealed partial class ReaderTextsTests
{
    private static readonly ReaderTexts English = ReaderTexts.ForPage([]);

    private static IEnumerable<ReaderTexts> All => Directory.EnumerateFiles(Path.Combine(Source.Root, "src", "Newsletter.Core", "Texts"), "Reader.*.resx")
        .Select(file => Path.GetFileName(file).Split('.')[1]).Select(language => ReaderTexts.ForMail("Farewell", [language]));

    [Test]
    public void Pages_are_in_English_and_in_German() => Assert.That(ReaderTexts.OfPages.Select(texts => texts.Language).Take(2), Is.EqualTo(new[] { "en", "de" }), "a text that one of them lacks takes it out of this list");

    [Test]
    public void Every_language_has_only_texts_that_English_has_with_the_same_words_to_fill_in()
    {
        var odd = from texts in All
                  from key in texts.Keys
                  where !English.Keys.Contains(key) || !Words(texts, key).SequenceEqual(Words(English, key))
                  select $"{texts.Language}: {key}";

        Assert.That(All.Count(), Is.GreaterThanOrEqualTo(19));
        Assert.That(odd, Is.Empty);
    }

    [Test]
    public void Every_text_is_used_and_every_text_that_is_used_is_there()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Source.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));
        var named = Named().Matches(source).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.That(English.Keys.Where(key => !named.Contains(key) && !named.Contains(key[..key.LastIndexOf('.')])), Is.Empty, "used");
        Assert.That(named.Where(name => English.Keys.Any(key => key.StartsWith(name.Split('.')[0] + ".", StringComparison.Ordinal)) && !English.Keys.Any(key => key == name || key.StartsWith(name + ".", StringComparison.Ordinal))), Is.Empty, "there");
    }

    [TestCase("de-AT", "de")]
    [TestCase("DE_de", "de")]
    [TestCase("fr", "en")]
    [TestCase("fr,de", "de")]
    [TestCase("", "en")]
    [TestCase("*", "en")]
    public void A_page_is_in_the_first_language_that_has_all(string wanted, string language) => Assert.That(ReaderTexts.ForPage(wanted.Split(',')).Language, Is.EqualTo(language));

    [Test]
    public void What_a_value_holds_is_not_filled_in_again() =>
        Assert.That(English.Say("Farewell.Subject", ("name", "{name} {link}")), Is.EqualTo("You are unsubscribed from {name} {link}"));

    [Test]
    public void A_word_without_a_value_is_a_fault_and_not_a_gap() => Assert.That(() => English.Say("Farewell.Subject"), Throws.TypeOf<KeyNotFoundException>());

    private static IEnumerable<string> Words(ReaderTexts texts, string key) => texts.Pieces(key).Where((_, i) => i % 2 == 1).Distinct().Order();

    /// <summary>Names of texts, or what they begin with, as they stand in the source.</summary>
    [GeneratedRegex("\"([A-Z][A-Za-z]+(?:\\.[A-Za-z0-9]+)*)\"")]
    private static partial Regex Named();
}
