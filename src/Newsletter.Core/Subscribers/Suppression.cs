namespace Newsletter.Subscribers;

/// <summary>Why an address gets no mail whoever asks.</summary>
public enum SuppressionReason
{
    /// <summary>The reader called our mail spam. Ends with the reader's own return, or an undo that names the incident.</summary>
    Complaint,
    /// <summary>A person of the house said so. Ends only by their own act.</summary>
    Manual,
    /// <summary>The person had themselves forgotten. Kept as a keyed hash alone; ends with the reader's own return.</summary>
    Erased,
}

/// <summary>An address that gets no mail, with why and by whom; it survives import and deletion.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Actor">By whom.</param>
/// <param name="At">When.</param>
/// <param name="Evidence">The words that show it; may be empty.</param>
public sealed record Suppression(SuppressionReason Reason, Actor Actor, DateTimeOffset At, string Evidence = "");
