namespace Newsletter.Classifying;

/// <summary>Reads a mail that came back to its sender. Pure: the same bytes give the same answer; any bytes give one, in bounded time.</summary>
public static class Classifier
{
    private const int MaxEvidence = 300;

    /// <summary>The class of a mail.</summary>
    /// <param name="raw">The mail as it came, header and body (RFC 5322); a first line <c>From …</c> of an mbox file may be there.</param>
    /// <param name="seals">Reads the seals of the sender's own addresses; null where only the class is wanted.</param>
    /// <param name="envelopeRecipients">RCPT TO, where the way in tells it; the headers that servers add are read in any case.</param>
    public static ReturnedMail Classify(ReadOnlyMemory<byte> raw, SealReader? seals = null, IReadOnlyList<string>? envelopeRecipients = null) =>
        Classify(IncomingMail.Read(raw), seals, envelopeRecipients ?? []);

    internal static ReturnedMail Classify(IncomingMail mail, SealReader? seals, IReadOnlyList<string> envelope) =>
        Of(mail, seals, envelope) with { Origin = OriginReader.Read(mail, seals, envelope) };

    private static ReturnedMail Of(IncomingMail mail, SealReader? seals, IReadOnlyList<string> envelope) =>
        LoopedMail.Read(mail)                                // RFC 5321 §6.3: servers hand it round and round
        ?? SesNotice.Read(mail)                              // Amazon's own form, by way of SNS
        ?? FeedbackReport.Read(mail)                         // RFC 5965: a reader pressed "spam"
        ?? MachineReport.Read(mail)                          // RFC 8098, 7489, 8460: nothing about a subscriber
        ?? DeliveryReport.Read(mail)                         // RFC 3464: the far server reports a failure or a delay
        ?? UnsubscribeMail.ReadSealed(mail, seals, envelope)  // RFC 2369: sent to the letter's List-Unsubscribe mailto
        ?? ProseReport.Read(mail)                            // no standard: mail-words.txt and bounce-rules.txt
        ?? AutoReply.Read(mail)                              // RFC 3834: a machine answered; nobody wrote
        ?? UnsubscribeMail.ReadWords(mail)                   // a short mail that asks to leave
        ?? OfPersonOrNobody(mail);

    private static ReturnedMail OfPersonOrNobody(IncomingMail mail)
    {
        if (mail.From.Length == 0 || mail.ReturnPath is "" || Machine.HasDaemonName(mail))
            return new ReturnedMail.Unrecognised { Evidence = "a machine's mail, and no report or rule fits", Confidence = Confidence.Low };
        if (AutoReply.IsList(mail) || AutoReply.Precedence(mail) is "bulk" or "junk" or "list")
            return new ReturnedMail.Unrecognised { Evidence = "bulk mail: List-* or Precedence" };
        if (MailWords.BounceSubjects.Match(Phrases.Plain(mail.Subject)) is not null && !Human.AnswersOrForwards(mail))
            return new ReturnedMail.Unrecognised { Evidence = "a bounce's subject, but no server's report: perhaps a lure", Confidence = Confidence.Low };
        return Human.AnswersOrForwards(mail)
            ? new ReturnedMail.Reply { Evidence = mail.Header("In-Reply-To") is { } id ? Line($"In-Reply-To: {id}; no robot's mark: a person answered") : Line($"Subject: {mail.Subject}; no robot's mark: a person answered") }
            : new ReturnedMail.Reply { Evidence = "no report, rule or robot mark fits: a person wrote", Confidence = Confidence.Low };
    }

    /// <summary>Words of a mail as one line of evidence: no control characters, bounded.</summary>
    internal static string Line(string text)
    {
        var line = string.Concat(text.Take(MaxEvidence).Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return line.Length > 0 && char.IsHighSurrogate(line[^1]) ? line[..^1] : line;
    }
}
