using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>A claim in this process's hands.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Since">When it was taken, or looked at last.</param>
internal readonly record struct HeldClaim(Claim Claim, DateTimeOffset Since);

/// <summary>
/// Claims of one run that may not go just now: those whose time comes in a few seconds are kept at hand, all others go back to the ledger and are due at their time.
/// So one slow domain takes no place from another, and no claim is taken again and again.
/// </summary>
internal sealed class WaitingClaims
{
    /// <summary>Who has to wait longer is put off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int Most = 200;

    private readonly Lock gate = new();
    private readonly PriorityQueue<HeldClaim, DateTimeOffset> atHand = new();
    private readonly List<(Claim Claim, DateTimeOffset Due)> putOff = [];
    private bool isClosed;

    /// <summary>How many wait at hand.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return atHand.Count;
        }
    }

    /// <summary>Keeps a claim until its time.</summary>
    /// <param name="held">The claim.</param>
    /// <param name="notBefore">When it is to be tried again.</param>
    /// <param name="due">When it is due in the ledger, where it goes back there.</param>
    /// <param name="now">The time.</param>
    public void Add(HeldClaim held, DateTimeOffset notBefore, Func<DateTimeOffset> due, DateTimeOffset now)
    {
        lock (gate)
            if (!isClosed && atHand.Count < Most && notBefore - now <= Patience)
                atHand.Enqueue(held, notBefore);
            else
                putOff.Add((held.Claim, due()));
    }

    /// <summary>Those whose time has come, the earliest first.</summary>
    public IReadOnlyList<HeldClaim> TakeReady(DateTimeOffset now)
    {
        var ready = new List<HeldClaim>();
        lock (gate)
            // What seems to wait longer than it may was kept before the clock was set back.
            while (atHand.TryPeek(out var held, out var notBefore) && (notBefore <= now || notBefore - now > Patience))
                ready.Add(atHand.Dequeue());
        return ready;
    }

    /// <summary>When the first of them is to be tried again; null where none waits.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (gate)
                return atHand.TryPeek(out _, out var next) ? next : null;
        }
    }

    /// <summary>Those that go back to the ledger.</summary>
    public IReadOnlyList<(Claim Claim, DateTimeOffset Due)> TakePutOff()
    {
        lock (gate)
        {
            if (putOff.Count == 0)
                return [];
            var taken = putOff.ToList();
            putOff.Clear();
            return taken;
        }
    }

    /// <summary>From now on all go back to the ledger. Returns those that were at hand.</summary>
    public IReadOnlyList<Claim> Close()
    {
        lock (gate)
        {
            isClosed = true;
            var left = atHand.UnorderedItems.Select(item => item.Element.Claim).ToList();
            atHand.Clear();
            return left;
        }
    }

    /// <summary>Closes where nothing waits at hand; false where something does.</summary>
    public bool TryClose()
    {
        lock (gate)
            return isClosed = atHand.Count == 0;
    }
}
