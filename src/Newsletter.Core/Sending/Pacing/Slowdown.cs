namespace Newsletter.Sending;

/// <summary>What a reply asks of us beyond another try of its letter: to be slower, or to wait.</summary>
/// <param name="IsOfAll">Whether it speaks of all letters to the relay or domain, and not of this one alone.</param>
/// <param name="Wait">How long nothing is to come; null: no time was named.</param>
public sealed record Slowdown(bool IsOfAll, TimeSpan? Wait)
{
    /// <summary>Reads an outcome; null where it asks for nothing.</summary>
    /// <remarks>Who greylists wants every letter to knock once: to hold the others back would only lengthen it for each.</remarks>
    public static Slowdown? Of(SmtpOutcome outcome, DateTimeOffset now) => outcome is SmtpOutcome.Deferred { Code: 421 or 450 or 451 or 452 or 454 } deferred
        ? new(deferred.Scope is SmtpScope.Relay || !(IsAboutTheReader(deferred.Status) || RetryAfter.IsGreylisting(deferred.Words)), RetryAfter.Read(deferred.Words, now))
        : null;

    /// <summary>RFC 3463 §3.2, §3.3: this address (4.1.x), its mailbox disabled (4.2.1) or full (4.2.2), or a letter too large for it (4.2.3).</summary>
    private static bool IsAboutTheReader(string? status) => status is not null && (status.StartsWith("4.1.", StringComparison.Ordinal) || status is "4.2.1" or "4.2.2" or "4.2.3");
}
