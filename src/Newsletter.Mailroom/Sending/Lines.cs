using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>The lines of one relay, shared by all editions of this process. The higher priority goes first, equals take turns, and who waits long goes before all.</summary>
/// <remarks>
/// A line is asked back from whoever holds it, between two letters: at once for a higher priority (when it has been held for a <see cref="Slice"/>), after a <see cref="Turn"/> for
/// an equal one, and for a lower one that has waited for <see cref="Patience"/>. So a low edition gets at least a slice of a line in each such while, and never nothing.
/// </remarks>
internal sealed class Lines(int initial, TimeProvider time)
{
    /// <summary>The least that a line is held for: opening one costs a handshake.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    /// <summary>How long an edition keeps a line that another of the same priority waits for.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    /// <summary>Who has waited for so long goes first, whatever its priority.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<Waiter> waiting = [];
    private int count = initial;
    private int free = initial; // below none, where there were more and they are still held
    private volatile int wanted;

    /// <summary>Waits while all lines are held. Disposing of it gives the line back.</summary>
    public async Task<Line> TakeAsync(Priority priority, CancellationToken stop)
    {
        var waiter = new Waiter(priority, time.GetTimestamp());
        lock (gate)
        {
            waiting.Add(waiter);
            wanted = waiting.Count;
            Grant();
        }
        try
        {
            await waiter.Granted.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            if (!TryLeave(waiter))
                Return(); // it was granted at the same moment
            throw;
        }
        return new(this, priority, time.GetTimestamp());
    }

    /// <summary>From now on there are so many; those that are held beyond it are not given out again.</summary>
    public void Resize(int to)
    {
        lock (gate)
        {
            free += to - count;
            count = to;
            Grant();
        }
    }

    private bool TryLeave(Waiter waiter)
    {
        lock (gate)
        {
            var left = waiting.Remove(waiter);
            wanted = waiting.Count;
            return left;
        }
    }

    private void Return()
    {
        lock (gate)
        {
            free++;
            Grant();
        }
    }

    private void Grant()
    {
        while (free > 0 && waiting.Count > 0)
        {
            var first = waiting.MinBy(waiter => (time.GetElapsedTime(waiter.Since) >= Patience ? -1 : (int)waiter.Priority, waiter.Since))!;
            waiting.Remove(first);
            free--;
            if (!first.HasAsked && waiting.Find(waiter => waiter.HasAsked) is { } passed)
                passed.HasAsked = false; // the line that was given up for it goes to another: it may ask for one more
            first.Granted.SetResult();
        }
        wanted = waiting.Count;
    }

    /// <summary>Whether a line is to go to somebody else now. Each who waits asks one line back, not all of them.</summary>
    private bool IsWanted(Line line)
    {
        if (wanted == 0)
            return false;
        var held = time.GetElapsedTime(line.Since);
        lock (gate)
        {
            if (held < Slice || waiting.Find(waiter => !waiter.HasAsked && MayAsk(waiter, line.Priority, held)) is not { } who)
                return false;
            return who.HasAsked = true;
        }
    }

    private bool MayAsk(Waiter waiter, Priority holder, TimeSpan held) =>
        waiter.Priority < holder || (waiter.Priority == holder && held >= Turn) || time.GetElapsedTime(waiter.Since) >= Patience;

    private sealed class Waiter(Priority priority, long since)
    {
        public Priority Priority => priority;

        public long Since => since;

        /// <summary>Whether somebody gives a line up for it already.</summary>
        public bool HasAsked { get; set; }

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One line in somebody's hands.</summary>
    internal sealed class Line(Lines lines, Priority priority, long since) : IDisposable
    {
        public Priority Priority => priority;

        public long Since => since;

        /// <summary>Whether another edition is to have it now: then it is given up between two letters.</summary>
        public bool IsWanted => lines.IsWanted(this);

        public void Dispose() => lines.Return();
    }
}
