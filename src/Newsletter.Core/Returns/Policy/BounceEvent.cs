using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>One delivery that came back from a reader, by whichever door: a report by mail, or the relay's reply while sending.</summary>
/// <param name="Edition">Which letter; several reports about one letter are one event.</param>
/// <param name="At">When it was known.</param>
/// <param name="Verdict">Why, and what that says about the address.</param>
/// <param name="Evidence">The server's own words; from outside.</param>
public sealed record BounceEvent(EditionId Edition, DateTimeOffset At, BounceVerdict Verdict, string Evidence)
{
    /// <summary>The row of the returned mail; null where the relay said it while sending.</summary>
    public long? ReturnedMail { get; init; }

    /// <summary>The incident that it is a part of; null for none.</summary>
    public long? Incident { get; init; }

    /// <summary>Whether the incident keeps it out of the score: it is not decided yet, or was no fault of the reader's.</summary>
    public bool IsExcused { get; init; }
}
