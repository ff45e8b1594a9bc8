using System.Buffers;
using System.Text;

namespace Newsletter.Classifying;

/// <summary>A list of phrases from a data file: is any of them in a text?</summary>
/// <remarks>
/// Phrases are compared in <see cref="Plain"/> text: lower case, one blank between words, no addresses, links or reply codes. A star in a phrase stands for at
/// most 60 characters. No regular expression: a hostile text costs one pass.
/// </remarks>
internal sealed class Phrases
{
    private const int StarLength = 60;
    private readonly SearchValues<string> whole;
    private readonly HashSet<string> all;
    private readonly string[][] pieces;

    public Phrases(IEnumerable<string> phrases)
    {
        all = phrases.ToHashSet(StringComparer.Ordinal);
        whole = SearchValues.Create(all.Where(phrase => !phrase.Contains('*')).ToArray(), StringComparison.Ordinal);
        pieces = all.Where(phrase => phrase.Contains('*')).Select(phrase => phrase.Split('*', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
    }

    /// <summary>The matching place of a <see cref="Plain"/> text with the words after it, for evidence; null where no phrase is in it.</summary>
    public string? Match(string plain)
    {
        if (plain.AsSpan().IndexOfAny(whole) is >= 0 and var at)
            return Excerpt(plain, at);
        foreach (var phrase in pieces)
            if (Find(plain, phrase) is >= 0 and var start)
                return Excerpt(plain, start);
        return null;
    }

    /// <summary>Whether a <see cref="Plain"/> text begins with one of the phrases.</summary>
    public bool Starts(string plain) => Match(plain) is { } found && plain.StartsWith(found, StringComparison.Ordinal);

    /// <summary>Whether a <see cref="Plain"/> text is one of the phrases.</summary>
    public bool Is(string plain) => all.Contains(plain);

    /// <summary>What phrases are compared with.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var range in text.AsSpan().SplitAny(" \t\r\n\u00A0"))
        {
            var word = text.AsSpan()[range];
            if (word.IsEmpty || word.Contains("://", StringComparison.Ordinal))
                continue;
            if (plain.Length > 0)
                plain.Append(' ');
            var before = plain.Length;
            AppendWord(plain, word);
            if (plain.Length == before && before > 0)
                plain.Length--;
        }
        return plain.Replace('\u2019', '\'').Replace('\u2018', '\'').ToString().ToLowerInvariant();
    }

    /// <summary>A reply code that goes on, <c>550-5.1.1</c>, stands in the midst of a sentence: it goes. Of an address the at sign stays.</summary>
    private static void AppendWord(StringBuilder plain, ReadOnlySpan<char> word)
    {
        if (IsContinuedReply(word))
            word = word.Length > 4 && char.IsAsciiDigit(word[4]) && word.Length < 12 ? [] : word[4..];
        for (var at = word.IndexOf('@'); at >= 0; at = word.IndexOf('@'))
        {
            var start = at;
            while (start > 0 && IsOfAddress(word[start - 1]))
                start--;
            var end = at + 1;
            while (end < word.Length && IsOfAddress(word[end]))
                end++;
            while (end > at + 1 && word[end - 1] == '.')
                end--;
            plain.Append(word[..start]).Append('@');
            word = word[end..];
        }
        plain.Append(word);
    }

    private static bool IsContinuedReply(ReadOnlySpan<char> word) =>
        word.Length >= 4 && word[0] is '2' or '4' or '5' && char.IsAsciiDigit(word[1]) && char.IsAsciiDigit(word[2]) && word[3] == '-';

    private static bool IsOfAddress(char letter) => char.IsLetterOrDigit(letter) || "!#$%&*+-/=?^_`{|}~.".Contains(letter);

    private static int Find(string plain, string[] phrase)
    {
        for (var start = plain.IndexOf(phrase[0], StringComparison.Ordinal); start >= 0; start = plain.IndexOf(phrase[0], start + 1, StringComparison.Ordinal))
            if (Follows(plain, start, phrase))
                return start;
        return -1;
    }

    private static bool Follows(string plain, int start, string[] phrase)
    {
        var at = start + phrase[0].Length;
        foreach (var piece in phrase.AsSpan(1))
        {
            var found = plain.AsSpan(at, Math.Min(plain.Length - at, StarLength + piece.Length)).IndexOf(piece, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at += found + piece.Length;
        }
        return true;
    }

    private static string Excerpt(string plain, int start) => plain.Substring(start, Math.Min(80, plain.Length - start));
}
