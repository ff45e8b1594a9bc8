using System.Collections.Frozen;

namespace Newsletter.Sending;

/// <summary>Where an edition stands.</summary>
public enum EditionState
{
    /// <summary>Waits for its time.</summary>
    Scheduled,
    /// <summary>It stands before its start: in the hold window, after which it starts by itself, or for a person to decide (a missed time, a hand that held it).</summary>
    Held,
    /// <summary>The audience is frozen and letters go out.</summary>
    Running,
    /// <summary>A person, a relay that refused us or a threshold stopped it, or it waits between two waves; it can go on.</summary>
    Paused,
    /// <summary>No delivery is waiting, claimed, deferred or in doubt. Computed from the rows, never set by a counter.</summary>
    Complete,
    /// <summary>Ended by a person; what was not sent never will be.</summary>
    Cancelled,
}

/// <summary>The legal steps of an edition; what is not in the table cannot happen.</summary>
public static class EditionSteps
{
    private static readonly FrozenSet<(EditionState From, EditionState To)> Legal = new[]
    {
        (EditionState.Scheduled, EditionState.Running), (EditionState.Scheduled, EditionState.Held), (EditionState.Scheduled, EditionState.Cancelled),
        (EditionState.Held, EditionState.Scheduled), (EditionState.Held, EditionState.Running), (EditionState.Held, EditionState.Cancelled),
        (EditionState.Running, EditionState.Paused), (EditionState.Running, EditionState.Complete), (EditionState.Running, EditionState.Cancelled),
        (EditionState.Paused, EditionState.Running), (EditionState.Paused, EditionState.Cancelled),
        // A person asked for the failed ones once more.
        (EditionState.Complete, EditionState.Running),
    }.ToFrozenSet();

    /// <summary>Whether an edition may go from one state to the other. Staying is no step.</summary>
    public static bool May(EditionState from, EditionState to) => Legal.Contains((from, to));

    /// <summary>The states from which <paramref name="to"/> can be reached.</summary>
    public static IReadOnlyList<EditionState> Before(EditionState to) => [.. Legal.Where(step => step.To == to).Select(step => step.From).Order()];
}
