namespace Newsletter.Classifying;

/// <summary>Finds in a report's text where the returned letter begins: behind a marker line, or with a run of its headers.</summary>
internal static class ReturnedMarker
{
    private static readonly string[] Headers =
    [
        "Return-Path", "Received", "From", "To", "Subject", "Date", "Message-ID", "DKIM-Signature", "MIME-Version", "Content-Type", "X-Mailer", "Delivered-To", "X-Received",
        "Reply-To", "Sender", "List-Id", "X-Originating-IP", "ARC-Seal", "Cc", "In-Reply-To", "References", "User-Agent", "DomainKey-Signature",
    ];

    /// <summary>Lines before <c>Text</c> are the report's own; the returned headers begin at <c>Headers</c>. Both are the number of lines where nothing is returned.</summary>
    public static (int Text, int Headers) FindIn(IReadOnlyList<string> lines)
    {
        for (var at = 0; at < lines.Count; at++)
        {
            if (lines[at].Length is > 4 and < 120 && MailWords.ReturnedMarkers.Match(Phrases.Plain(lines[at])) is not null)
                return (at, at + 1);
            if (IsHeader(lines[at], strong: true) && RunOfHeaders(lines, at) >= 3)
                return (at, at);
        }
        return (lines.Count, lines.Count);
    }

    /// <summary>How many different headers stand together from here; folded lines belong to them.</summary>
    private static int RunOfHeaders(IReadOnlyList<string> lines, int start)
    {
        var names = 0;
        for (var at = start; at < Math.Min(lines.Count, start + 60); at++)
        {
            if (lines[at].Length == 0)
                break;
            if (IsHeader(lines[at], strong: false))
                names++;
            else if (lines[at][0] > ' ' && !lines[at].Contains(':', StringComparison.Ordinal))
                break;
        }
        return names;
    }

    /// <summary>Strong are names that a report does not use for its own summary of the letter (To, Subject and Date it does).</summary>
    private static bool IsHeader(string line, bool strong) =>
        line.IndexOf(':') is > 1 and var colon && Array.FindIndex(Headers, name => line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var found
        && (!strong || found is 0 or 1 or 2 or 6 or 7 or 8 or 11 or 12);
}
