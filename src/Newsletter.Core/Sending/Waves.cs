namespace Newsletter.Sending;

/// <summary>How an audience is divided: who gets the issue first, and after whom all others wait.</summary>
/// <param name="SeedKeys">Comparison keys of addresses that get it first.</param>
/// <param name="SeedTags">Who bears one of these tags gets it first as well.</param>
public sealed record Waves(IReadOnlyList<string> SeedKeys, IReadOnlyList<string> SeedTags)
{
    /// <summary>The seed group.</summary>
    public const int Seed = 0;

    /// <summary>The readers on whom two subjects are tried.</summary>
    public const int Sample = 1;

    /// <summary>All others.</summary>
    public const int Rest = 2;

    /// <summary>All at once.</summary>
    public static Waves None { get; } = new([], []);

    /// <summary>How large a part of the readers tries two subjects, where an issue has two.</summary>
    public double SampleShare { get; init; } = 0.2;

    /// <summary>Whether a seed group goes first, even if nobody on the list is of it.</summary>
    public bool HasSeed => SeedKeys.Count + SeedTags.Count > 0;
}

/// <summary>What follows when each letter of a wave has been tried.</summary>
/// <param name="Reason">In words for the editor.</param>
/// <param name="GoesOnAt">When the next wave starts by itself; null: on a person's word.</param>
public sealed record WaveEnd(string Reason, DateTimeOffset? GoesOnAt)
{
    /// <summary>Whether that word has been said already: the next wave starts at once.</summary>
    public bool IsDecided { get; init; }

    /// <summary>The end of whichever wave it is.</summary>
    public static WaveEnd? Of(int wave, Tally tally, string winner, TimeSpan? seedHold, TimeSpan? sampleWait, DateTimeOffset now) =>
        wave == Waves.Sample ? OfSample(tally, winner, sampleWait, now) : OfSeed(tally, seedHold, now);

    /// <summary>Null while somebody of the sample has not been tried, or nothing of it was accepted yet and some may be.</summary>
    /// <param name="wave">How its letters stand.</param>
    /// <param name="winner">The subject that a person has chosen for the others; empty: none so far.</param>
    /// <param name="wait">How long the others wait; null: for a person.</param>
    /// <param name="now">When it was looked at.</param>
    public static WaveEnd? OfSample(Tally wave, string winner, TimeSpan? wait, DateTimeOffset now) => wave switch
    {
        { Waiting: > 0 } or { Claimed: > 0 } or { Sent: 0, Deferred: > 0 } => null,
        { Sent: > 0 } when winner.Length > 0 => new("", now) { IsDecided = true },
        _ => new($"two subjects are tried on {wave.Total} readers, the others wait for the winner", wave.Sent > 0 && wait is { } time ? now + time : null),
    };

    /// <summary>Null while the seed group has not been tried, or nothing of it was accepted yet and some may be.</summary>
    /// <param name="wave">How its letters stand.</param>
    /// <param name="hold">How long the others wait; null: for a person.</param>
    /// <param name="now">When it was looked at.</param>
    public static WaveEnd? OfSeed(Tally wave, TimeSpan? hold, DateTimeOffset now) => wave switch
    {
        { Waiting: > 0 } or { Claimed: > 0 } or { Sent: 0, Deferred: > 0 } => null,
        { Total: 0 } => new("nobody of the seed group (Sending:Seed) is an active reader; nobody has got anything yet", null),
        // Nobody can have looked at it: it does not go on by itself.
        { Sent: 0 } => new($"no letter of the seed group was accepted ({wave.Failed} failed); nobody else has got anything yet", null),
        _ => new($"the seed group has it ({wave.Sent} of {wave.Total} sent), the others wait", hold is { } wait ? now + wait : null),
    };
}
