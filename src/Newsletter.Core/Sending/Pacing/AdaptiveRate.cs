namespace Newsletter.Sending;

/// <summary>How fast letters go to one relay or domain after it has asked for less: half as fast each time that it asks, and little by little faster while it takes them.</summary>
/// <remarks>
/// Additive increase, multiplicative decrease, as TCP does it: the rate goes around what the far side bears, and senders that share it come to share alike.
/// It is free, without any limit, until the first trouble and again when it has come back to what it was. For one caller at a time.
/// </remarks>
public sealed class AdaptiveRate
{
    /// <summary>The slowest that it gets: one letter in this time, or nobody would see that the far side is well again.</summary>
    public static readonly TimeSpan SlowestInterval = TimeSpan.FromSeconds(10);

    /// <summary>A full recovery takes at least this long.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);

    /// <summary>The answers to letters that were under way together count as one.</summary>
    private static readonly TimeSpan Reaction = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private double? perSecond;
    private double usual;        // what it was before the first trouble: there it is free again
    private DateTimeOffset slowedAt = DateTimeOffset.MinValue;
    private DateTimeOffset changedAt;
    private DateTimeOffset next = DateTimeOffset.MinValue;
    private DateTimeOffset heldAt;
    private TimeSpan held;
    private DateTimeOffset windowAt = DateTimeOffset.MinValue;
    private int inWindow;
    private double lastWindow;

    /// <summary>Letters a second just now; null while it is free.</summary>
    public double? PerSecond => perSecond;

    /// <summary>Until when nothing goes, as the far side asked; null where it did not, or the time is over.</summary>
    public DateTimeOffset? HeldUntil(DateTimeOffset now)
    {
        if (held > TimeSpan.Zero && now < heldAt) // the clock was set back: the wait begins anew, once, instead of lasting for ever
            heldAt = now;
        return held > TimeSpan.Zero && now < heldAt + held ? heldAt + held : null;
    }

    /// <summary>Takes a turn. Where there is none yet, <paramref name="notBefore"/> says when to ask again.</summary>
    public bool TryBegin(DateTimeOffset now, out DateTimeOffset notBefore)
    {
        notBefore = now;
        if (perSecond is { } slow && next > now + TimeSpan.FromSeconds(1 / slow))
            next = now + TimeSpan.FromSeconds(1 / slow); // the clock was set back
        if (HeldUntil(now) is { } until)
        {
            notBefore = until;
            return false;
        }
        if (perSecond is { } rate)
        {
            if (now < next)
            {
                notBefore = next;
                return false;
            }
            next = now + TimeSpan.FromSeconds(1 / rate);
        }
        Count(now);
        return true;
    }

    /// <summary>A turn that was taken and not used.</summary>
    public void GiveBack(DateTimeOffset now)
    {
        if (perSecond is not null)
            next = now;
        inWindow = Math.Max(0, inWindow - 1);
    }

    /// <summary>The far side said 421, 450, 451, 452 or 454: half as fast from now on.</summary>
    public void Slow(DateTimeOffset now)
    {
        if (perSecond is not null && now - slowedAt < Reaction && now >= slowedAt)
            return;
        if (perSecond is null)
            usual = Measured(now);
        perSecond = Math.Max(1 / SlowestInterval.TotalSeconds, (perSecond ?? usual) / 2);
        (slowedAt, changedAt, next) = (now, now, now + TimeSpan.FromSeconds(1 / perSecond.Value));
    }

    /// <summary>The far side named a time before which it wants nothing.</summary>
    public void Hold(DateTimeOffset now, TimeSpan wait)
    {
        if (HeldUntil(now) is { } until && until >= now + wait)
            return;
        (heldAt, held) = (now, wait);
    }

    /// <summary>The far side took a letter.</summary>
    public void Succeeded(DateTimeOffset now)
    {
        if (perSecond is not { } rate)
            return;
        var since = now > changedAt ? now - changedAt : TimeSpan.Zero;
        // By the time that went well, and never more than twice as fast by one letter.
        var faster = rate + Math.Min(rate, usual * Math.Min(1, since / Recovery));
        perSecond = faster >= usual ? null : faster;
        changedAt = now;
    }

    /// <summary>Letters a second of late; one at least.</summary>
    public double Measured(DateTimeOffset now) => Math.Max(1, Math.Max(lastWindow, inWindow / Math.Max(1, (now - windowAt).TotalSeconds)));

    private void Count(DateTimeOffset now)
    {
        if (now - windowAt >= Window || now < windowAt)
        {
            lastWindow = now - windowAt < Window * 2 && now >= windowAt ? inWindow / (now - windowAt).TotalSeconds : 0;
            (windowAt, inWindow) = (now, 0);
        }
        inWindow++;
    }
}
