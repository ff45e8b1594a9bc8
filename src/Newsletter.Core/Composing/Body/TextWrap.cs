using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Newsletter.Composing.Body;

/// <summary>Parts text into lines, in columns as a terminal counts them. An address is never broken, another word only where no line could hold it.</summary>
/// <remarks>
/// Chinese and Japanese have no blanks: a line ends behind a mark of punctuation, and only where none comes in time between two characters, but never
/// before a mark that closes or behind one that opens (JIS X 4051, after UAX #14).
/// </remarks>
internal static partial class TextWrap
{
    /// <summary>Columns that a word may stick out of its line: 72 and these are the 78 of RFC 5322 §2.1.1.</summary>
    public const int Overhang = 6;

    private static readonly SearchValues<char> Closing = SearchValues.Create("、。，．：；！？）」』】〉》〕］｝〗〙・ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥—,.:;!?)]}%\"'”’");
    private static readonly SearchValues<char> Opening = SearchValues.Create("（「『【〈《〔［｛〖〘([{\"'“‘<");
    private static readonly SearchValues<char> Pausing = SearchValues.Create("、。，．：；！？）」』】〉》");

    /// <summary>At least one line, without line ends.</summary>
    /// <param name="text">Its blanks are where it may be parted.</param>
    /// <param name="room">Columns.</param>
    /// <param name="values">How wide its tags will be; null: there are none.</param>
    public static IEnumerable<string> Lines(string text, int room, TextValues? values = null) =>
        values is not null && Placeholders.MayBeIn(text) ? ChoiceWrap.Lines(Pieces(text, room), room, values) : PlainLines(text, room);

    /// <summary>Columns that a text takes: wide characters two, combining ones none.</summary>
    public static int Columns(string text) => text.EnumerateRunes().Sum(Columns);

    /// <summary>Parts a word that is wider than a line behind its marks of punctuation, else between any two letters; an address and a placeholder stay whole.</summary>
    public static IEnumerable<string> InMarks(string word, int room)
    {
        if (Columns(word) <= room + Overhang || IsWhole(word))
            return [word];
        return Behind().Split(word).SelectMany(piece => Columns(piece) > room ? InLetters(piece, room) : [piece]).Where(piece => piece.Length > 0);
    }

    private static IEnumerable<string> PlainLines(string text, int room)
    {
        var (line, columns) = (new StringBuilder(), 0);
        foreach (var (piece, isNewWord) in Pieces(text, room))
        {
            var width = Columns(piece);
            var gap = columns > 0 && isNewWord ? 1 : 0;
            if (columns > 0 && columns + gap + width > room)
            {
                yield return line.ToString();
                line.Clear();
                (columns, gap) = (0, 0);
            }
            line.Append(gap > 0 ? " " : "").Append(piece);
            columns += gap + width;
        }
        yield return line.ToString();
    }

    private static IEnumerable<string> InLetters(string word, int room)
    {
        var (start, columns, at) = (0, 0, 0);
        foreach (var rune in word.EnumerateRunes())
        {
            var width = Columns(rune);
            if (columns + width > room)
            {
                yield return word[start..at];
                (start, columns) = (at, 0);
            }
            columns += width;
            at += rune.Utf16SequenceLength;
        }
        yield return word[start..];
    }

    private static bool IsWhole(string word) => word.Contains('@') || word.Contains("://", StringComparison.Ordinal) || word.Contains("www.", StringComparison.OrdinalIgnoreCase) || Placeholders.MayBeIn(word);

    private static IEnumerable<(string Piece, bool IsNewWord)> Pieces(string text, int room)
    {
        foreach (var word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var isNewWord = true;
            foreach (var piece in word.EnumerateRunes().Any(rune => Columns(rune) > 1) ? InWord(word, room) : InMarks(word, room))
            {
                yield return (piece, isNewWord);
                isNewWord = false;
            }
        }
    }

    private static IEnumerable<string> InWord(string word, int room)
    {
        var start = 0;
        // What closes behind an address may begin the next, so that one is looked for only behind it.
        for (var address = Address().Match(word); address.Success; address = Address().Match(word, start))
        {
            foreach (var piece in InClauses(word[start..address.Index], room))
                yield return piece;
            start = address.Index;
            var end = start + address.Length;
            while (end < word.Length && Closing.Contains(word[end]))
                end++;
            yield return word[start..end];
            start = end;
        }
        foreach (var piece in InClauses(word[start..], room))
            yield return piece;
    }

    private static IEnumerable<string> InClauses(string text, int room)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start + 1;
            while (end < text.Length && !(Pausing.Contains(text[end - 1]) && !Closing.Contains(text[end])))
                end++;
            var clause = text[start..end];
            foreach (var piece in Columns(clause) > room ? InCharacters(clause, room) : [clause])
                yield return piece;
            start = end;
        }
    }

    private static IEnumerable<string> InCharacters(string clause, int room)
    {
        var (start, columns, at, last) = (0, 0, 0, 0);
        foreach (var rune in clause.EnumerateRunes())
        {
            if (columns + Columns(rune) > room && last > start)
            {
                yield return clause[start..last];
                columns = Columns(clause[last..at]);
                start = last;
            }
            columns += Columns(rune);
            at += rune.Utf16SequenceLength;
            if (at < clause.Length && Columns(rune) == 2 && !Opening.Contains(clause[at - 1]) && !Closing.Contains(clause[at]))
                last = at;
        }
        yield return clause[start..];
    }

    private static int Columns(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F
            or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD ? 2 : 1,
    };

    [GeneratedRegex(@"<[^<>]*>|[A-Za-z][A-Za-z0-9+.-]{1,20}://[!-;=?-~]+|[!-;=?-~]+@[!-;=?-~]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=[-_.,;:/\\|&=+>)\]}])(?![-_.,;:/\\|&=+>)\]}])")]
    private static partial Regex Behind();
}
