namespace Newsletter.Sending;

/// <summary>Which edition gets the lines of a relay first, where several are under way.</summary>
public enum Priority
{
    /// <summary>Before all others.</summary>
    High,
    /// <summary>The usual.</summary>
    Normal,
    /// <summary>What the others leave, and never nothing.</summary>
    Low,
}
