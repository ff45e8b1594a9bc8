using System.Buffers;
using System.Text;

namespace Newsletter.Subscribers;

/// <summary>Makes what strangers write fit to keep: bounded, without control characters and broken text that a database or a header would choke on. Escaping is the reader's side.</summary>
public static class PersonalText
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxName = 200;

    /// <summary>The longest value of a field, in UTF-16 units.</summary>
    public const int MaxValue = 2000;

    /// <summary>The most fields of one person.</summary>
    public const int MaxFields = 100;

    /// <summary>The longest name of a field, tag or topic, in UTF-16 units.</summary>
    public const int MaxMark = 64;

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>One line: what ends a line, controls or is broken becomes a blank; blanks are drawn together.</summary>
    public static string OneLine(string? text, int max) =>
        IsFit(text) ? (text ?? "").Cut(max) : string.Join(' ', Clean(text, keepLines: false).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Cut(max);

    /// <summary>Several lines, each ended by <c>\n</c>.</summary>
    public static string Lines(string? text, int max) => IsFit(text) ? (text ?? "").Cut(max) : Clean(text, keepLines: true).Trim().Cut(max);

    /// <summary>The name of a field as templates write it: lower case, <c>_</c> for everything that is no letter, digit or <c>-</c>. Empty where nothing is left.</summary>
    public static string FieldName(string? text)
    {
        if (text is { Length: > 0 and <= MaxMark } && !text.AsSpan().ContainsAnyExcept(Plain) && text[0] is not ('_' or '-') && text[^1] is not ('_' or '-'))
            return text;
        return string.Concat(OneLine(text, MaxMark).ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) || letter is '-' ? letter : '_')).Trim('_', '-');
    }

    /// <summary>Whether a field can have this name as it is.</summary>
    public static bool IsFieldName(string text) => text.Length > 0 && FieldName(text) == text && !SubscriberColumns.IsOurs(text);

    /// <summary>Fields with their names and values made fit; those without a value, without a name or with the name of a column of ours are left out.</summary>
    internal static PersonalFields Fields(IEnumerable<KeyValuePair<string, string>> fields)
    {
        if (fields is PersonalFields { } fit)
            return fit;
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (given, value) in fields)
            if (FieldName(given) is { Length: > 0 } name && !SubscriberColumns.IsOurs(name) && Lines(value, MaxValue) is { Length: > 0 } text && kept.Count < MaxFields)
                kept[name] = text;
        return kept.Count == 0 ? PersonalFields.None : new([.. kept]);
    }

    /// <summary>Tags or topics: each once, in order; without the signs that part them in a list.</summary>
    internal static List<string> Marks(IEnumerable<string> marks) =>
        marks is string[] { Length: 0 } ? [] : [.. marks.Select(mark => OneLine(mark.Replace(',', ' ').Replace(';', ' '), MaxMark)).Where(mark => mark.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MaxFields)];

    /// <summary>Whether there is nothing to clean, for sure: no controls, no half characters, blanks alone and inside.</summary>
    private static bool IsFit(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return true;
        var before = ' ';
        foreach (var letter in text)
        {
            if (letter == ' ' ? before == ' ' : char.IsControl(letter) || char.IsSurrogate(letter) || char.IsWhiteSpace(letter))
                return false;
            before = letter;
        }
        return before != ' ';
    }

    private static string Clean(string? text, bool keepLines)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var clean = new StringBuilder(text.Length);
        foreach (var rune in (keepLines ? text.ReplaceLineEndings("\n") : text).EnumerateRunes()) // half a surrogate pair comes out as U+FFFD
            if (!Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune))
                clean.Append(rune);
            else
                clean.Append(keepLines && rune.Value is '\n' ? (char)rune.Value : ' ');
        return clean.ToString();
    }

    /// <summary>Never through a pair of surrogates.</summary>
    private static string Cut(this string text, int max) =>
        text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)].TrimEnd();
}
