using System.Diagnostics;

namespace Newsletter.Mailroom;

/// <summary>Notices that an issue, or what stands around it, was saved: by looking at names, lengths and times of the files, several times a second.</summary>
/// <remarks>
/// No <see cref="FileSystemWatcher"/>: editors save by renaming another file, network and container mounts report nothing, and a watch per folder runs into
/// inotify's limit in a large checkout. A look at 1,000 files costs some milliseconds, and nobody looks while nobody waits.
/// </remarks>
/// <param name="folder">The publication's: its issues, themes, snippets, lists and images are looked at.</param>
/// <param name="path">An issue's file, or a folder of them; it may lie elsewhere, and has its images beside it then.</param>
/// <param name="time">For the pauses.</param>
public sealed class FolderLook(PublicationFolder folder, string path, TimeProvider time)
{
    /// <summary>More are not looked at: they are no publication.</summary>
    private const int MaxFiles = 50_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);

    /// <summary>An editor that empties a file and then writes it needs less.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(40);

    /// <summary>Of the publication's folder: what issues are made of. Not the whole of it: letters, mail and a checkout's other files are no news.</summary>
    private static readonly string[] Parts = ["issues", "themes", "snippets", "data", .. SurroundingFiles.Public.Select(part => part.TrimEnd('/')).Except(["issues", "themes"])];

    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true };
    private static readonly EnumerationOptions Here = new() { IgnoreInaccessible = true };

    /// <summary>A short word for the state of all files: another one where anything was saved, added, renamed or removed.</summary>
    public string Look()
    {
        // The order of a folder's files is the disk's own affair: a sum does not ask for it.
        var sum = 0UL;
        foreach (var file in Files().Take(MaxFiles))
            sum += Fingerprint(file);
        return sum.ToString("x16", provider: null);
    }

    /// <summary>Waits until the files are another state than <paramref name="seen"/> and have settled; returns that state.</summary>
    public async Task<string> ChangedAsync(string seen, CancellationToken ct)
    {
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            var now = Look();
            // In a folder so large that a look takes long, looking must not be all that the machine does.
            var took = Stopwatch.GetElapsedTime(began);
            if (now != seen && await SettledAsync(now, ct) is var settled && settled != seen)
                return settled;
            await Task.Delay(took * 10 > Pause ? took * 10 : Pause, time, ct);
        }
    }

    private async Task<string> SettledAsync(string now, CancellationToken ct)
    {
        for (var look = 0; look < 5; look++)
        {
            await Task.Delay(Settling, time, ct);
            var next = Look();
            if (next == now)
                break;
            now = next;
        }
        return now;
    }

    private IEnumerable<FileInfo> Files()
    {
        var files = Parts.SelectMany(part => In(Path.Combine(folder.Root, part), All)).Append(new(Path.Combine(folder.Root, "images.json")));
        return (path == folder.Issues ? files
            : Directory.Exists(path) ? files.Concat(In(path, Here)).Concat(In(Path.Combine(path, "images"), All))
            : files.Append(new(path)).Concat(In(Path.Combine(Path.GetDirectoryName(path)!, "images"), All)))
            .Where(file => file.Name[0] is not ('.' or '#') && file.Name[^1] != '~'); // editors' own copies
    }

    private static IEnumerable<FileInfo> In(string part, EnumerationOptions how) => Directory.Exists(part) ? new DirectoryInfo(part).EnumerateFiles("*", how) : [];

    private static ulong Fingerprint(FileInfo file)
    {
        try { return Mixed((ulong)file.FullName.GetHashCode(StringComparison.Ordinal), file.Exists ? (ulong)file.Length : 0, (ulong)file.LastWriteTimeUtc.Ticks, (ulong)file.CreationTimeUtc.Ticks); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 1; // it went while we looked
        }
    }

    // FNV-1a over whole words with a last shuffle: equal sums for different files are a matter of chance alone.
    private static ulong Mixed(params ReadOnlySpan<ulong> words)
    {
        var hash = 14695981039346656037UL;
        foreach (var word in words)
            hash = (hash ^ word ^ (word >> 29)) * 0x9E3779B97F4A7C15UL;
        return hash ^ (hash >> 32);
    }
}
