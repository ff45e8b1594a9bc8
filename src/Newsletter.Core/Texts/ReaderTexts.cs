using System.Collections;
using System.Collections.Frozen;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;

namespace Newsletter;

/// <summary>What readers see of us, pages and small mails, in one language: <c>Texts/Reader.resx</c> (English), <c>Texts/Reader.de.resx</c> and so on. Another language is another file.</summary>
/// <remarks>
/// The files are built into this assembly and not into satellites: none can be missing beside the program, and which there are is known without a look at a disk.
/// A language may have some mails alone; pages are in those that have all. <c>{word}</c> in a text is filled in.
/// </remarks>
public sealed partial class ReaderTexts
{
    private const string English = "en";
    private const string Prefix = "Newsletter.Texts.Reader";
    private static readonly FrozenDictionary<string, ReaderTexts> All = Read();

    private readonly FrozenDictionary<string, string> texts;

    private ReaderTexts(string language, FrozenDictionary<string, string> texts) => (Language, this.texts) = (language, texts);

    /// <summary>BCP 47.</summary>
    public string Language { get; }

    /// <summary>The texts in every language that a page can be in, English first.</summary>
    public static IReadOnlyList<ReaderTexts> OfPages { get; } = [.. All.Values.Where(each => each.texts.Count == All[English].texts.Count).OrderBy(each => each.Language != English).ThenBy(each => each.Language, StringComparer.Ordinal)];

    /// <summary>The names of all texts.</summary>
    internal IEnumerable<string> Keys => texts.Keys;

    /// <summary>A text as it is.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name in this language.</exception>
    public string this[string key] => texts[key];

    /// <summary>The texts of a page in the first language that pages are in, else in English.</summary>
    /// <param name="languages">Tags such as <c>de-AT</c>, the best first; empty and odd ones are passed over.</param>
    public static ReaderTexts ForPage(IEnumerable<string> languages) => languages.Select(Find).FirstOrDefault(OfPages.Contains) ?? All[English];

    /// <summary>The texts of a mail in the first language that has it, else in English.</summary>
    /// <param name="mail">What its texts' names begin with: it has a <c>Subject</c>.</param>
    /// <param name="languages">As for <see cref="ForPage"/>.</param>
    public static ReaderTexts ForMail(string mail, IEnumerable<string> languages) => languages.Select(Find).FirstOrDefault(each => each?.texts.ContainsKey($"{mail}.Subject") is true) ?? All[English];

    /// <summary>A text with its words filled in; what a value holds is not filled in again.</summary>
    /// <exception cref="KeyNotFoundException">There is no such text, or no value for a word of it.</exception>
    public string Say(string key, params IEnumerable<(string Word, string Value)> values)
    {
        var known = values.ToDictionary(value => value.Word, value => value.Value);
        return Words().Replace(texts[key], word => known[word.Groups[1].Value]);
    }

    /// <summary>The pieces of a text: at even places what it says, at odd ones the words to fill in.</summary>
    public string[] Pieces(string key) => Words().Split(texts[key]);

    /// <summary>A date as this language writes it.</summary>
    public string Date(DateOnly date) => Composing.IssueDates.Text(date, Language);

    private static ReaderTexts? Find(string tag)
    {
        var known = tag.Trim().ToLowerInvariant().Replace('_', '-');
        var primary = known.Split('-')[0];
        return All.GetValueOrDefault(known) ?? All.GetValueOrDefault(primary is "no" or "nn" ? "nb" : primary);
    }

    private static FrozenDictionary<string, ReaderTexts> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return (from name in assembly.GetManifestResourceNames()
                where name.StartsWith(Prefix, StringComparison.Ordinal)
                let language = name.Split('.')[3..^1] is [var tag] ? tag.ToLowerInvariant() : English
                select (language, texts: Read(assembly.GetManifestResourceStream(name)!)))
            .ToFrozenDictionary(each => each.language, each => new ReaderTexts(each.language, each.texts));
    }

    private static FrozenDictionary<string, string> Read(Stream stream)
    {
        using var resources = new ResourceReader(stream);
        return resources.Cast<DictionaryEntry>().ToFrozenDictionary(entry => (string)entry.Key, entry => ((string)entry.Value!).ReplaceLineEndings("\n"));
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Words();
}
