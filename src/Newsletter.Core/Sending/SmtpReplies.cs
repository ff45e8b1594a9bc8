using System.Text.RegularExpressions;

namespace Newsletter.Sending;

/// <summary>How far an SMTP transaction had come when the reply arrived or the line was lost.</summary>
public enum SmtpStage
{
    /// <summary>Finding the relay, opening the line, its greeting, TLS.</summary>
    Connect,

    /// <summary>EHLO.</summary>
    Hello,

    /// <summary>AUTH.</summary>
    SignIn,

    /// <summary>MAIL FROM.</summary>
    Sender,

    /// <summary>RCPT TO.</summary>
    Recipient,

    /// <summary>DATA, and the letter's lines up to the final dot: it has not been given yet.</summary>
    Data,

    /// <summary>The final dot has left us.</summary>
    AfterDot,
}

/// <summary>The one place that decides what a relay's reply means.</summary>
/// <remarks>
/// The first digit decides, the stage says whom it is about, the enhanced status (RFC 3463) refines (RFC 5321 §4.2.1). What must never happen: a
/// refusal about us that ends a reader's subscription. So a 5xx counts against an address only where RCPT got it, and not where its status speaks
/// of policy, protocol, system or sender.
/// </remarks>
public static partial class SmtpReplies
{
    private const int MostWords = 1000;

    /// <summary>The outcome of a reply.</summary>
    /// <param name="stage">The command that got it.</param>
    /// <param name="code">The reply code. One that is no answer at this stage counts like none: the relay and we are out of step.</param>
    /// <param name="words">The reply's text without the code; lines separated by LF or CRLF.</param>
    public static SmtpOutcome Read(SmtpStage stage, int code, string words)
    {
        var said = OneLine(words);
        var status = StatusOf(words);
        return code switch
        {
            >= 200 and < 300 when stage is SmtpStage.AfterDot => new SmtpOutcome.Accepted(said, code),
            421 => new SmtpOutcome.Deferred(code, status, said, SmtpScope.Relay), // RFC 5321 §3.8: the server closes, whatever was asked
            >= 500 and < 600 => Permanent(stage, code, status, said),
            < 400 or >= 600 => Lost(stage, $"the relay said {code} where that is no answer: {said}"),
            _ => new SmtpOutcome.Deferred(code, status, said, ScopeOfDeferral(stage, status)),
        };
    }

    /// <summary>The outcome of a line that was lost, or never came to be: no reply.</summary>
    /// <param name="stage">What was being done.</param>
    /// <param name="words">What broke, in our words.</param>
    public static SmtpOutcome Lost(SmtpStage stage, string words) =>
        stage is SmtpStage.AfterDot ? new SmtpOutcome.InDoubt(OneLine(words)) : new SmtpOutcome.Deferred(null, null, OneLine(words), SmtpScope.Relay);

    /// <summary>The enhanced status code at the beginning of a reply's words (RFC 2034 §4); null where there is none.</summary>
    public static string? StatusOf(string words)
    {
        var text = words.AsSpan().TrimStart();
        if (text is not ['2' or '4' or '5', '.', ..])
            return null;
        var length = 1;
        for (var part = 0; part < 2; part++)
        {
            var digits = length < text.Length && text[length] is '.' ? Digits(text[(length + 1)..]) : 0;
            if (digits is 0 or > 3)
                return null;
            length += 1 + digits;
        }
        return length < text.Length && text[length] is '.' ? null : text[..length].ToString();
    }

    /// <summary>Words from outside on one line: without what could steer a terminal or break a database's text, and no longer than a person reads: one is kept for each attempt.</summary>
    public static string OneLine(string words)
    {
        if (words.Length <= MostWords && !words.AsSpan().ContainsAnyExceptInRange(' ', '~') && !words.Contains("  ", StringComparison.Ordinal)) // as nearly all are
            return words.Trim();
        var line = Blanks().Replace(words.Length > MostWords * 2 ? words[..(MostWords * 2)] : words, " ").Trim();
        return line.Length > MostWords ? $"{line[..MostWords]}…" : line;
    }

    private static SmtpScope ScopeOfDeferral(SmtpStage stage, string? status) => stage switch
    {
        SmtpStage.Recipient or SmtpStage.Data or SmtpStage.AfterDot when Subject(status) is not '3' => SmtpScope.Recipient,
        _ => SmtpScope.Relay, // 4.3.x: the relay's own disk or queue is full (RFC 3463 §3.4)
    };

    private static SmtpOutcome Permanent(SmtpStage stage, int code, string? status, string said) => stage switch
    {
        SmtpStage.Recipient when IsTooMany(code, status) => new SmtpOutcome.Deferred(code, status, said, SmtpScope.Recipient),
        SmtpStage.Recipient when IsAboutUs(code, status, said) => new SmtpOutcome.Refused(code, status, said, SmtpScope.Relay),
        SmtpStage.Recipient when IsAboutTheAddress(code, status) => new SmtpOutcome.Rejected(code, status, said),
        SmtpStage.Data or SmtpStage.AfterDot when IsAboutUs(code, status, said) || IsTooBig(code, status, said) => new SmtpOutcome.Refused(code, status, said, SmtpScope.Relay),
        SmtpStage.Recipient or SmtpStage.Data or SmtpStage.AfterDot => new SmtpOutcome.Refused(code, status, said, SmtpScope.Recipient),
        _ => new SmtpOutcome.Refused(code, status, said, SmtpScope.Relay),
    };

    /// <summary>RFC 5321 §4.5.3.1.10: 552 for too many recipients is to be read as 452.</summary>
    private static bool IsTooMany(int code, string? status) => status is "5.5.3" || (code is 552 && status is "4.5.3");

    /// <summary>The relay's own limit (RFC 3463 §3.4), told once the letter is there: all letters of an edition are as big. 5.2.3 would be the mailbox's.</summary>
    private static bool IsTooBig(int code, string? status, string said) => status is "5.3.4" || (code is 552 or 554 && status is null && Size().IsMatch(said));

    /// <summary>Our account, our DNS records, our sender address, our commands: the next letter would be answered alike.</summary>
    private static bool IsAboutUs(int code, string? status, string said) =>
        code is >= 500 and <= 504 && Subject(status) is null or '5'              // a command that the relay does not take
        || code is 530 or 534 or 535 or 538                                      // RFC 4954 §6: sign in first
        || status is "5.1.7" or "5.1.8" or "5.7.8" or "5.7.9" or "5.7.11"        // bad sender address; sign-in
        || status is "5.4.6" or "5.7.515"                                        // loop; Outlook.com: sender rules not met
        || OurRecords().IsMatch(status ?? "")                                    // RFC 7372 and Gmail: SPF, DKIM, DMARC, PTR, flood
        || (Subject(status) is null or '7' && RelayDenied().IsMatch(said));      // "Relay access denied": we are not signed in

    /// <summary>RFC 3463 §3: address (1), mailbox (2), network and routing (4), or nothing telling. Not system, protocol, content or policy.</summary>
    private static bool IsAboutTheAddress(int code, string? status) => status is "5.6.7" || Subject(status) switch
    {
        '1' or '2' or '4' or '0' => true,
        '5' => status is "5.5.0",     // Outlook.com: "550 5.5.0 Requested action not taken: mailbox unavailable"
        null => code is not 571,      // 571 is 5.7.1 by another name
        _ => false,
    };

    private static int Digits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? text.Length : end;

    private static char? Subject(string? status) => status is { Length: > 3 } && status[3] is '.' ? status[2] : null;

    [GeneratedRegex(@"^5\.7\.(2[0-9]|3[0-2]|40)$")]
    private static partial Regex OurRecords();

    [GeneratedRegex(@"relay(ing)? (access )?(is )?(denied|not (permitted|allowed))|not (permitted|allowed) to relay|unable to relay", RegexOptions.IgnoreCase)]
    private static partial Regex RelayDenied();

    [GeneratedRegex(@"\b(message|mail|letter)\b.*\b(too (big|large|long)|size)\b|\bsize\b.*\bexceed", RegexOptions.IgnoreCase)]
    private static partial Regex Size();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blanks();
}
