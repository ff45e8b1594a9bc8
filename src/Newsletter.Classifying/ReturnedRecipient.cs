namespace Newsletter.Classifying;

/// <summary>What the report says became of one recipient's copy (RFC 3464 §2.3.3).</summary>
public enum RecipientOutcome
{
    /// <summary>Not delivered, and not tried again.</summary>
    Failed,
    /// <summary>Still tried.</summary>
    Delayed,
    /// <summary>Delivered, relayed or expanded.</summary>
    Delivered,
}

/// <summary>One recipient that a report names.</summary>
/// <param name="Address">As the report gives it; the one we wrote to (Original-Recipient) before the one it was forwarded to.</param>
/// <param name="Status">The enhanced status; null where none is given.</param>
/// <param name="Verdict">Reason, permanence and the words that gave them.</param>
/// <param name="Outcome">One report may tell of several outcomes.</param>
public sealed record ReturnedRecipient(string Address, EnhancedStatus? Status, BounceVerdict Verdict, RecipientOutcome Outcome = RecipientOutcome.Failed);
