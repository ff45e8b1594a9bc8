namespace Newsletter.Sending;

/// <summary>How an issue is to go out: what is said of an edition before it is made.</summary>
/// <param name="At">When it is to start; not before.</param>
public sealed record EditionPlan(DateTimeOffset At)
{
    /// <summary>Empty: everybody who is active.</summary>
    public string Segment { get; init; } = "";

    /// <summary>Which edition goes first.</summary>
    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>The one address that all its letters go to instead of the readers; empty: to the readers.</summary>
    public string Sandbox { get; init; } = "";
}
