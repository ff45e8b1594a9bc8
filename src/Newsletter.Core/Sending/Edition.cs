using Newsletter.Addresses;

namespace Newsletter.Sending;

/// <summary>An issue frozen for one segment at one time: what is scheduled, paused, finished.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="IssueNumber">The issue's number; null where it has none.</param>
/// <param name="Slug">Names the issue: an issue goes to a segment once.</param>
/// <param name="Title">The issue's title.</param>
/// <param name="Segment">Empty: everybody who is active.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StateAt">Since when.</param>
/// <param name="StateReason">Why, in words for a person; may be empty.</param>
/// <param name="DueAt">When it is to start.</param>
/// <param name="StartedAt">When the audience was frozen; null before. The date of its letters.</param>
/// <param name="CompletedAt">Null until it is complete.</param>
/// <param name="Candidates">Deliveries and exclusions together, fixed when the audience was frozen.</param>
public sealed record Edition(
    EditionId Id, int? IssueNumber, string Slug, string Title, string Segment, EditionState State, DateTimeOffset StateAt, string StateReason,
    DateTimeOffset DueAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, long Candidates)
{
    /// <summary>Whether a person brought it into its state, and not the program.</summary>
    public bool ByPerson { get; init; }

    /// <summary>Of one that is held or paused: when it goes on by itself. Null: a person decides.</summary>
    public DateTimeOffset? GoesOnAt { get; init; }

    /// <summary>Which edition goes first.</summary>
    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>The one address that all its letters go to; empty: they go to the readers.</summary>
    public string Sandbox { get; init; } = "";

    /// <summary>The thresholds that have stopped it so far, separated by blanks.</summary>
    public string Alarms { get; init; } = "";

    /// <summary>Whether a wave is out and the next waits, for its time or a person's word.</summary>
    public bool IsBetweenWaves { get; init; }

    /// <summary>Whether a sample of its readers tries two subjects.</summary>
    public bool HasTwoSubjects { get; init; }

    /// <summary>a or b: the subject that the rest of the readers gets; empty while none is settled.</summary>
    public string Winner { get; init; } = "";

    /// <summary>Whether the sample is out and the others wait for the winner.</summary>
    public bool WaitsForWinner => HasTwoSubjects && IsBetweenWaves && Wave == Waves.Rest;

    /// <summary>Deliveries up to this wave go out.</summary>
    public int Wave { get; init; }

    /// <summary>When that wave became due, after another; null: when the edition started.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>From its start to its end, or until now where it runs, or until it stopped; nothing before it began.</summary>
    public TimeSpan Took(DateTimeOffset now) => StartedAt is { } started ? (State is EditionState.Running ? now : CompletedAt ?? StateAt) - started : TimeSpan.Zero;

    /// <summary>Whether it can still be undone: it stands before its start and nobody has got anything.</summary>
    public bool IsInHoldWindow => State is EditionState.Held && GoesOnAt is not null;
}

/// <summary>How many deliveries of an edition are in each state. They always add up to all of them.</summary>
/// <param name="Waiting">Not yet tried.</param>
/// <param name="Claimed">In a worker's hands.</param>
/// <param name="Sent">The relay accepted the letter.</param>
/// <param name="Deferred">The relay said not now; due again.</param>
/// <param name="Failed">Refused for good, or the attempts are used up.</param>
/// <param name="Skipped">Suppressed or ended between freezing and sending.</param>
/// <param name="InDoubt">The line broke before the relay's answer, and a person is to decide.</param>
public sealed record Tally(long Waiting = 0, long Claimed = 0, long Sent = 0, long Deferred = 0, long Failed = 0, long Skipped = 0, long InDoubt = 0)
{
    /// <summary>Every delivery of the edition.</summary>
    public long Total => Waiting + Claimed + Sent + Deferred + Failed + Skipped + InDoubt;

    /// <summary>Those without a last word: the edition is complete when there are none.</summary>
    public long Open => Waiting + Claimed + Deferred + InDoubt;
}
