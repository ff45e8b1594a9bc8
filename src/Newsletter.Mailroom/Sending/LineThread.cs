namespace Newsletter.Mailroom;

/// <summary>A thread of its own for the loop of one connection: it may wait for the relay inside the kernel, and whatever it awaits comes back to it.</summary>
/// <remarks>
/// A wait on the thread pool costs two hand-overs, from the kernel to the thread that listens for all sockets and from there to one of the pool: twice what it costs to send a letter.
/// </remarks>
internal sealed class LineThread : SynchronizationContext
{
    private const int Stack = 512 * 1024;

    private readonly Queue<(SendOrPostCallback Work, object? State)> waiting = [];
    private bool isOver;

    private LineThread()
    {
    }

    /// <summary>Runs it to its end on a line's thread: on this one where it is one, else on a new one.</summary>
    /// <exception cref="IOException">The machine gives no thread more.</exception>
    public static Task<T> RunAsync<T>(Func<Task<T>> body)
    {
        if (Current is LineThread)
            return body();
        var done = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            new Thread(() => done.SetResult(new LineThread().Run(async () => await body())), Stack) { IsBackground = true, Name = "line" }.Start();
        }
        catch (OutOfMemoryException e)
        {
            throw new IOException("this machine gives no more threads, and each connection needs one: lower Connections in Relays, or raise the limit (TasksMax of systemd, pids of a container)", e);
        }
        return done.Task.Unwrap();
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(Func<Task> body) => RunAsync(async () =>
    {
        await body();
        return true;
    });

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (waiting)
            if (!isOver)
            {
                waiting.Enqueue((d, state));
                Monitor.Pulse(waiting);
                return;
            }
        base.Post(d, state); // the thread has gone: whatever comes late goes to the pool
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("a line's thread may be waiting for its relay: post to it");

    private Task<T> Run<T>(Func<Task<T>> body)
    {
        SetSynchronizationContext(this);
        var task = body();
        task.ContinueWith(_ => Post(_ => isOver = true, null), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        while (Next() is { } next)
            next.Work(next.State);
        return task;
    }

    private (SendOrPostCallback Work, object? State)? Next()
    {
        lock (waiting)
        {
            while (waiting.Count == 0 && !isOver)
                Monitor.Wait(waiting);
            return waiting.TryDequeue(out var next) ? next : null;
        }
    }
}
