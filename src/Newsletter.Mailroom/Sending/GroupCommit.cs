using System.Data.Common;
using System.Runtime.ExceptionServices;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>
/// Records the results of all connections of a worker. Each is written to the journal at once, which a kill cannot undo; the ledger gets what has
/// gathered, in one commit after the other. A connection waits only where the ledger is a whole group behind.
/// </summary>
/// <remarks>So a kill leaves open only the letters in hand, and a machine that loses its power at most <see cref="Window"/> results a worker.</remarks>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MostInGroup = 1000;

    /// <summary>How many results the ledger may be behind.</summary>
    public const int Window = 2 * MostInGroup;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly Func<IReadOnlyCollection<AttemptResult>, Task> record;
    private readonly ResultJournal journal;
    private readonly Lock gate = new();
    private readonly Dictionary<(DeliveryId, long), JournalEntry> begun = [];
    private readonly SemaphoreSlim committing = new(1);
    private List<AttemptResult> gathered = [];
    private IReadOnlyList<AttemptResult> group = [];
    private TaskCompletionSource full = New();
    private TaskCompletionSource taken = New();
    private Exception? fault;
    private bool isRunning;

    public GroupCommit(ResultJournal journal, Func<IReadOnlyCollection<AttemptResult>, Task> record) => (this.journal, this.record) = (journal, record);

    /// <summary>Writes down that a letter is about to be handed over: after a kill it alone is in doubt.</summary>
    public void Begin(Claim claim)
    {
        lock (gate)
        {
            var entry = JournalEntry.Begun(claim);
            begun[(claim.Id, claim.Fence)] = entry;
            journal.Add(entry);
        }
    }

    /// <summary>Done when the results outlive this process; they are on their way to the ledger then. Fails where the ledger, or the journal, cannot be written any more; the results are kept.</summary>
    public async ValueTask RecordAsync(IReadOnlyList<AttemptResult> results)
    {
        var (room, unwritten) = (default(Task), default(IOException));
        foreach (var result in results)
            try
            {
                room = Keep(result) ?? room;
            }
            catch (IOException e) // those that follow are kept all the same
            {
                unwritten ??= e;
            }
        if (unwritten is not null)
            ExceptionDispatchInfo.Throw(unwritten);
        if (room is not null)
            await room;
        if (fault is { } broken)
            ExceptionDispatchInfo.Throw(broken);
    }

    /// <summary>Done when the ledger has every result that was recorded before; tries again what failed. For what comes meanwhile, of other editions, nobody waits.</summary>
    public async Task FlushAsync()
    {
        if (await CommitAsync()) // perhaps a group that failed before
            await CommitAsync();
        lock (gate)
        {
            fault = null;
            if (gathered.Count > 0)
                KeepRunning();
        }
    }

    /// <summary>Shows that this worker lives: journals that are silent for long are taken away.</summary>
    public void ShowLife(DateTimeOffset now) => journal.ShowLife(now);

    /// <summary>Set where the process ends with letters on the wire: the journal stays then, and by it the next worker knows that this one is gone.</summary>
    public bool IsLeft { get; set; }

    /// <summary>Brings the ledger up and closes the journal; where that fails it stays, for the next worker.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            while (await CommitAsync())
            {
            }
            journal.Close(isDone: !IsLeft);
        }
        catch (DbException)
        {
            journal.Close(isDone: false);
        }
    }

    /// <summary>Keeps the result, and gives what to wait for where the ledger is behind.</summary>
    private Task? Keep(AttemptResult result)
    {
        lock (gate)
        {
            begun.Remove((result.Claim.Id, result.Claim.Fence));
            gathered.Add(result); // first: where the journal fails, the ledger may still get it
            journal.Add(JournalEntry.Of(result));
            KeepRunning();
            if (gathered.Count < MostInGroup)
                return null;
            full.TrySetResult();
            return taken.Task;
        }
    }

    private void KeepRunning()
    {
        if (isRunning || fault is not null)
            return;
        isRunning = true;
        _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        try
        {
            do
            {
                await Task.WhenAny(full.Task, Task.Delay(Gathering)); // a full group need not wait, a thin one has a moment to grow
                await CommitAsync();
            }
            while (!IsIdle());
        }
        catch (Exception e) // whoever records next learns it and stops; the results are kept
        {
            lock (gate)
                (fault, isRunning) = (e, false);
            taken.TrySetResult();
        }
    }

    private bool IsIdle()
    {
        lock (gate)
            return !(isRunning = gathered.Count > 0);
    }

    /// <summary>Commits what has gathered, after what could not be committed before. False where there was nothing.</summary>
    private async Task<bool> CommitAsync()
    {
        await committing.WaitAsync();
        try
        {
            if (group.Count == 0)
                lock (gate)
                {
                    if (gathered.Count == 0)
                        return false;
                    TurnTheJournal();
                    (group, gathered) = (gathered, new(MostInGroup));
                    taken.TrySetResult();
                    (full, taken) = (New(), New());
                }
            await record(group);
            group = [];
            return true;
        }
        finally
        {
            committing.Release();
        }
    }

    /// <summary>Where it cannot, entries stay where they are: the ledger gets its results all the same, and a second time they change nothing.</summary>
    private void TurnTheJournal()
    {
        try
        {
            journal.Turn(begun.Values);
        }
        catch (IOException)
        {
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
