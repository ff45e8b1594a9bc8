namespace Newsletter.Classifying;

/// <summary>The lines of a report in prose that belong to one recipient.</summary>
internal static class ProseSegments
{
    private const int MaxLines = 30;

    /// <summary>The lines that name the address, each with what follows until another address begins a line.</summary>
    public static string About(IncomingMail mail, string address) =>
        address.Length == 0 ? "" : string.Join('\n', mail.Texts.SelectMany(text => About(text.Lines, address)).Take(2 * MaxLines));

    private static IEnumerable<string> About(IReadOnlyList<string> lines, string address)
    {
        var left = 0;
        foreach (var line in lines)
        {
            if (line.Contains(address, StringComparison.OrdinalIgnoreCase))
                left = BeginsWithReply(line) ? 2 : MaxLines; // in a transcript each reply stands for itself
            else if (left > 0 && (BeginsWithAddress(line) || (left <= 2 && BeginsWithReply(line))))
                left = 0;
            if (left-- > 0)
                yield return line;
        }
    }

    private static bool BeginsWithReply(string line) => line.Length > 3 && line[0] is '4' or '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]) && line[3] is ' ' or '-';

    private static bool BeginsWithAddress(string line)
    {
        var trimmed = line.AsSpan().TrimStart(" \t*");
        var blanks = line.Length - trimmed.Length;
        return Addressing.FindIn(line) is [var first, ..] && first.Start == blanks;
    }
}
