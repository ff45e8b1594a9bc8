namespace Newsletter.Returns;

/// <summary>What a bounce does to its reader.</summary>
public abstract record Judgement
{
    private Judgement()
    {
    }

    /// <summary>The address is dead: the subscription is suspended.</summary>
    public sealed record Suspend(string Why) : Judgement;

    /// <summary>The score says so, but a small letter asks first whether anybody is there.</summary>
    public sealed record Probe(string Why) : Judgement;

    /// <summary>At risk: shown to people, nothing else.</summary>
    public sealed record Warn(string Why) : Judgement;

    /// <summary>Counted, and not much yet.</summary>
    public sealed record Count(string Why) : Judgement;

    /// <summary>It says nothing about the address.</summary>
    public sealed record Nothing(string Why) : Judgement;
}
