namespace Newsletter.Classifying;

/// <summary>An enhanced status code (RFC 3463 §2): class, subject and detail, such as 5.1.1.</summary>
/// <param name="Class">2 delivered, 4 persistent transient failure, 5 permanent failure of the mail (not of the address).</param>
/// <param name="Subject">What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy. Up to three digits.</param>
/// <param name="Detail">Up to three digits; Microsoft's and Google's go to 5.4.316 and 5.7.515.</param>
public readonly record struct EnhancedStatus(int Class, int Subject, int Detail)
{
    /// <summary>Whether it says more than "it failed": x.0.0 does not.</summary>
    public bool IsTelling => Subject != 0 || Detail != 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    /// <summary>The code at the start of a Status field; a comment may follow (RFC 3464 §2.3.4). Null where the field does not begin with a code.</summary>
    public static EnhancedStatus? Read(string? field) => field is null ? null : At(field, field.Length - field.AsSpan().TrimStart(" \t(#").Length)?.Status;

    /// <summary>
    /// The code in an SMTP reply or in prose. One that follows a reply code (<c>550 5.1.1</c>, <c>550-5.1.1</c>) or a hash (qmail's <c>#5.1.1</c>) wins;
    /// one that tells something wins over x.0.0. Digits of network addresses and of version numbers are no code.
    /// </summary>
    public static EnhancedStatus? Find(string text)
    {
        EnhancedStatus? best = null;
        var bestRank = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('2' or '4' or '5') || (i > 0 && IsJoined(text, i)) || At(text, i) is not { } found)
                continue;
            var rank = (found.Status.IsTelling ? 2 : 0) + (FollowsReplyCode(text, i) ? 3 : 1);
            if (rank > bestRank)
                (best, bestRank) = (found.Status, rank);
            i = found.End - 1;
        }
        return best;
    }

    private static (EnhancedStatus Status, int End)? At(string text, int start)
    {
        if (start >= text.Length || text[start] is not ('2' or '4' or '5') || start + 1 >= text.Length || text[start + 1] != '.')
            return null;
        var at = start + 2;
        if (Number(text, ref at) is not { } subject || at >= text.Length || text[at++] != '.' || Number(text, ref at) is not { } detail)
            return null;
        // 5.1.1.20 is a network address, 5.1.1a a name; "5.1.1." may end a sentence.
        var joined = at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '/' || (text[at] is '.' or '-' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1])));
        return joined ? null : (new(text[start] - '0', subject, detail), at);
    }

    private static int? Number(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]) && at - start < 4)
            at++;
        return at - start is >= 1 and <= 3 ? int.Parse(text.AsSpan(start, at - start), System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    private static bool IsJoined(string text, int at) => text[at - 1] switch
    {
        '-' => at < 4 || !char.IsAsciiDigit(text[at - 2]), // 550-5.1.1 is a reply that goes on, mx-5.1.1 a name
        '.' or '/' or '_' or '@' => true,
        var before => char.IsLetterOrDigit(before),
    };

    private static bool FollowsReplyCode(string text, int at)
    {
        if (at > 0 && text[at - 1] == '#')
            return true;
        var end = at;
        while (end > 0 && text[end - 1] is ' ' or '-' or ':' or '\'')
            end--;
        return end < at && end >= 3 && char.IsAsciiDigit(text[end - 1]) && char.IsAsciiDigit(text[end - 2]) && text[end - 3] is '2' or '4' or '5'
            && (end == 3 || !char.IsLetterOrDigit(text[end - 4]));
    }
}
