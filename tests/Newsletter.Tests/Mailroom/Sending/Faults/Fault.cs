using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>One named fault: what the server does in which moment, and what is to become of the edition.</summary>
/// <param name="Name">The test's.</param>
/// <param name="Stage">Where it happens.</param>
/// <param name="Answer">What the server does there.</param>
internal sealed record Fault(string Name, LoopbackStage Stage, LoopbackAnswer Answer)
{
    /// <summary>In which moments of the stage; all, where nothing else is said.</summary>
    public Func<LoopbackMoment, bool> When { get; init; } = static _ => true;

    /// <summary>What the server does besides, so that it comes to the fault at all.</summary>
    public Func<LoopbackMoment, LoopbackAnswer?> Before { get; init; } = static _ => null;

    /// <summary>In which moments the server waits until the fault has happened: one that needs several lines does not come by itself where the first is quick.</summary>
    public Func<LoopbackMoment, bool> Until { get; init; } = static _ => false;

    /// <summary>How often it happens before it is over by itself.</summary>
    public int Times { get; init; } = 2;

    /// <summary>What the ledger keeps of the attempts that failed: outcome, code, enhanced status; each once. Nothing where no letter was spent.</summary>
    public string Attempts { get; init; } = "";

    /// <summary>The same where the letter goes in one chunk, and so has left us with its envelope; null: no other.</summary>
    public string? InOneChunk { get; init; }

    /// <summary>Pauses the edition, and these words are in the reason; null: it comes through by itself.</summary>
    public string? Pauses { get; init; }

    /// <summary>Letters that fail in the end, one of them each time.</summary>
    public int Fails { get; init; }

    /// <summary>Whether the reader concerned is suspended.</summary>
    public bool Suspends { get; init; }

    /// <summary>Whether a letter may have come twice, since the relay kept it and did not say so.</summary>
    public bool Repeats { get; init; }

    /// <summary>A letter that no buffer between us takes in whole.</summary>
    public bool IsBig { get; init; }

    /// <summary>Relays:Connections.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Relays:MaxPerConnection.</summary>
    public int Most { get; init; } = 100;

    /// <summary>Relays:Timeout.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Relays:Security.</summary>
    public RelaySecurity Security { get; init; } = RelaySecurity.None;

    /// <summary>Relays:User and Password, which the server wants.</summary>
    public bool SignsIn { get; init; }

    /// <summary>How the server is made.</summary>
    public Func<bool, LoopbackSmtp> Server { get; init; } = static chunks => new() { TakesChunks = chunks };

    public override string ToString() => Name;
}

/// <summary>Lets a fault happen as often as it does, and counts.</summary>
internal sealed class FaultScript(Fault fault)
{
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int happened;

    public int Happened => Volatile.Read(ref happened);

    public LoopbackAnswer? Answer(LoopbackMoment moment)
    {
        if (moment.Stage != fault.Stage || !fault.When(moment) || Interlocked.Increment(ref happened) > fault.Times)
            return fault.Until(moment) ? new LoopbackAnswer.WaitFor(first.Task) : fault.Before(moment);
        first.TrySetResult();
        return fault.Answer;
    }
}
