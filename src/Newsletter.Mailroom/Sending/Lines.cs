using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>The lines of one relay, shared by all editions of this process. The higher priority goes first, equals take turns, and who waits long goes before all.</summary>
/// <remarks>
/// A line is asked back from whoever holds it, between two letters: at once for a higher priority (when it has been held for a <see cref="Slice"/>), after a <see cref="Turn"/> for
/// an equal one, and for a lower one that has waited for <see cref="Patience"/>. So a low edition gets at least a slice of a line in each such while, and never nothing.
/// Each line carries one letter. Over a relay that <see cref="RelayManner"/> finds steady and quick there are as few as this machine has processors, or one more, with several letters under
/// way on each: each wait costs, and more lines would hardly be quicker. Else there is a line for each letter. Either way no more letters are under way.
/// </remarks>
/// <param name="letters">How many letters may be under way.</param>
/// <param name="time">The clock.</param>
/// <param name="processors">What the machine has.</param>
internal sealed class Lines(int letters, TimeProvider time, int processors)
{
    /// <summary>So many letters on a line, and the relay has always something to do.</summary>
    public const int Deepest = 4;

    /// <summary>The least that a line is held for: opening one costs a handshake.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    /// <summary>How long an edition keeps a line that another of the same priority waits for.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    /// <summary>Who has waited for so long goes first, whatever its priority.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly List<Waiter> waiting = [];
    private readonly List<Line> held = [];
    private volatile TaskCompletionSource widened = Done();
    private readonly RelayManner manner = new();
    private bool mayBeFew = true;
    private int most = letters;
    private int count = letters;
    private int free = letters; // below none, where there were more and they are still held
    private volatile int wanted;

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>Done while there is a line for each letter.</summary>
    public Task Widened => widened.Task;

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
            return await waiter.Granted.Task.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            if (!TryLeave(waiter))
                Return(await waiter.Granted.Task); // it was granted at the same moment
            throw;
        }
    }

    /// <summary>From now on so many letters may be under way; lines that are held beyond it are not given out again.</summary>
    /// <param name="to">How many.</param>
    /// <param name="takesSeveral">Whether a line may take several at once.</param>
    public void Resize(int to, bool takesSeveral)
    {
        lock (gate)
        {
            mayBeFew = takesSeveral;
            if (!mayBeFew || (to != most && held.Count > 0)) // those that are held may carry more letters than the new few
                widened.TrySetResult();
            Set(to, Widened.IsCompleted ? ManyFor(to) : FewFor(to, processors));
        }
    }

    /// <summary>Somebody begins to send: where nobody else is at it, the relay may have become a quick one.</summary>
    public void BeginAnew()
    {
        lock (gate)
            if (held.Count == 0 && waiting.Count == 0)
                manner.Forget();
    }

    /// <summary>To be called now and then: sees an answer that is waited for.</summary>
    public void Watch()
    {
        if (Widened.IsCompleted)
            return;
        lock (gate)
            if (held.Exists(line => line.BusySince is { } since && manner.IsSlowAfter(time.GetElapsedTime(since))))
                Widen(true);
    }

    /// <summary>There was trouble: from now on each line carries one letter, until the relay has shown again that it is steady.</summary>
    public void Suffer()
    {
        lock (gate)
        {
            manner.Suffer();
            Widen(true);
        }
    }

    /// <summary>A line for each letter, for those that are held from their next letter on; or few.</summary>
    private void Widen(bool isWide)
    {
        if (isWide == Widened.IsCompleted)
            return;
        if (isWide)
            widened.SetResult(); // first: whoever is given a line now carries one letter
        else
            widened = New();
        Set(most, isWide ? ManyFor(most) : FewFor(most, processors));
    }

    /// <summary>Lines that carry several take the place of others until they have come back.</summary>
    private int ManyFor(int letters) => letters - held.Sum(line => line.May - 1);

    private int DepthOf(Line line)
    {
        lock (gate)
        {
            // Those that were held before there were few carry one each until they have come back.
            var room = most - held.Sum(other => other.May) + line.May;
            Let(line, Widened.IsCompleted ? 1 : Math.Clamp(Math.Min(most / count, room), 1, Deepest));
            return line.May;
        }
    }

    private void Begin(Line line, int letters)
    {
        lock (gate)
        {
            line.BusySince = time.GetTimestamp();
            Let(line, letters);
        }
    }

    private void Tell(Line line, int letters, TimeSpan waited, TimeSpan worked)
    {
        lock (gate)
        {
            line.BusySince = null;
            Widen(!mayBeFew || !manner.AllowsFew(letters, waited, worked, areFew: !Widened.IsCompleted));
        }
    }

    private void End(Line line)
    {
        lock (gate)
        {
            line.BusySince = null;
            Let(line, 1);
        }
    }

    private void Let(Line line, int letters)
    {
        if (line.May == letters)
            return;
        line.May = letters;
        if (Widened.IsCompleted)
            Set(most, ManyFor(most));
    }

    private TimeProvider Time => time;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Done()
    {
        var done = New();
        done.SetResult();
        return done;
    }

    /// <summary>One more than processors, where each still carries as many as it may: it works while the others wait.</summary>
    private static int FewFor(int letters, int processors) => Math.Min(letters, Math.Clamp(letters / Deepest, processors, processors + 1));

    private void Set(int letters, int lines)
    {
        free += lines - count;
        (most, count) = (letters, lines);
        Grant();
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

    private void Return(Line line)
    {
        lock (gate)
        {
            held.Remove(line);
            free++;
            Let(line, 1);
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
            var line = new Line(this, first.Priority, time.GetTimestamp());
            held.Add(line);
            first.Granted.SetResult(line);
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

        public TaskCompletionSource<Line> Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One line in somebody's hands.</summary>
    internal sealed class Line(Lines lines, Priority priority, long taken) : IDisposable
    {
        private long? answered; // its last letters

        public Priority Priority => priority;

        public long Since => taken;

        /// <summary>Whether another edition is to have it now: then it is given up between two letters.</summary>
        public bool IsWanted => lines.IsWanted(this);

        /// <summary>How many letters may be under way on it now. For who has none under way on it.</summary>
        public int Depth => lines.DepthOf(this);

        /// <summary>How many are, or may come to be.</summary>
        internal int May { get; set; } = 1;

        /// <summary>Since when an answer is waited for.</summary>
        internal long? BusySince { get; set; }

        /// <summary>So many letters are handed over, or the line is opened for the first.</summary>
        public void Begin(int letters) => lines.Begin(this, letters);

        /// <summary>So many letters are answered, after such a wait, that for the opening included; they are under way until they are kept.</summary>
        public void Answered(int letters, TimeSpan wait)
        {
            var now = lines.Time.GetTimestamp();
            var all = lines.Time.GetElapsedTime(answered ?? taken, now);
            lines.Tell(this, letters, wait, all > wait ? all - wait : TimeSpan.Zero);
            answered = now;
        }

        /// <summary>Nothing is under way on it.</summary>
        public void End() => lines.End(this);

        public void Dispose() => lines.Return(this);
    }
}
