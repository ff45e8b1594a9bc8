namespace Newsletter.Mailroom;

/// <summary>A stay at a Maildir: the kernel tells of mail that is moved to <c>new</c>; where it does not (a share, no watch left), and for <c>cur</c>, one looks now and then.</summary>
internal sealed class MaildirVisit : IMailboxVisit
{
    private readonly Maildir maildir;
    private readonly TimeSpan poll;
    private readonly SemaphoreSlim arrived = new(0, 1);
    private readonly FileSystemWatcher? watcher;

    public MaildirVisit(Maildir maildir, TimeSpan poll)
    {
        (this.maildir, this.poll) = (maildir, poll);
        watcher = Watch(Path.Combine(maildir.Name, "new"));
    }

    /// <inheritdoc/>
    public Task ReceiveAsync(Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop) => maildir.ReadAsync(take, stop);

    /// <inheritdoc/>
    public async Task WaitAsync(CancellationToken stop) => await arrived.WaitAsync(poll, stop);

    public ValueTask DisposeAsync()
    {
        watcher?.Dispose();
        arrived.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null where the system gives no watch: there are limits to how many a user may have.</summary>
    private FileSystemWatcher? Watch(string folder)
    {
        try
        {
            var watch = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName };
            watch.Created += (_, _) => Ring();
            watch.Renamed += (_, _) => Ring();
            watch.Error += (_, _) => Ring(); // more came than the kernel kept count of
            watch.EnableRaisingEvents = true;
            return watch;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Rung while a mail is handled, it is heard afterwards: nothing that comes meanwhile is missed.</summary>
    private void Ring()
    {
        try { arrived.Release(); }
        catch (SemaphoreFullException) { /* rung already */ }
        catch (ObjectDisposedException) { /* the stay is over */ }
    }
}
