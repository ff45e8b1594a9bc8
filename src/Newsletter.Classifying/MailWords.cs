namespace Newsletter.Classifying;

/// <summary>The words by which machines and leaving readers are known: <c>mail-words.txt</c>, by section.</summary>
internal static class MailWords
{
    private static readonly Dictionary<string, Phrases> Sections = PhraseFile.Read("mail-words.txt").ToDictionary(block => block.Section, block => block.Phrases);

    public static Phrases ReturnedMarkers { get; } = Sections["returned-marker"];
    public static Phrases DaemonNames { get; } = Sections["daemon-name"];
    public static Phrases BounceSubjects { get; } = Sections["bounce-subject"];
    public static Phrases BounceTexts { get; } = Sections["bounce-text"];
    public static Phrases BounceTemplates { get; } = Sections["bounce-template"];
    public static Phrases Delays { get; } = Sections["delay"];
    public static Phrases FailureLabels { get; } = Sections["failure-label"];
    public static Phrases AutoReplySubjects { get; } = Sections["auto-reply-subject"];
    public static Phrases AutoReplyTexts { get; } = Sections["auto-reply-text"];
    public static Phrases UnsubscribeSubjects { get; } = Sections["unsubscribe-subject"];
    public static Phrases UnsubscribeAlone { get; } = Sections["unsubscribe-alone"];
    public static Phrases UnsubscribeQuestions { get; } = Sections["unsubscribe-question"];
    public static Phrases UnsubscribeTexts { get; } = Sections["unsubscribe-text"];
    public static Phrases StayTexts { get; } = Sections["stay-text"];
    public static Phrases QuoteMarkers { get; } = Sections["quote-marker"];
    public static Phrases ReportSubjects { get; } = Sections["report-subject"];
}
