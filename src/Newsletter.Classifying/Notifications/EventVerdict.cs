namespace Newsletter.Classifying;

/// <summary>Turns a provider's words about one recipient into ours, by the rules that reports and replies are read with.</summary>
internal static class EventVerdict
{
    /// <summary>Whom an event is about; empty where it names no address.</summary>
    /// <param name="address">As the provider gives it.</param>
    /// <param name="status">The enhanced status, where a field has it; may be empty.</param>
    /// <param name="words">The far server's words, or the provider's; may be empty.</param>
    /// <param name="outcome">What became of the letter.</param>
    /// <param name="byProvider">What the provider itself makes of it: counts where words and codes tell nothing.</param>
    public static ReturnedRecipient[] About(string address, string status, string words, RecipientOutcome outcome, BounceVerdict? byProvider = null) =>
        Addressing.FindIn(address) is [var seen, ..] ? [new(seen.Address, Status(status, words), Of(status, words, outcome, byProvider), outcome)] : [];

    /// <summary>The verdict alone, for an event that names nobody.</summary>
    public static BounceVerdict Of(string status, string words, RecipientOutcome outcome, BounceVerdict? byProvider = null)
    {
        if (outcome is RecipientOutcome.Delivered)
            return new(BounceReason.Other, Permanence.Unknown, "");
        var verdict = BounceRules.Of(Status(status, words), SmtpCode.Find(words), near: [words], far: []);
        if (verdict.Reason is BounceReason.Other && byProvider is not null)
            verdict = byProvider with { Words = Classifier.Line(byProvider.Words) };
        return outcome is RecipientOutcome.Delayed ? verdict with { Permanence = Permanence.Transient } : verdict;
    }

    /// <summary>A final failure.</summary>
    public static ReturnedMail.Bounce Bounce(string address, string status, string words, BounceVerdict? byProvider, string evidence) =>
        new(About(address, status, words, RecipientOutcome.Failed, byProvider), Of(status, words, RecipientOutcome.Failed, byProvider)) { Evidence = Classifier.Line(evidence) };

    /// <summary>A letter that the provider never handed to a server: its words are no server's, and only it knows why.</summary>
    public static ReturnedMail.Bounce Withheld(string address, BounceVerdict byProvider, string evidence) =>
        new([.. About(address, "", "", RecipientOutcome.Failed, byProvider)], byProvider) { Evidence = Classifier.Line(evidence) };

    /// <summary>Still tried.</summary>
    public static ReturnedMail.Delayed Delayed(string address, string status, string words, string evidence) =>
        new(About(address, status, words, RecipientOutcome.Delayed)) { Evidence = Classifier.Line(evidence) };

    /// <summary>"Spam".</summary>
    public static ReturnedMail.Complaint Complaint(string address, string evidence, string type = "abuse") =>
        new(About(address, "", "", RecipientOutcome.Delivered), type) { Evidence = Classifier.Line(evidence) };

    /// <summary>Arrived, as far as the provider knows.</summary>
    public static ReturnedMail.Delivered Delivered(string address, string words, string evidence) =>
        new(About(address, "", words, RecipientOutcome.Delivered)) { Evidence = Classifier.Line(evidence) };

    /// <summary>The reader left by the provider's own link or list.</summary>
    public static ReturnedMail.Unsubscribe Left(string address, string evidence) =>
        new(BySealedAddress: true) { About = About(address, "", "", RecipientOutcome.Delivered), Evidence = Classifier.Line(evidence) };

    /// <summary>Nothing that concerns us: on its way, opened, clicked.</summary>
    public static ReturnedMail.Other Nothing(string evidence) => new() { Evidence = Classifier.Line(evidence) };

    /// <summary>An event that has no line in our tables.</summary>
    public static ReturnedMail.Unrecognised Unknown(NotificationForm form, string name) =>
        new() { Evidence = Classifier.Line(name.Length == 0 ? $"{form}: JSON that names no event" : $"{form}: an event called {name}, which is not known here") };

    /// <summary>The field's code, unless it tells nothing and the words have a better one.</summary>
    private static EnhancedStatus? Status(string field, string words) =>
        EnhancedStatus.Read(field) is { IsTelling: true } telling ? telling : EnhancedStatus.Find(words) ?? EnhancedStatus.Read(field);
}
