using System.Collections.Frozen;

namespace Newsletter.Subscribers;

/// <summary>A subscriber's standing. Only <see cref="Active"/> is mailed.</summary>
public enum SubscriptionState
{
    /// <summary>Asked for and not yet confirmed.</summary>
    Pending,
    /// <summary>Gets every issue.</summary>
    Active,
    /// <summary>Wants nothing for a while.</summary>
    Paused,
    /// <summary>The reader left.</summary>
    Unsubscribed,
    /// <summary>Mail to the address came back.</summary>
    Suspended,
    /// <summary>The reader called our mail spam.</summary>
    Complained,
    /// <summary>The person had themselves forgotten: what is left names nobody.</summary>
    Erased,
}

/// <summary>The legal steps between states, and the words that the store and the lists know them by.</summary>
public static class SubscriptionStates
{
    /// <summary>What is not in here cannot happen. A step to the left of the reader's own word (a bounce after an unsubscribe) is none: the stronger standing stays.</summary>
    private static readonly FrozenSet<(SubscriptionState From, SubscriptionState To)> Steps = new[]
    {
        (SubscriptionState.Pending, SubscriptionState.Active),
        (SubscriptionState.Pending, SubscriptionState.Unsubscribed),
        (SubscriptionState.Pending, SubscriptionState.Suspended),
        (SubscriptionState.Pending, SubscriptionState.Complained),
        (SubscriptionState.Pending, SubscriptionState.Erased),
        (SubscriptionState.Active, SubscriptionState.Paused),
        (SubscriptionState.Active, SubscriptionState.Unsubscribed),
        (SubscriptionState.Active, SubscriptionState.Suspended),
        (SubscriptionState.Active, SubscriptionState.Complained),
        (SubscriptionState.Active, SubscriptionState.Erased),
        (SubscriptionState.Paused, SubscriptionState.Active),
        (SubscriptionState.Paused, SubscriptionState.Unsubscribed),
        (SubscriptionState.Paused, SubscriptionState.Suspended),
        (SubscriptionState.Paused, SubscriptionState.Complained),
        (SubscriptionState.Paused, SubscriptionState.Erased),
        (SubscriptionState.Unsubscribed, SubscriptionState.Active),
        (SubscriptionState.Unsubscribed, SubscriptionState.Complained),
        (SubscriptionState.Unsubscribed, SubscriptionState.Erased),
        (SubscriptionState.Suspended, SubscriptionState.Active),
        (SubscriptionState.Suspended, SubscriptionState.Unsubscribed),
        (SubscriptionState.Suspended, SubscriptionState.Complained),
        (SubscriptionState.Suspended, SubscriptionState.Erased),
        (SubscriptionState.Complained, SubscriptionState.Active),
        (SubscriptionState.Complained, SubscriptionState.Erased),
    }.ToFrozenSet();

    /// <summary>Whether <paramref name="actor"/> may take this step. Back to active only by the reader's own act, by an undo that names the incident, or from a pause by the clock.</summary>
    public static bool Allows(SubscriptionState from, SubscriptionState to, Actor actor) =>
        Steps.Contains((from, to)) && (to is not SubscriptionState.Active || actor is Actor.Reader or Actor.Undo || (from, actor) is (SubscriptionState.Paused, Actor.Clock));

    /// <summary>Whether the subscription is over until the reader (or an undo) takes it up again: no import touches it.</summary>
    public static bool IsEnded(this SubscriptionState state) =>
        state is SubscriptionState.Unsubscribed or SubscriptionState.Suspended or SubscriptionState.Complained or SubscriptionState.Erased;

    /// <summary>The state's one word: in the store, in lists and on pages.</summary>
    public static string Word(this SubscriptionState state) => state switch
    {
        SubscriptionState.Pending => "pending",
        SubscriptionState.Active => "active",
        SubscriptionState.Paused => "paused",
        SubscriptionState.Unsubscribed => "unsubscribed",
        SubscriptionState.Suspended => "suspended",
        SubscriptionState.Complained => "complained",
        SubscriptionState.Erased => "erased",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>Null where the text is no state's word. Letter case and blanks around it do not matter.</summary>
    public static SubscriptionState? Read(string? word) => word?.Trim().ToLowerInvariant() switch
    {
        "pending" => SubscriptionState.Pending,
        "active" => SubscriptionState.Active,
        "paused" => SubscriptionState.Paused,
        "unsubscribed" => SubscriptionState.Unsubscribed,
        "suspended" => SubscriptionState.Suspended,
        "complained" => SubscriptionState.Complained,
        "erased" => SubscriptionState.Erased,
        _ => null,
    };
}
