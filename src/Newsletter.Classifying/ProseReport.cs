namespace Newsletter.Classifying;

/// <summary>Reads reports without fields: whom they name, and where. Ranks of evidence, best first; the best that names anybody counts.</summary>
internal static class ProseReport
{
    private const int MaxRecipients = 200;
    private static readonly string[] NeverFailed = ["postmaster", "mailer-daemon", "abuse", "hostmaster", "helpdesk"];

    /// <summary>Null unless a machine wrote it and the words, or X-Failed-Recipients, say that a letter did not arrive.</summary>
    public static ReturnedMail? Read(IncomingMail mail)
    {
        var text = Text(mail);
        var plain = Phrases.Plain(text);
        var subject = Phrases.Plain(mail.Subject);
        if (Words(mail, plain, subject) is not { } words)
            return null;

        var addresses = Recipients(mail);
        var isDelay = MailWords.Delays.Match(plain) is not null || MailWords.Delays.Match(subject) is not null;
        var recipients = addresses.Select(address => Recipient(mail, address, addresses.Count == 1 ? text : Preamble(mail, addresses))).ToList();
        var evidence = Classifier.Line(EvidenceLines.Find(mail, words));
        var confidence = mail.Header("X-Failed-Recipients") is not null ? Confidence.High : Machine.IsSender(mail) ? Confidence.Medium : Confidence.Low;
        if (isDelay)
            return new ReturnedMail.Delayed(recipients.Select(each => each with { Verdict = each.Verdict with { Permanence = Permanence.Transient }, Outcome = RecipientOutcome.Delayed }).ToList()) { Evidence = evidence, Confidence = confidence };
        var summary = recipients is [var first, ..] ? first.Verdict : BounceRules.Of(EnhancedStatus.Find(text), SmtpCode.Find(text), near: [text], far: [mail.Subject]);
        return new ReturnedMail.Bounce(recipients, summary) { Evidence = evidence, Confidence = confidence };
    }

    /// <summary>A machine's mark and a bounce's words; or both a bounce's subject and words and an address that failed, from whoever writes (some gateways use a person's name).</summary>
    private static string? Words(IncomingMail mail, string plain, string subject)
    {
        if (mail.Header("X-Failed-Recipients") is { } failed)
            return $"X-Failed-Recipients: {failed}";
        var said = MailWords.BounceTexts.Match(plain) ?? MailWords.Delays.Match(plain);
        var titled = MailWords.BounceSubjects.Match(subject);
        if (Machine.IsSender(mail))
            return said ?? (Machine.HasDaemonName(mail) && titled is not null ? titled : null);
        if (said is null || titled is null || Human.AnswersOrForwards(mail))
            return null;
        return MailWords.BounceTemplates.Match(plain) ?? (Ranked(mail).Any(seen => seen.Rank <= 2) ? said : null);
    }

    private static string Text(IncomingMail mail) => string.Join('\n', mail.Texts.SelectMany(text => text.Lines).Where(line => !line.StartsWith("> ", StringComparison.Ordinal)).Take(300));

    private static ReturnedRecipient Recipient(IncomingMail mail, string address, string rest)
    {
        var about = ProseSegments.About(mail, address);
        var status = EnhancedStatus.Find(about) ?? EnhancedStatus.Find(rest);
        return new(address, status, BounceRules.Of(status, SmtpCode.Find(about), near: [about], far: [rest, mail.Subject]));
    }

    /// <summary>What is said before the first of several recipients holds for all of them; what follows one may be another's.</summary>
    private static string Preamble(IncomingMail mail, List<string> addresses) =>
        string.Join('\n', mail.Texts.SelectMany(text => text.Lines).TakeWhile(line => !addresses.Exists(address => line.Contains(address, StringComparison.OrdinalIgnoreCase))).Take(40));

    private static List<string> Recipients(IncomingMail mail)
    {
        var declared = mail.All("X-Failed-Recipients").SelectMany(Addressing.FindIn).Select(seen => seen.Address).ToList();
        var ranked = declared.Count > 0 ? declared : Best(mail);
        return ranked.Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxRecipients).ToList();
    }

    private static IEnumerable<string> Best(IncomingMail mail)
    {
        var seen = Ranked(mail).ToList();
        if (seen.Count > 0)
        {
            var best = seen.Min(each => each.Rank);
            return seen.Where(each => each.Rank == best).Select(each => each.Address);
        }
        // Nothing named: a returned letter to one recipient only can have failed for nobody else. To and Cc of several are no evidence.
        var to = mail.ReturnedValue("To") is { } value ? Addressing.FindIn(value) : [];
        return to.Count == 1 && mail.ReturnedValue("Cc") is null ? [to[0].Address] : UnnamedRecipient.Find(mail) is { } unnamed ? [unnamed] : [];
    }

    /// <summary>Rank 1: the address begins its line, as in every list of failures. 2: a label before it. 3: a reply or command of SMTP. 4: in a sentence.</summary>
    private static IEnumerable<(int Rank, string Address)> Ranked(IncomingMail mail)
    {
        var lines = mail.Texts.SelectMany(text => text.Lines).Where(line => !line.StartsWith("> ", StringComparison.Ordinal)).ToList();
        var advisers = lines.Where(line => line.Contains("contact", StringComparison.OrdinalIgnoreCase)).SelectMany(Addressing.FindIn).Select(seen => seen.Address).ToHashSet();
        foreach (var line in lines)
            foreach (var (seen, at) in Addressing.FindIn(line).Select((seen, at) => (seen, at)))
                if (!advisers.Contains(seen.Address) && IsCandidate(mail, seen.Address) && Rank(line, seen, at) is { } rank)
                    yield return (rank, seen.Address);
    }

    private static bool IsCandidate(IncomingMail mail, string address) =>
        !mail.Correspondents.Contains(address) && !NeverFailed.Contains(address.Split('@')[0].ToLowerInvariant())
        && !Addressing.FindIn(mail.ReturnedValue("From") ?? "").Exists(from => from.Address.Equals(address, StringComparison.OrdinalIgnoreCase))
        && !Addressing.FindIn(mail.ReturnedValue("Return-Path") ?? "").Exists(from => from.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    private static int? Rank(string line, SeenAddress seen, int at)
    {
        var before = line[..seen.Start].Trim(' ', '\t', '*', '"', '\'', '-', '>');
        if (before.Length == 0)
            return at == 0 && EndsAnAddress(line, seen.End) ? 1 : 4;
        var label = before.ToLowerInvariant();
        if (label.EndsWith("dda:smtp=", StringComparison.Ordinal) || label.EndsWith(";o=", StringComparison.Ordinal))
            return 1;
        if (label.EndsWith("from:", StringComparison.Ordinal) || label.EndsWith("from", StringComparison.Ordinal) || label.EndsWith("contact", StringComparison.Ordinal)
            || label.EndsWith("expanded from:", StringComparison.Ordinal) || label.EndsWith("by", StringComparison.Ordinal))
            return null;
        if (label.EndsWith("rcpt to:", StringComparison.Ordinal) || char.IsAsciiDigit(label[0]) && SmtpCode.Find(line) is not null)
            return 3;
        if (MailWords.FailureLabels.Match(label.Length > 40 ? label[^40..] : label) is { } found && (label.EndsWith(found, StringComparison.Ordinal)))
            return 2;
        return label is "to:" or "cc:" ? 5 : 4;
    }

    /// <summary>After the address of a list entry: the line ends, or a colon, dots, brackets or a date follow; not the rest of a sentence.</summary>
    private static bool EndsAnAddress(string line, int end)
    {
        var after = line.AsSpan(end).Trim();
        return after.IsEmpty || after[0] is ':' or '.' or '(' or '[' or ';' or ',' or '-' or '<' or '"' or '\'' || after.StartsWith("on ", StringComparison.Ordinal) || after.StartsWith("=20");
    }
}
