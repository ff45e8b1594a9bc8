namespace Newsletter.Returns;

/// <summary>What shows that an address lives.</summary>
public enum LifeSign
{
    /// <summary>A letter went out and did not come back within the time in which servers report.</summary>
    LetterStayed,
    /// <summary>A probe went out and did not come back.</summary>
    ProbeStayed,
    /// <summary>The reader answered, or a server confirmed the delivery.</summary>
    Answered,
}

/// <summary>A sign of life of an address.</summary>
/// <param name="At">When it was known.</param>
/// <param name="Sign">What it is.</param>
public sealed record SignOfLife(DateTimeOffset At, LifeSign Sign);

/// <summary>All that the policy asks about a reader, as far back as it matters.</summary>
/// <param name="Bounces">The oldest first; each delivery once.</param>
/// <param name="Signs">In any order.</param>
/// <param name="BackSince">When a person or the reader last took up the subscription again: what came before does not count. Null: never.</param>
/// <param name="ProbedAt">When a probe last went to this reader; null: never.</param>
public sealed record ReaderHistory(IReadOnlyList<BounceEvent> Bounces, IReadOnlyList<SignOfLife> Signs, DateTimeOffset? BackSince = null, DateTimeOffset? ProbedAt = null);
