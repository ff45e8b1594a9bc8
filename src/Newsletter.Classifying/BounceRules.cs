namespace Newsletter.Classifying;

/// <summary>Reads what a server's words and codes say about the address: the one place for reports (RFC 3464), prose and replies at send time.</summary>
/// <remarks>Words beat codes: 550 alone may mean any of ten things, and 5.1.1 is seen on full mailboxes. The phrases are data: <c>bounce-rules.txt</c>.</remarks>
public static class BounceRules
{
    private const int MaxWords = 4_000;

    private static readonly List<(BounceReason Reason, Phrases Phrases)> Blocks = PhraseFile.Read("bounce-rules.txt")
        .Select(block => (BounceReasons.Read(block.Section) ?? throw new InvalidOperationException($"bounce-rules.txt: [{block.Section}] is no reason"), block.Phrases)).ToList();

    private static readonly Phrases EarlyStages = new(
    [
        "after mail from", "in reply to mail from", "after initial connection", "in reply to helo", "in reply to ehlo", "after ehlo", "after helo",
        "from remote mail server after pipelined mail from", "our mail from",
    ]);

    private static readonly Phrases AfterBody = new(["in reply to end of data", "after end of data", "after end-of-data", "after sending the body"]);

    /// <summary>A verdict on an SMTP reply, as it comes while sending.</summary>
    /// <param name="code">The reply code, 400 to 599 (RFC 5321 §4.2.1).</param>
    /// <param name="status">The enhanced status, where the reply has one (RFC 2034); null has it looked for in the text.</param>
    /// <param name="text">The words of the reply, all lines.</param>
    /// <returns>
    /// <see cref="BounceVerdict.IsAboutSender"/> refusals never count against the reader. A 4xx is never <see cref="Permanence.Permanent"/>: the server itself
    /// says that it may change.
    /// </returns>
    public static BounceVerdict OfReply(int code, EnhancedStatus? status, string text)
    {
        var verdict = Of(status ?? EnhancedStatus.Find(text), code, near: [text], far: []);
        return code is >= 400 and < 500 && verdict.Permanence != Permanence.Transient ? verdict with { Permanence = Permanence.Transient } : verdict;
    }

    /// <summary>
    /// A verdict on the texts of one failure: the server's own words about the recipient (<paramref name="near"/>), a status that names one cause, the rest of the
    /// report (<paramref name="far"/>, where footers and advice stand as well), any status, the code. The first that tells decides.
    /// </summary>
    internal static BounceVerdict Of(EnhancedStatus? status, int? code, ReadOnlySpan<string> near, ReadOnlySpan<string> far)
    {
        var told = ByWords(near);
        var (reason, words) = told ?? BySureStatus(status) ?? ByWords(far) ?? ByCodes(status, code);
        var confidence = ConfidenceOf(reason, told is not null, status);
        // A server that refused at the greeting or at MAIL FROM had not heard of the recipient yet: "no such domain" means the sender's. One that took the recipient
        // and knows no such user once it has read the letter (mobile carriers do) has filtered it, unless its status says X.1.1.
        if (IsAboutReader(reason) && Says(EarlyStages, near, far))
            (reason, confidence) = (BounceReason.Policy, Confidence.Medium);
        else if (reason is BounceReason.UserUnknown && status is null or { Detail: 0 } && Says(AfterBody, near, far))
            (reason, confidence) = (BounceReason.Filtered, Confidence.Low);
        return new(reason, BounceVerdict.PermanenceOf(reason, status), words) { Confidence = confidence };
    }

    /// <summary>Words and a status that names a cause confirm one another, or doubt one another where they differ on whether the address lives.</summary>
    private static Confidence ConfidenceOf(BounceReason reason, bool byOwnWords, EnhancedStatus? status)
    {
        var byStatus = status is { } found ? ByStatus(found) : BounceReason.Other;
        if (byStatus is BounceReason.Other)
            return byOwnWords ? Confidence.Medium : Confidence.Low;
        if (byOwnWords && BounceVerdict.PermanenceOf(byStatus, status) != BounceVerdict.PermanenceOf(reason, status))
            return Confidence.Low;
        return byOwnWords && byStatus == reason ? Confidence.High : byOwnWords || BySureStatus(status) is not null ? Confidence.Medium : Confidence.Low;
    }

    private static bool Says(Phrases stages, ReadOnlySpan<string> near, ReadOnlySpan<string> far) => Says(stages, near) || Says(stages, far);

    private static bool Says(Phrases stages, ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
            if (stages.Match(Phrases.Plain(text.Length > MaxWords ? text[..MaxWords] : text)) is not null)
                return true;
        return false;
    }

    private static bool IsAboutReader(BounceReason reason) =>
        reason is BounceReason.UserUnknown or BounceReason.HostUnknown or BounceReason.Moved or BounceReason.Suspended or BounceReason.MailboxFull;

    private static (BounceReason Reason, string Words)? ByWords(ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
            if (text.Length > 0 && ByWords(text) is { } found)
                return found;
        return null;
    }

    private static (BounceReason Reason, string Words)? BySureStatus(EnhancedStatus? status) =>
        status is { Subject: 1, Detail: 1 or 2 or 6 } or { Subject: 2, Detail: 2 or 3 } or { Subject: 3, Detail: 4 } or { Class: 5, Subject: 4, Detail: 4 }
            ? (ByStatus(status.Value), status.Value.ToString())
            : null;

    private static (BounceReason Reason, string Words) ByCodes(EnhancedStatus? status, int? code)
    {
        var byStatus = status is { } found ? ByStatus(found) : BounceReason.Other;
        var words = status?.ToString() ?? code?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
        return (byStatus == BounceReason.Other && code is { } number ? ByCode(number) : byStatus, words);
    }

    private static (BounceReason Reason, string Words)? ByWords(string text)
    {
        var plain = Phrases.Plain(text.Length > MaxWords ? text[..MaxWords] : text);
        foreach (var (reason, phrases) in Blocks)
            if (phrases.Match(plain) is { } words)
                return (reason, words);
        return null;
    }

    /// <summary>RFC 3463 §3 and the IANA registry; only codes that name one cause. X.1.0, X.2.0 and X.x.0 do not.</summary>
    private static BounceReason ByStatus(EnhancedStatus status) => (status.Subject, status.Detail) switch
    {
        (1, 1 or 3 or 10 or 351) => BounceReason.UserUnknown,
        (1, 2) => BounceReason.HostUnknown,
        (1, 6) => BounceReason.Moved,
        (1, 7 or 8 or 9) => BounceReason.Policy,
        (2, 1) => BounceReason.Suspended,
        (2, 2) => BounceReason.MailboxFull,
        (2, 3) or (3, 4) => BounceReason.Size,
        (2, 4) => BounceReason.System,
        (3, _) => BounceReason.System,
        (4, 4 or 310) when status.Class == 5 => BounceReason.HostUnknown,
        (4, > 0) => BounceReason.Network,
        (5, 3) => BounceReason.RateLimited,
        (5, _) => BounceReason.Protocol,
        (6, _) => BounceReason.ContentRejected,
        (7, 25 or 606 or 607) => BounceReason.Blocked,
        (7, 17 or 18) => BounceReason.UserUnknown, // RFC 7293: the mailbox has a new owner
        (7, _) => BounceReason.Policy,
        _ => BounceReason.Other,
    };

    /// <summary>RFC 5321 §4.2.3; 550, 553 and 554 alone tell nothing.</summary>
    private static BounceReason ByCode(int code) => code switch
    {
        552 or 452 => BounceReason.MailboxFull,
        551 => BounceReason.UserUnknown,
        421 or 441 or 442 or 447 => BounceReason.Network,
        451 or 450 => BounceReason.System,
        >= 500 and <= 504 => BounceReason.Protocol,
        _ => BounceReason.Other,
    };
}
