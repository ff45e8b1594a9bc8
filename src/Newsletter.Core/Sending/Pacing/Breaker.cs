namespace Newsletter.Sending;

/// <summary>Keeps letters from a relay that fails: open after so many failures in a row, then half open for one try at a time, each wait twice the last.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class Breaker
{
    /// <summary>So many failures in a row open it.</summary>
    public const int Most = 3;

    /// <summary>The first wait of a relay that is away.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait of a relay that is away.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The first wait of a relay that refuses us: a person has to do something about it.</summary>
    public static readonly TimeSpan FirstRefused = TimeSpan.FromMinutes(5);

    /// <summary>The longest wait of a relay that refuses us.</summary>
    public static readonly TimeSpan LongestRefused = TimeSpan.FromHours(1);

    private int failures;
    private TimeSpan wait;
    private DateTimeOffset openedAt;
    private bool isTried;

    /// <summary>Whether it keeps letters away, or lets one through to see.</summary>
    public bool IsOpen => wait > TimeSpan.Zero;

    /// <summary>Whether it is open because the relay refused us.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>When it lets one through; null while it is closed.</summary>
    public DateTimeOffset? OpenUntil => IsOpen ? openedAt + wait : null;

    /// <summary>Whether a letter may be tried. True when closed; when the wait is over, true for one caller, until that one tells how it went.</summary>
    public bool TryPass(DateTimeOffset now, out DateTimeOffset notBefore)
    {
        notBefore = now;
        if (!IsOpen)
            return true;
        if (now < openedAt)
            openedAt = now; // the clock was set back
        notBefore = isTried ? now + First : openedAt + wait;
        if (isTried || now < openedAt + wait)
            return false;
        return isTried = true;
    }

    /// <summary>The one that was let through did not try.</summary>
    public void GiveBack() => isTried = false;

    /// <summary>The relay answered as a relay does.</summary>
    public void Succeeded()
    {
        (failures, wait, isTried, IsRefused) = (0, TimeSpan.Zero, false, false);
    }

    /// <summary>The relay is away, or the line was lost.</summary>
    public void Failed(DateTimeOffset now)
    {
        failures++;
        if (IsOpen && !isTried)
            return; // an answer to a letter that was under way when it opened
        if (IsOpen || failures >= Most)
            Open(now, IsRefused ? FirstRefused : First, IsRefused ? LongestRefused : Longest);
    }

    /// <summary>The relay refused us: the next letter would be refused alike.</summary>
    public void Refused(DateTimeOffset now)
    {
        if (IsRefused && !isTried)
            return;
        if (!IsRefused)
            wait = TimeSpan.Zero;
        IsRefused = true;
        Open(now, FirstRefused, LongestRefused);
    }

    private void Open(DateTimeOffset now, TimeSpan first, TimeSpan longest)
    {
        wait = wait == TimeSpan.Zero ? first : wait * 2 < longest ? wait * 2 : longest;
        (openedAt, isTried) = (now, false);
    }
}
