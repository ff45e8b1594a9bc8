using System.ComponentModel.DataAnnotations;
using Newsletter.Returns;

namespace Newsletter.Mailroom;

/// <summary>Section <c>Returns:Incidents</c> of the configuration: when many refusals alike are one event, and not many dead addresses.</summary>
public sealed class IncidentOptions
{
    /// <inheritdoc cref="IncidentRules.Watch"/>
    public bool Watch { get; init; } = IncidentRules.Usual.Watch;

    /// <inheritdoc cref="IncidentRules.Pauses"/>
    public bool Pause { get; init; } = IncidentRules.Usual.Pauses;

    /// <inheritdoc cref="IncidentRules.Readers"/>
    [Range(2, 1_000_000)] public int Readers { get; init; } = IncidentRules.Usual.Readers;

    /// <inheritdoc cref="IncidentRules.Everywhere"/>
    [Range(1, 1000)] public int Everywhere { get; init; } = IncidentRules.Usual.Everywhere;

    /// <inheritdoc cref="IncidentRules.Window"/>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")] public TimeSpan Window { get; init; } = IncidentRules.Usual.Window;

    /// <inheritdoc cref="IncidentRules.Share"/>
    [Range(0.01, 1)] public double Share { get; init; } = IncidentRules.Usual.Share;

    /// <inheritdoc cref="IncidentRules.ReachedShare"/>
    [Range(0.001, 1)] public double ReachedShare { get; init; } = IncidentRules.Usual.ReachedShare;

    /// <inheritdoc cref="IncidentRules.Times"/>
    [Range(1, 1000)] public double Times { get; init; } = IncidentRules.Usual.Times;

    /// <inheritdoc cref="IncidentRules.Before"/>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")] public TimeSpan Before { get; init; } = IncidentRules.Usual.Before;

    /// <inheritdoc cref="IncidentRules.Quiet"/>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")] public TimeSpan Quiet { get; init; } = IncidentRules.Usual.Quiet;

    /// <summary>The rules that these settings make.</summary>
    public IncidentRules Rules => new()
    {
        Watch = Watch, Pauses = Pause, Readers = Readers, Everywhere = Everywhere, Window = Window, Share = Share, ReachedShare = ReachedShare, Times = Times, Before = Before, Quiet = Quiet,
    };
}
