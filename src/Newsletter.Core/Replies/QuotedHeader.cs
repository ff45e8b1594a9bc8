namespace Newsletter.Replies;

/// <summary>Finds the header that Outlook and others put before a quoted mail (From, Sent, To, Subject, in the language of the program), and the line of dashes above it.</summary>
internal static class QuotedHeader
{
    private const int Window = 14;
    private const int MostOthers = 5;
    private const int LongestLabel = 24;
    private const int ShortestRule = 5;
    private static readonly char[] Dashes = ['-', '_', '=', '\u2013', '\u2014', '\u2500', '~', ' ', '\u00A0', '*'];

    /// <summary>What a line between dashes announces, or a line that begins a forwarded mail.</summary>
    public enum Divider
    {
        None,
        Original,
        Forward,
    }

    /// <summary>Reads a line such as <c>-----Original Message-----</c> or <c>Begin forwarded message:</c>.</summary>
    public static Divider Read(FoldLine line)
    {
        var text = line.Plain;
        var words = text.Trim(Dashes).TrimEnd(':');
        var isBetweenDashes = text.StartsWith("--", StringComparison.Ordinal) || text.StartsWith("__", StringComparison.Ordinal) || text.StartsWith("==", StringComparison.Ordinal);
        if (words.Length == 0 || !(isBetweenDashes || text.EndsWith(':')))
            return Divider.None;
        if (ReplyMarks.Forwards.Contains(words) || (isBetweenDashes && ReplyMarks.Forwards.Any(phrase => words.StartsWith(phrase + " ", StringComparison.Ordinal))))
            return Divider.Forward;
        return isBetweenDashes && ReplyMarks.Originals.Contains(words) ? Divider.Original : Divider.None;
    }

    /// <summary>Whether a line is drawn of dashes or underscores alone.</summary>
    public static bool IsRule(FoldLine line) => line.Text.Length >= ShortestRule && line.Text.AsSpan().Trim(Dashes).IsEmpty;

    /// <summary>Behind the header that begins in line <paramref name="start"/>; null where none does.</summary>
    public static int? End(IReadOnlyList<FoldLine> lines, int start)
    {
        if (Label(lines[start]) is HeaderLabel.None or HeaderLabel.Other)
            return null;
        var (seen, count, others, end) = (HeaderLabel.None, 0, 0, start);
        for (var at = start; at < lines.Count && at < start + Window && others <= MostOthers; at++)
        {
            if (Label(lines[at]) is not HeaderLabel.None and var label)
                (seen, count, end) = (seen | label, count + 1, at + 1);
            else if (!lines[at].IsBlank)
                others++; // a long list of recipients goes on
            else if (IsWhole(seen, count) && (at + 1 == lines.Count || Label(lines[at + 1]) is HeaderLabel.None))
                break;
        }
        return IsWhole(seen, count) ? end : null;
    }

    private static bool IsWhole(HeaderLabel seen, int count) =>
        count >= 3 && seen.HasFlag(HeaderLabel.From) && (seen.HasFlag(HeaderLabel.Subject) || (seen.HasFlag(HeaderLabel.Sent) && seen.HasFlag(HeaderLabel.To)));

    private static HeaderLabel Label(FoldLine line)
    {
        var text = line.Text.AsSpan(0, Math.Min(line.Text.Length, LongestLabel + 8));
        if (text.IndexOfAny(':', '\uFF1A') < 1)
            return HeaderLabel.None;
        var plain = (line with { Text = text.ToString() }).Plain;
        return ReplyMarks.Labels.GetValueOrDefault(plain[..Math.Max(plain.IndexOf(':'), 0)].TrimEnd());
    }
}
