using System.Security.Cryptography;
using System.Text;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>
/// What relays have said and the ledger does not have yet, of one worker: two files that take turns. What <see cref="Add"/> was given has left the
/// process when it returns, so that it outlives the process; it need not outlive the machine's power.
/// </summary>
internal sealed class ResultJournal : IDisposable
{
    private readonly JournalFile[] files;
    private readonly JournalHead head;
    private long turn;

    /// <summary>Makes the journal of a worker, before its first claim.</summary>
    /// <param name="folder">Made where it is not there, for this user alone: replies hold addresses.</param>
    /// <param name="worker">The name under which it claims.</param>
    /// <param name="ledger">The name of the ledger in which it does.</param>
    public ResultJournal(string folder, string worker, string ledger)
    {
        head = new(turn, worker, ledger);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(worker)))[..16];
        files = [new(Path.Combine(folder, $"{name}.a")), new(Path.Combine(folder, $"{name}.b"))];
        foreach (var file in files)
            file.Begin(head with { Turn = ++turn });
    }

    private JournalFile Active => files[turn % 2];

    /// <summary>Writes an entry. For one caller at a time.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Add(JournalEntry entry) => Active.Add(entry);

    /// <summary>Goes over to the other file, whose entries the ledger has. What was begun and has not ended goes along.</summary>
    public void Turn(IEnumerable<JournalEntry> open)
    {
        var other = files[(turn + 1) % 2];
        other.Begin(head with { Turn = turn + 1 });
        foreach (var entry in open)
            other.Add(entry);
        turn++; // last: where anything fails the journal goes on in the file that it has
    }

    /// <summary>Shows that its worker lives, though it may have nothing to write for weeks.</summary>
    public void ShowLife(DateTimeOffset now)
    {
        foreach (var file in files)
            file.ShowLife(now);
    }

    /// <summary>Closes the files. Where the ledger has everything they are taken away.</summary>
    public void Close(bool isDone)
    {
        Dispose();
        if (isDone)
            foreach (var file in files)
                File.Delete(file.Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files)
            file.Dispose();
    }

    /// <summary>What workers that are gone have left in a folder for a ledger: for each its files and what stands in them, the older entries first.</summary>
    /// <param name="folder">Where they lie.</param>
    /// <param name="ledger">The name of the ledger.</param>
    /// <param name="isGone">Whether a worker is gone; null: <see cref="WorkerName.IsGone"/>.</param>
    public static IReadOnlyList<LeftJournal> LeftIn(string folder, string ledger, Func<string, bool>? isGone = null) => In(folder, ledger, isGone ?? WorkerName.IsGone);

    /// <summary>What some workers have written in a folder so far.</summary>
    public static IReadOnlyList<LeftJournal> Of(IReadOnlyCollection<string> workers, string folder, string ledger) => In(folder, ledger, workers.Contains);

    /// <summary>What workers have written who have shown no life for long, be they gone or not: of other boots and containers nobody can say.</summary>
    public static IReadOnlyList<LeftJournal> SilentIn(string folder, string ledger, DateTimeOffset since) => In(folder, ledger, _ => true, path => File.GetLastWriteTimeUtc(path) < since);

    /// <summary>Who is meant is asked first, once for each, and only then is read what counts: who dies meanwhile has written to the last.</summary>
    private static IReadOnlyList<LeftJournal> In(string folder, string ledger, Func<string, bool> isMeant, Func<string, bool>? isFile = null)
    {
        if (!Directory.Exists(folder))
            return [];
        var paths = Directory.EnumerateFiles(folder).Where(path => isFile is null || isFile(path)).ToList();
        var meant = Read(paths, ledger).Select(file => file.Content.Head.Worker).Distinct().Where(isMeant).ToHashSet();
        if (meant.Count == 0)
            return [];
        return
        [
            .. from file in Read(paths, ledger)
               where meant.Contains(file.Content.Head.Worker)
               group file by file.Content.Head.Worker into left
               select new LeftJournal(left.Key, [.. left.Select(file => file.Path)], [.. left.OrderBy(file => file.Content.Head.Turn).SelectMany(file => file.Content.Entries)]),
        ];
    }

    private static IEnumerable<(string Path, JournalContent Content)> Read(IEnumerable<string> paths, string ledger) =>
        from path in paths
        let content = JournalFile.Read(path)
        where content is { } && content.Head.Ledger == ledger
        select (path, content);
}

/// <summary>The journal of a worker that is gone.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Files">Where it lies.</param>
/// <param name="Entries">What stands in it.</param>
internal sealed record LeftJournal(string Worker, IReadOnlyList<string> Files, IReadOnlyList<JournalEntry> Entries)
{
    /// <summary>What relays have said.</summary>
    public IReadOnlyCollection<AttemptResult> Results => [.. Entries.Select(entry => entry.Result()).OfType<AttemptResult>()];

    /// <summary>Letters whose handing over was begun and has no result.</summary>
    public IEnumerable<JournalEntry> Begun
    {
        get
        {
            var ended = Entries.Where(entry => entry.Outcome is not null).Select(entry => (entry.Edition, entry.Subscriber, entry.Fence)).ToHashSet();
            return Entries.Where(entry => entry.Outcome is null && !ended.Contains((entry.Edition, entry.Subscriber, entry.Fence)));
        }
    }

    /// <summary>Takes the files away; the ledger has all of it.</summary>
    public void Delete()
    {
        foreach (var file in Files)
            File.Delete(file);
    }
}
