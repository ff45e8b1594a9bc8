using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What a process knows of a relay's health, whatever the settings say meanwhile.</summary>
internal sealed class RelayHealth
{
    public Lock Gate { get; } = new();

    public Breaker Breaker { get; set; } = new();

    public AdaptiveRate Rate { get; } = new();

    /// <summary>When it last answered to a letter as a relay does.</summary>
    public DateTimeOffset ThrivedAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>The last trouble, in the relay's words.</summary>
    public string Why { get; set; } = "";
}

/// <summary>One transport as all editions of this process share it: so many lines at a time, its limits, its part of the letters, and a rest when it fails.</summary>
internal sealed class Outlet
{
    /// <summary>A relay that took a letter so lately is at work.</summary>
    private static readonly TimeSpan AtWork = TimeSpan.FromMinutes(1);

    private readonly Lines lines;
    private readonly LimitSet limits;
    private readonly RelayHealth health;
    private readonly TimeProvider time;
    private DateTimeOffset blockedUntil = DateTimeOffset.MinValue;
    private string blockedBy = "";

    public Outlet(ITransport transport, Lines lines, LimitSet limits, RelayHealth health, TimeProvider time)
    {
        (Transport, Title, this.lines, this.limits, this.health, this.time) = (transport, transport.Name, lines, limits, health, time);
    }

    public ITransport Transport { get; }

    /// <summary>What people call it: with its account, where another at the same host has another.</summary>
    public string Title { get; init; }

    /// <summary>Which part of the letters it gets; set by who puts the outlets together.</summary>
    public Func<DateTimeOffset, bool> HasTurn { get; set; } = static _ => true;

    /// <summary>Told when a turn of it is not used.</summary>
    public Action LeavesTurn { get; set; } = static () => { };

    /// <summary>Whether the relay refused us, and nothing has passed since.</summary>
    public bool IsRefused
    {
        get
        {
            lock (health.Gate)
                return health.Breaker.IsRefused;
        }
    }

    /// <summary>A pass begins: that the relay was slow is forgotten, where nobody is at it.</summary>
    public void BeginAnew() => lines.BeginAnew();

    /// <summary>Done when there are as many lines as the transport has connections.</summary>
    public Task Widened => lines.Widened;

    /// <summary>Waits while other editions have all lines. Disposing of it gives the line back.</summary>
    public Task<Lines.Line> TakeLineAsync(Priority priority, CancellationToken stop) => lines.TakeAsync(priority, stop);

    /// <summary>Whether it could take a letter, as far as is known. One on trial cannot: its one try may take minutes to fail.</summary>
    public bool IsThere(DateTimeOffset now)
    {
        lock (health.Gate)
            return blockedUntil <= now && !health.Breaker.IsOpen;
    }

    /// <summary>Before when it takes no letter, as it was found last; null: it may.</summary>
    public DateTimeOffset? BlockedUntil(DateTimeOffset now)
    {
        lock (health.Gate)
            return blockedUntil > now ? blockedUntil : null;
    }

    /// <summary>Takes a turn for one letter; <see cref="Tell"/> or <see cref="GiveBack"/> must follow.</summary>
    public async ValueTask<Turn> BeginAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (Pass(now) is { } blocked)
            return blocked;
        if (limits.IsEmpty)
            return default;
        Turn? turn = null;
        try
        {
            turn = await limits.TakeAsync(now, stop);
        }
        finally
        {
            if (turn is not { IsGiven: true })
                GiveBack(default);
        }
        return turn.Value.NotBefore is { } until ? Blocked(until, $"{Title}: {turn.Value.Why}") : turn.Value;
    }

    /// <summary>Takes a turn for one letter more, where it can be had at once.</summary>
    public bool TryBegin() => limits.IsEmpty && Pass(time.GetUtcNow()) is null;

    /// <summary>Whether a line in this place would be one too many just now.</summary>
    public bool IsBeyond(int place) => place >= lines.Count && !lines.Widened.IsCompleted;

    /// <summary>A line has had trouble: each carries one letter, until the relay has shown again that it is steady.</summary>
    public void Suffer() => lines.Suffer();

    /// <summary>To be called now and then: a relay that is waited for gets more lines.</summary>
    public void Watch() => lines.Watch();

    /// <summary>The turn was not used.</summary>
    public void GiveBack(Turn turn)
    {
        turn.GiveBack();
        LeavesTurn();
        lock (health.Gate)
        {
            health.Breaker.GiveBack();
            health.Rate.GiveBack(time.GetUtcNow());
        }
    }

    /// <summary>A person has seen that the relay refused us: it is tried again as if it had not.</summary>
    public void Forgive()
    {
        lock (health.Gate)
            if (health.Breaker.IsRefused)
                (health.Breaker, blockedUntil) = (new(), DateTimeOffset.MinValue);
    }

    /// <summary>What became of the turn.</summary>
    /// <param name="outcome">The relay's answer.</param>
    /// <param name="isOpening">Whether it came before any letter: then it may be one connection too many, and speaks of no rate.</param>
    public void Tell(SmtpOutcome outcome, bool isOpening)
    {
        var now = time.GetUtcNow();
        if (isOpening)
            LeavesTurn();
        lock (health.Gate)
        {
            if (outcome is SmtpOutcome.Refused { Scope: SmtpScope.Relay })
                health.Breaker.Refused(now);
            else if (outcome is SmtpOutcome.InDoubt or SmtpOutcome.Deferred { Scope: SmtpScope.Relay })
                Suffer(outcome, isOpening, now);
            else
                Thrive(outcome, now);
            if (outcome is not SmtpOutcome.Accepted && (health.Breaker.IsOpen || health.Rate.PerSecond is not null || health.Rate.HeldUntil(now) is not null))
                health.Why = outcome.Words;
        }
    }

    /// <summary>What is to be said of it; null while letters go as they come.</summary>
    public PaceHold? Hold(DateTimeOffset now)
    {
        lock (health.Gate)
            return health.Breaker.OpenUntil is { } open ? new("relay", Title, open > now ? open : now.AddMinutes(1), $"{(health.Breaker.IsRefused ? "it refused us" : "it fails")}: {health.Why}")
                : health.Rate.HeldUntil(now) is { } until ? new("relay", Title, until, $"asked to wait: {health.Why}")
                : health.Rate.PerSecond is { } perSecond ? new("relay", Title, now.AddMinutes(1), $"slowed to {Rates.Words(perSecond)}: {health.Why}")
                : blockedUntil > now + TimeSpan.FromSeconds(5) ? new("relay", Title, blockedUntil, blockedBy)
                : null;
    }

    private Turn? Pass(DateTimeOffset now)
    {
        lock (health.Gate)
        {
            if (!health.Breaker.TryPass(now, out var until))
                return Blocked(until, health.Why);
            if (!health.Rate.TryBegin(now, out until))
            {
                health.Breaker.GiveBack();
                return Blocked(until, health.Why);
            }
            blockedUntil = DateTimeOffset.MinValue;
        }
        if (HasTurn(now))
            return null;
        lock (health.Gate)
        {
            health.Breaker.GiveBack();
            health.Rate.GiveBack(now);
        }
        return new(now + TimeSpan.FromMilliseconds(10), "another relay is to go first");
    }

    private void Suffer(SmtpOutcome outcome, bool isOpening, DateTimeOffset now)
    {
        health.Breaker.Failed(now);
        if (Slowdown.Of(outcome, now) is not { } slowdown)
            return;
        if (!isOpening)
            health.Rate.Slow(now);
        // One connection too many is told to wait while the others go on: then it is that one's wait.
        if (slowdown.Wait is { } wait && !(isOpening && now - health.ThrivedAt < AtWork && now >= health.ThrivedAt))
            health.Rate.Hold(now, wait);
    }

    private void Thrive(SmtpOutcome outcome, DateTimeOffset now)
    {
        health.Breaker.Succeeded();
        health.ThrivedAt = now;
        if (outcome is SmtpOutcome.Accepted)
            health.Rate.Succeeded(now);
    }

    private Turn Blocked(DateTimeOffset until, string why)
    {
        lock (health.Gate)
            (blockedUntil, blockedBy) = (until, why);
        return new(until, why);
    }
}
