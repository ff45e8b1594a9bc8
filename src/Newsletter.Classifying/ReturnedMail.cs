namespace Newsletter.Classifying;

/// <summary>Anything that arrives at the addresses of a sender, after reading it: one case for each thing that may follow.</summary>
public abstract record ReturnedMail
{
    private ReturnedMail()
    {
    }

    /// <summary>Which part and which words decided the class; for the editor and for whoever doubts the class. Never empty, one line, at most 300 characters.</summary>
    public required string Evidence { get; init; }

    /// <summary>How sure the class is. What the report says of a recipient has a confidence of its own (<see cref="BounceVerdict.Confidence"/>).</summary>
    public Confidence Confidence { get; init; } = Confidence.Medium;

    /// <summary>The sender's letter that this mail is about, as far as it proves one.</summary>
    public Origin Origin { get; init; } = Origin.Unknown;

    /// <summary>The word of the class in <c>classify --json</c> and in the store.</summary>
    public abstract string Kind { get; }

    /// <summary>Whom the report names; empty for mail that reports about nobody.</summary>
    public virtual IReadOnlyList<ReturnedRecipient> Recipients => [];

    /// <summary>A server's report that it could not deliver and will not try again (RFC 3464 §2.3.3 <c>failed</c>), as fields or in prose.</summary>
    /// <param name="Named">Whom it names, those it did reach as well (<see cref="RecipientOutcome"/>); empty where only <see cref="Origin"/> can tell.</param>
    /// <param name="Summary">Permanence and reason of the report as a whole: the first failed recipient's, or what the words say where none is named.</param>
    public sealed record Bounce(IReadOnlyList<ReturnedRecipient> Named, BounceVerdict Summary) : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "bounce";

        /// <inheritdoc/>
        public override IReadOnlyList<ReturnedRecipient> Recipients => Named;
    }

    /// <summary>A server's warning that it is still trying (RFC 3464 §2.3.3 <c>delayed</c>). Never a failure.</summary>
    public sealed record Delayed(IReadOnlyList<ReturnedRecipient> Waiting) : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "delayed";

        /// <inheritdoc/>
        public override IReadOnlyList<ReturnedRecipient> Recipients => Waiting;
    }

    /// <summary>A reader pressed "spam": a feedback report of type abuse, fraud, virus, opt-out or other (RFC 5965 §7.3), or an older form of it.</summary>
    /// <param name="Complaining">Who, where the report does not hide it (RFC 6590).</param>
    /// <param name="FeedbackType">The type in lower case; <c>abuse</c> where the form has none.</param>
    public sealed record Complaint(IReadOnlyList<ReturnedRecipient> Complaining, string FeedbackType) : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "complaint";

        /// <inheritdoc/>
        public override IReadOnlyList<ReturnedRecipient> Recipients => Complaining;
    }

    /// <summary>A machine answered (RFC 3834): away, received, out of office. Changes nothing.</summary>
    public sealed record AutoReply : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "auto-reply";
    }

    /// <summary>The reader wants to leave: mail to a List-Unsubscribe address (RFC 2369 §3.2), or a short mail that says so.</summary>
    /// <param name="BySealedAddress">Whether it came to an unsubscribe address whose seal holds, or a provider tells it that proves to be one; only then does it act by itself.</param>
    public sealed record Unsubscribe(bool BySealedAddress) : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "unsubscribe";

        /// <summary>Who leaves, where a provider tells it; a mail names nobody but its sender.</summary>
        public IReadOnlyList<ReturnedRecipient> About { get; init; } = [];

        /// <inheritdoc/>
        public override IReadOnlyList<ReturnedRecipient> Recipients => About;
    }

    /// <summary>A person wrote.</summary>
    public sealed record Reply : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "reply";
    }

    /// <summary>A server's report that it did deliver, relay or expand (RFC 3464 §2.3.3).</summary>
    public sealed record Delivered(IReadOnlyList<ReturnedRecipient> Reached) : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "delivered";

        /// <inheritdoc/>
        public override IReadOnlyList<ReturnedRecipient> Recipients => Reached;
    }

    /// <summary>A machine's mail that changes nothing: a DMARC or TLS report, a read receipt, "this is not spam".</summary>
    public sealed record Other : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "other";

        /// <summary>Whose letter a report of a failed signature, or of "not spam", is about.</summary>
        public IReadOnlyList<ReturnedRecipient> About { get; init; } = [];

        /// <inheritdoc/>
        public override IReadOnlyList<ReturnedRecipient> Recipients => About;
    }

    /// <summary>Nothing fits. Shown to the editor, not guessed at.</summary>
    public sealed record Unrecognised : ReturnedMail
    {
        /// <inheritdoc/>
        public override string Kind => "other";
    }
}
