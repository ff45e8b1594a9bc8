using System.Collections.Frozen;

namespace Newsletter.Replies;

/// <summary>How mail programs mark what they add: <c>reply-marks.txt</c>, by section.</summary>
internal static class ReplyMarks
{
    private static readonly ILookup<string, string> Sections = EmbeddedText.Sections("Replies.reply-marks.txt");

    public static IReadOnlyList<StarPhrase> Attributions { get; } = [.. Sections["attribution"].Select(text => new StarPhrase(text))];
    public static IReadOnlyList<StarPhrase> WeakAttributions { get; } = [.. Sections["weak-attribution"].Select(text => new StarPhrase(text))];
    public static FrozenSet<string> Originals { get; } = Sections["original"].ToFrozenSet();
    public static FrozenSet<string> Forwards { get; } = Sections["forwarded"].ToFrozenSet();
    public static FrozenDictionary<string, HeaderLabel> Labels { get; } = ReadLabels();
    public static Beginnings Footers { get; } = new(Sections["footer"]);
    public static Beginnings Disclaimers { get; } = new(Sections["disclaimer"]);
    public static IReadOnlyList<string> DisclaimerWords { get; } = [.. Sections["disclaimer word"].Distinct()];
    public static FrozenSet<string> Closings { get; } = Sections["closing"].ToFrozenSet();
    public static Beginnings Contacts { get; } = new(Sections["contact"]);
    public static ElementMarks Elements { get; } = new([
        .. Sections["html quote"].Select(text => (text, ElementMark.Quote)), .. Sections["html rest"].Select(text => (text, ElementMark.Rest)),
        .. Sections["html forward"].Select(text => (text, ElementMark.Forward)), .. Sections["html signature"].Select(text => (text, ElementMark.Signature)),
    ]);

    private static FrozenDictionary<string, HeaderLabel> ReadLabels()
    {
        var labels = new Dictionary<string, HeaderLabel>();
        foreach (var (section, label) in ((string, HeaderLabel)[])[("from", HeaderLabel.From), ("subject", HeaderLabel.Subject), ("sent", HeaderLabel.Sent), ("to", HeaderLabel.To), ("other", HeaderLabel.Other)])
            foreach (var text in Sections[$"label {section}"])
                labels[text.TrimEnd(':')] = labels.GetValueOrDefault(text.TrimEnd(':')) | label; // "da" is From in Italian, "data" Sent, "a" To
        return labels.ToFrozenDictionary();
    }
}

/// <summary>The fields of a quoted header; a word may be the label of one in one language and of another in the next.</summary>
[Flags]
internal enum HeaderLabel
{
    None = 0,
    From = 1,
    Sent = 2,
    To = 4,
    Subject = 8,
    Other = 16,
}

/// <summary>A phrase whose stars stand for any characters, and that has to match the whole.</summary>
internal sealed class StarPhrase(string text)
{
    private readonly string[] pieces = text.Split('*');

    /// <summary>Whether it begins with a word: then it cannot begin in the midst of another sentence.</summary>
    public bool IsAnchored { get; } = !text.StartsWith('*');

    public bool Matches(ReadOnlySpan<char> plain)
    {
        if (!plain.StartsWith(pieces[0], StringComparison.Ordinal) || !plain.EndsWith(pieces[^1], StringComparison.Ordinal))
            return false;
        if (pieces.Length == 1)
            return plain.Length == pieces[0].Length;
        if (plain.Length < pieces[0].Length + pieces[^1].Length)
            return false;
        var between = plain[pieces[0].Length..^pieces[^1].Length];
        foreach (var piece in pieces.AsSpan(1, pieces.Length - 2))
        {
            var at = between.IndexOf(piece, StringComparison.Ordinal);
            if (at < 0)
                return false;
            between = between[(at + piece.Length)..];
        }
        return true;
    }
}

/// <summary>Phrases that a line may begin with, found by their first letters.</summary>
internal sealed class Beginnings(IEnumerable<string> phrases)
{
    private const int Key = 2;
    private readonly FrozenDictionary<string, string[]> byStart = phrases.GroupBy(phrase => phrase[..Math.Min(Key, phrase.Length)]).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    public bool Begin(string plain) =>
        plain.Length >= Key && byStart.TryGetValue(plain[..Key], out var phrases) && Array.Exists(phrases, phrase => plain.StartsWith(phrase, StringComparison.Ordinal));
}
