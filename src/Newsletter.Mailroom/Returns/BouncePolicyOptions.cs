using System.ComponentModel.DataAnnotations;
using Newsletter.Classifying;
using Newsletter.Returns;

namespace Newsletter.Mailroom;

/// <summary>Section <c>Returns:Policy</c> of the configuration: when bounces end a subscription.</summary>
public sealed class BouncePolicyOptions : IValidatableObject
{
    /// <inheritdoc cref="BouncePolicy.HalfLife"/>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan HalfLife { get; init; } = BouncePolicy.Usual.HalfLife;

    /// <inheritdoc cref="BouncePolicy.WarnAt"/>
    [Range(0.1, 1000)] public double WarnAt { get; init; } = BouncePolicy.Usual.WarnAt;

    /// <inheritdoc cref="BouncePolicy.SuspendAt"/>
    [Range(0.5, 1000)] public double SuspendAt { get; init; } = BouncePolicy.Usual.SuspendAt;

    /// <inheritdoc cref="BouncePolicy.MinSpan"/>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")] public TimeSpan MinSpan { get; init; } = BouncePolicy.Usual.MinSpan;

    /// <inheritdoc cref="BouncePolicy.StaysAfter"/>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")] public TimeSpan StaysAfter { get; init; } = BouncePolicy.Usual.StaysAfter;

    /// <inheritdoc cref="BouncePolicy.StayedFactor"/>
    [Range(0, 1)] public double StayedFactor { get; init; } = BouncePolicy.Usual.StayedFactor;

    /// <inheritdoc cref="BouncePolicy.Probes"/>
    public bool Probes { get; init; } = BouncePolicy.Usual.Probes;

    /// <inheritdoc cref="BouncePolicy.ProbeWait"/>
    [Range(typeof(TimeSpan), "00:01:00", "60.00:00:00")] public TimeSpan ProbeWait { get; init; } = BouncePolicy.Usual.ProbeWait;

    /// <inheritdoc cref="BouncePolicy.ProbeEvery"/>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan ProbeEvery { get; init; } = BouncePolicy.Usual.ProbeEvery;

    /// <summary>Other weights than the usual ones, by the reason's word: <c>"mailbox-full": 0.5</c>.</summary>
    public Dictionary<string, double> Weights { get; init; } = [];

    /// <summary>The policy that these settings make.</summary>
    public BouncePolicy Policy => new()
    {
        HalfLife = HalfLife, WarnAt = WarnAt, SuspendAt = SuspendAt, MinSpan = MinSpan, StaysAfter = StaysAfter, StayedFactor = StayedFactor, Probes = Probes, ProbeWait = ProbeWait,
        ProbeEvery = ProbeEvery, Weights = Weights.ToDictionary(pair => BounceReasons.Read(pair.Key)!.Value, pair => pair.Value),
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WarnAt > SuspendAt)
            yield return new("is above SuspendAt: nobody would be warned of", [nameof(WarnAt)]);
        foreach (var (reason, weight) in Weights)
            if (BounceReasons.Read(reason) is null)
                yield return new($"names '{reason}', which is no reason; write one of {string.Join(", ", Enum.GetValues<BounceReason>().Select(BounceReasons.WordOf))}", [nameof(Weights)]);
            else if (weight is not (>= 0 and <= 100))
                yield return new($"gives {reason} a weight that is not between 0 and 100", [nameof(Weights)]);
    }
}
