namespace Newsletter.Classifying;

/// <summary>The marks of a mail server's own mail. None is necessary and none sufficient: people called postmaster write too.</summary>
internal static class Machine
{
    /// <summary>Whether a mail server seems to have sent it: null Return-Path (RFC 5321 §4.5.5), X-Failed-Recipients, or a daemon's name.</summary>
    public static bool IsSender(IncomingMail mail) => mail.ReturnPath is "" or "null" || mail.Header("X-Failed-Recipients") is not null || HasDaemonName(mail)
        || mail.ReturnPath?.StartsWith("mailer-daemon", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether From is a daemon, by address or name.</summary>
    public static bool HasDaemonName(IncomingMail mail)
    {
        var local = mail.From.Split('@')[0].ToLowerInvariant();
        return MailWords.DaemonNames.Match($"{local}@") is not null || MailWords.DaemonNames.Match(mail.FromName.ToLowerInvariant()) is not null
            || (mail.From.Length == 0 && MailWords.DaemonNames.Match((mail.Header("From") ?? "").ToLowerInvariant()) is not null);
    }
}

/// <summary>The marks of a person's mail.</summary>
internal static class Human
{
    private const int OwnLines = 40;

    /// <summary>Whether it answers a mail or forwards one.</summary>
    public static bool AnswersOrForwards(IncomingMail mail) => mail.Header("In-Reply-To") is not null || SubjectMarks.Has(mail.Subject);

    /// <summary>What the writer wrote: the first text without quoted lines, to where the answered mail begins.</summary>
    public static string OwnWords(IncomingMail mail)
    {
        var own = new List<string>();
        foreach (var line in mail.Texts.Count > 0 ? mail.Texts[0].Lines : [])
        {
            if (line.StartsWith("-- ", StringComparison.Ordinal) || line == "--" || own.Count == OwnLines || MailWords.QuoteMarkers.Match(line.ToLowerInvariant()) is not null)
                break;
            if (!line.TrimStart().StartsWith('>') && line.Length > 0)
                own.Add(line);
        }
        return Phrases.Plain(string.Join('\n', own));
    }

    /// <summary>The subject without the marks of answering, and without a list's name in brackets before it.</summary>
    public static string BareSubject(IncomingMail mail)
    {
        var subject = SubjectMarks.Bare(Phrases.Plain(mail.Subject));
        if (subject.StartsWith('[') && subject.IndexOf(']', StringComparison.Ordinal) is > 0 and var end && end < subject.Length - 1)
            subject = SubjectMarks.Bare(subject[(end + 1)..]);
        return subject.Trim(' ', '.', '!', '"', '\'', '[', ']');
    }
}
