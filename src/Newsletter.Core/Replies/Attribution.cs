namespace Newsletter.Replies;

/// <summary>Finds the line before a quote, "On Monday Ida wrote:", in any language whose words the rules have, and in any other where date or address and the quote behind it tell.</summary>
internal static class Attribution
{
    private const int MostLines = 4;
    private const int Longest = 400;
    private const int LikeBroken = 45;

    /// <summary>Stars of bold text, and the marks of direction behind a line of Hebrew or Arabic.</summary>
    private const string Behind = "*_ \u00A0\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    /// <summary>Whether a line can be the last of one: most lines cannot, and cost no more than this look.</summary>
    public static bool MayEnd(string text) => text.AsSpan().TrimEnd(Behind) is [.., ':' or '\uFF1A' or '-' or '\u2013'] || text.EndsWith("wrote", StringComparison.Ordinal);

    /// <summary>The first line of the attribution that ends in line <paramref name="end"/>; null where none does.</summary>
    /// <param name="lines">All lines.</param>
    /// <param name="end">Its last line.</param>
    /// <param name="from">Where the text before it ends that is settled already.</param>
    /// <param name="isBeforeQuote">Whether quoted lines follow.</param>
    public static int? Start(IReadOnlyList<FoldLine> lines, int end, int from, bool isBeforeQuote)
    {
        var first = end;
        while (first > from && end - first < MostLines - 1 && !lines[first - 1].IsBlank && lines[first - 1].Depth == lines[end].Depth)
            first--;
        // By its words the longest is meant, which has the date; without words the shortest: what stands above may be the person's.
        for (var start = first; start <= end; start++)
            if (HasWords(lines, start, end, isBeforeQuote))
                return start;
        for (var start = end; start >= first; start--)
            if (IsInOtherWords(Joined(lines, start, end), isBeforeQuote))
                return start;
        return null;
    }

    private static string Joined(IReadOnlyList<FoldLine> lines, int first, int end) =>
        first == end ? lines[end].Plain : string.Join(' ', Enumerable.Range(first, end - first + 1).Select(at => lines[at].Plain));

    private static bool HasWords(IReadOnlyList<FoldLine> lines, int first, int end, bool isBeforeQuote)
    {
        var plain = Joined(lines, first, end);
        if (plain.Length > Longest)
            return false;
        var facts = LineFacts.Of(plain);
        if (!isBeforeQuote && ReplyMarks.WeakAttributions.Any(phrase => phrase.Matches(plain)))
            return false;
        foreach (var phrase in ReplyMarks.Attributions)
            if (phrase.Matches(plain) && (phrase.IsAnchored || end == first || BelongsTo(lines[first])) && (isBeforeQuote || facts.Tells(phrase.IsAnchored)))
                return true;
        return false;
    }

    /// <summary>"Mon, 2 Nov 2026 at 09:00 Ida &lt;ida@harbour.example&gt;:", as Gmail writes in Japanese and Russian, and whatever stands right before a quote.</summary>
    private static bool IsInOtherWords(string plain, bool isBeforeQuote) =>
        plain.EndsWith(':') && plain.Length <= Longest && LineFacts.Of(plain) is var facts && facts.HasAddress && (facts.HasDate || facts.HasTime) && (isBeforeQuote || plain.EndsWith(">:", StringComparison.Ordinal));

    /// <summary>Whether the first of several lines can be the beginning of an attribution that begins with a name: a short line without date or address is the end of the text before.</summary>
    private static bool BelongsTo(FoldLine line) => LineFacts.Of(line.Plain) is { HasAddress: true } or { HasDate: true } or { HasTime: true } || line.Text.Length >= LikeBroken || line.Text.Contains('<');
}

/// <summary>What of an attribution's facts a line has.</summary>
internal readonly record struct LineFacts(bool HasAddress, bool HasDate, bool HasTime)
{
    /// <summary>Whether they tell an attribution without a quote behind it.</summary>
    public bool Tells(bool isAnchored) => HasAddress || (HasDate && (HasTime || isAnchored));

    public static LineFacts Of(string plain)
    {
        var (numbers, year, time, slashed) = (0, false, false, false);
        for (var at = 0; at < plain.Length; at++)
        {
            if (!char.IsAsciiDigit(plain[at]))
                continue;
            var start = at;
            while (at + 1 < plain.Length && char.IsAsciiDigit(plain[at + 1]))
                at++;
            numbers++;
            var length = at - start + 1;
            year |= length == 4 && plain[start] is '1' or '2' && plain[start + 1] is '9' or '0';
            time |= length <= 2 && at + 3 < plain.Length && plain[at + 1] is ':' or 'h' && char.IsAsciiDigit(plain[at + 2]) && char.IsAsciiDigit(plain[at + 3]) && (at + 4 == plain.Length || !char.IsAsciiDigit(plain[at + 4]));
            slashed |= length <= 2 && at + 2 < plain.Length && plain[at + 1] is '/' or '.' or '-' && char.IsAsciiDigit(plain[at + 2]);
        }
        return new(plain.Contains('@'), (year && numbers >= 2) || (slashed && numbers >= 3), time);
    }
}
