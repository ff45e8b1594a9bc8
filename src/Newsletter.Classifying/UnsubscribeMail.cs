namespace Newsletter.Classifying;

/// <summary>Knows readers who want to leave.</summary>
internal static class UnsubscribeMail
{
    private const int MaxWords = 40;
    private const int MaxLetters = 320; // some languages write without blanks
    private const int MaxSubject = 60;

    /// <summary>Mail to a sealed unsubscribe address: nobody writes there by chance, whatever the mail says.</summary>
    public static ReturnedMail? ReadSealed(IncomingMail mail, SealReader? seals, IReadOnlyList<string> envelope) =>
        OriginReader.CameToLeave(mail, seals, envelope)
            ? new ReturnedMail.Unsubscribe(BySealedAddress: true) { Evidence = "it came to an unsubscribe address whose seal holds", Confidence = Confidence.High }
            : null;

    /// <summary>A short mail that asks for it in words. One that only speaks of leaving, or asks for another thing, is a reply.</summary>
    public static ReturnedMail? ReadWords(IncomingMail mail)
    {
        var (subject, own) = (Human.BareSubject(mail), Human.OwnWords(mail));
        if (own.Length > MaxLetters || own.Count(letter => letter == ' ') >= MaxWords || MailWords.StayTexts.Match($"{subject} {own}") is not null || AutoReply.IsList(mail))
            return null;
        // "Did somebody unsubscribe?" is a question; "could you take me off the list?" is none.
        if (own.EndsWith('?') && MailWords.UnsubscribeQuestions.Match(own) is null)
            return null;
        if (IsSubject(subject))
            return new ReturnedMail.Unsubscribe(BySealedAddress: false) { Evidence = Classifier.Line($"Subject: {mail.Subject}") };
        return (MailWords.UnsubscribeTexts.Match(own) ?? Alone(own)) is { } words ? new ReturnedMail.Unsubscribe(BySealedAddress: false) { Evidence = Classifier.Line(EvidenceLines.Find(mail, words)) } : null;
    }

    private static bool IsSubject(string subject) =>
        (subject.Length < MaxSubject && MailWords.UnsubscribeSubjects.Starts(subject)) || MailWords.UnsubscribeAlone.Is(subject);

    /// <summary>A word that asks only where nothing stands beside it; null for none.</summary>
    private static string? Alone(string own) => own.Trim(' ', '.', '!', ',', '"', '\'', '。', '！') is var word && MailWords.UnsubscribeAlone.Is(word) ? word : null;
}
