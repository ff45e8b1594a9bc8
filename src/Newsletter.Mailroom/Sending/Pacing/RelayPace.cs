using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>How many letters a way out gets, and of whom.</summary>
/// <param name="Limits">Letters per time, over all workers.</param>
public sealed record RelayPace(IReadOnlyList<PaceLimit> Limits)
{
    /// <summary>Everything, as fast as it goes.</summary>
    public static RelayPace Free { get; } = new([]);

    /// <summary>The account at the relay: two accounts have their limits each for itself. Empty: there is none.</summary>
    public string Account { get; init; } = "";

    /// <summary>Its part of the letters beside the other relays'; 0: it stands by until no other can take any.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The sender domains whose letters it takes; empty: of those that no other relay names.</summary>
    public IReadOnlyList<string> SenderDomains { get; init; } = [];

    /// <summary>Its first days; null: it has none.</summary>
    public WarmUp? WarmUp { get; init; }
}
