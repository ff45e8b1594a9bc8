using System.Diagnostics;

namespace Newsletter.Sending;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>Not yet tried.</summary>
    Waiting,
    /// <summary>A worker has it, until its claim ends.</summary>
    Claimed,
    /// <summary>The relay accepted the letter; that is not to say that it arrived.</summary>
    Sent,
    /// <summary>Not now; due again.</summary>
    Deferred,
    /// <summary>Refused for good, or the attempts are used up.</summary>
    Failed,
    /// <summary>Suppressed or ended between freezing and sending.</summary>
    Skipped,
    /// <summary>The line broke after the letter was given and before the relay answered.</summary>
    InDoubt,
}

/// <summary>The words of states, for people and for the store.</summary>
public static class DeliveryStates
{
    /// <summary>Lower case; <c>in doubt</c> of two words.</summary>
    public static string Words(this DeliveryState state) => state is DeliveryState.InDoubt ? "in doubt" : state.ToString().ToLowerInvariant();

    /// <summary>The state of these words, a hyphen or nothing for the blank; null for any others.</summary>
    public static DeliveryState? Read(string words)
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
            if (words == state.Words() || words == state.Words().Replace(' ', '-') || words.Equals(state.ToString(), StringComparison.OrdinalIgnoreCase))
                return state;
        return null;
    }
}

/// <summary>What an attempt makes of a delivery.</summary>
/// <param name="State">Where it stands now.</param>
/// <param name="DueAt">When it is due again; only of a deferred or waiting one.</param>
public sealed record AfterAttempt(DeliveryState State, DateTimeOffset? DueAt = null)
{
    /// <summary>The one place that turns an outcome into a state.</summary>
    /// <param name="outcome">What the relay said, or did not.</param>
    /// <param name="attempt">Which attempt this was, from 1.</param>
    /// <param name="since">Since when the edition runs: started, resumed, its next wave released, or tried again by a person.</param>
    /// <param name="now">When the outcome was known.</param>
    /// <param name="retry">When to try again.</param>
    /// <param name="hold">Whether a letter in doubt waits for a person; else it goes again under the same Message-ID.</param>
    public static AfterAttempt Of(SmtpOutcome outcome, int attempt, DateTimeOffset since, DateTimeOffset now, Retry retry, bool hold) => outcome switch
    {
        SmtpOutcome.Accepted => new(DeliveryState.Sent),
        SmtpOutcome.Rejected => new(DeliveryState.Failed),
        // About us, not the reader: every other letter would get the same answer; the edition pauses and this letter waits.
        SmtpOutcome.Refused { Scope: SmtpScope.Relay } => new(DeliveryState.Waiting, now),
        SmtpOutcome.Refused => new(DeliveryState.Failed),
        SmtpOutcome.InDoubt when hold => new(DeliveryState.InDoubt),
        // The relay is away, not the reader: sooner than a greylisted address, and counted by time alone.
        SmtpOutcome.Deferred { Scope: SmtpScope.Relay } => retry.Soon(since, now) is { } soon ? new(DeliveryState.Deferred, soon) : new(DeliveryState.Failed),
        SmtpOutcome.InDoubt or SmtpOutcome.Deferred => retry.After(attempt, since, now) is { } due
            ? new(DeliveryState.Deferred, Later(due, Slowdown.Of(outcome, now)?.Wait, since + retry.GiveUpAfter, now))
            : new(DeliveryState.Failed),
        _ => throw new UnreachableException(outcome.GetType().Name),
    };

    /// <summary>A server that names a time gets its letter no sooner; but one last time before it is given up.</summary>
    private static DateTimeOffset Later(DateTimeOffset due, TimeSpan? asked, DateTimeOffset last, DateTimeOffset now) =>
        now + asked is not { } wanted || wanted <= due ? due : wanted < last ? wanted : last;
}
