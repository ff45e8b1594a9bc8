namespace Newsletter.Sending;

/// <summary>What becomes of a slot or a scheduled edition whose time passed while nothing ran.</summary>
public enum MissedPolicy
{
    /// <summary>Sent late while it is within the allowed lateness; held beyond.</summary>
    Send,
    /// <summary>Held whenever it was missed: a person looks first.</summary>
    Hold,
}

/// <summary>How late is too late.</summary>
/// <param name="Allowed">The most that an edition may start after its time.</param>
/// <param name="Missed">What to do when its time was missed.</param>
public sealed record Lateness(TimeSpan Allowed, MissedPolicy Missed)
{
    /// <summary>A start within this is on time: the clock's own tick, a restart.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Null when the edition may start; else why it is held, in words for the editor.</summary>
    public string? WhyHeld(DateTimeOffset due, DateTimeOffset now)
    {
        var late = now - due;
        if (late <= Grace)
            return null;
        if (Missed is MissedPolicy.Hold)
            return $"its time passed {Words(late)} ago while nothing was running; missed times are held (Schedule:Missed)";
        return late <= Allowed ? null : $"its time passed {Words(late)} ago while nothing was running; at most {Words(Allowed)} is allowed (Schedule:MaxLateness)";
    }

    private static string Words(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => $"{(int)span.TotalDays} days",
        { TotalHours: >= 2 } => $"{(int)span.TotalHours} hours",
        { TotalMinutes: >= 2 } => $"{(int)span.TotalMinutes} minutes",
        _ => $"{(int)span.TotalSeconds} seconds",
    };
}
