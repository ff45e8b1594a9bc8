namespace Newsletter.Classifying;

/// <summary>Finds who failed where a report names nobody: by the address that it came to, or by a mailbox without its domain.</summary>
internal static class UnnamedRecipient
{
    private static readonly string[] CameTo = ["X-Original-To", "Delivered-To", "Envelope-To", "To"];

    private const int LongestMailbox = 64; // RFC 5321 §4.5.3.1.1

    /// <summary>Null where nothing tells.</summary>
    public static string? Find(IncomingMail mail) => OfReturnPath(mail) ?? OfMailbox(mail);

    /// <summary>The reader's address in ours, <c>bounces-anna=example.com@lists.example.org</c> (VERP, D. J. Bernstein 1997). A name on its way tells no more than any other: only a seal proves a delivery.</summary>
    public static string? OfReturnPath(IncomingMail mail) =>
        CameTo.SelectMany(mail.All).SelectMany(Addressing.FindIn).Select(seen => Decoded(seen.Address)).FirstOrDefault(address => address is not null);

    private static string? Decoded(string address)
    {
        var local = address.AsSpan(0, address.LastIndexOf('@'));
        var middle = local.LastIndexOf('=');
        if (middle <= 0 || !local[(middle + 1)..].Contains('.'))
            return null; // SRS and BATV have equals signs as well, and no domain behind the last
        var start = local[..middle].LastIndexOfAny('-', '+') + 1;
        return start is 0 || start == middle ? null : $"{local[start..middle]}@{local[(middle + 1)..]}";
    }

    /// <summary>Some providers name only the mailbox, indented under a line that announces recipients: it is theirs.</summary>
    private static string? OfMailbox(IncomingMail mail)
    {
        var domain = mail.From.LastIndexOf('@') is >= 0 and var at ? mail.From[(at + 1)..] : "";
        if (domain.Length == 0)
            return null;
        foreach (var text in mail.Texts)
        {
            var isAnnounced = false;
            foreach (var line in text.Lines)
            {
                if (isAnnounced && line.Length > 1 && line[0] is ' ' or '\t' && IsMailbox(line.AsSpan().Trim()))
                    return $"{line.AsSpan().Trim()}@{domain}";
                if (line.Length > 0)
                    isAnnounced = line[^1] is ':' && line.Contains("recipient", StringComparison.OrdinalIgnoreCase);
            }
        }
        return null;
    }

    private static bool IsMailbox(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_'))
                return false;
        return word.Length is > 1 and <= LongestMailbox;
    }
}
