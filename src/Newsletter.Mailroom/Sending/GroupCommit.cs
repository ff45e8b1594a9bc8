using System.Threading.Channels;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>
/// Records the results of all connections: what has gathered is committed in one transaction, again and again. A connection waits for one commit
/// before its next letter, so that no more letters than are in flight can ever be sent and not recorded.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private readonly Channel<(AttemptResult Result, TaskCompletionSource Committed)> queue = Channel.CreateUnbounded<(AttemptResult, TaskCompletionSource)>(new() { SingleReader = true });
    private readonly Func<IReadOnlyCollection<AttemptResult>, Task> record;
    private readonly Task loop;

    public GroupCommit(Func<IReadOnlyCollection<AttemptResult>, Task> record)
    {
        this.record = record;
        loop = Task.Run(CommitAsync);
    }

    /// <summary>Done when the result is on disk; fails when it could not be written.</summary>
    public Task RecordAsync(AttemptResult result)
    {
        var committed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return queue.Writer.TryWrite((result, committed)) ? committed.Task : throw new ObjectDisposedException(nameof(GroupCommit));
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    private async Task CommitAsync()
    {
        var group = new List<(AttemptResult Result, TaskCompletionSource Committed)>();
        while (await queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (queue.Reader.TryRead(out var item))
                group.Add(item);
            try
            {
                await record(group.ConvertAll(item => item.Result));
                group.ForEach(item => item.Committed.SetResult());
            }
            catch (Exception e) // each connection learns it and stops; the run fails with it
            {
                group.ForEach(item => item.Committed.SetException(e));
            }
        }
    }
}
