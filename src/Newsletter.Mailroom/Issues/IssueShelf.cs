using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Newsletter.Issues;

namespace Newsletter.Mailroom;

/// <summary>The issues of a folder by number. A file is read when its number is asked for, and again only when its time or length has changed.</summary>
/// <remarks>Of a folder with 200 issues one that refers to two others reads two.</remarks>
internal sealed class IssueShelf : IReadOnlyDictionary<int, IssueEntry>
{
    private static readonly ConcurrentDictionary<string, (DateTime Written, long Length, IssueEntry? Entry)> Read = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyList<string>> _all;
    private readonly Lazy<Dictionary<int, string>> _files;
    private readonly Lazy<Dictionary<int, IssueEntry>> _unnamed;

    /// <param name="files">The folder's issues.</param>
    public IssueShelf(Func<IReadOnlyList<string>> files)
    {
        _all = new(files);
        _files = new(() => Numbered(_all.Value));
        _unnamed = new(() => Unnamed(_all.Value));
    }

    public int Count => Keys.Count();

    public IEnumerable<int> Keys => _files.Value.Keys.Concat(_unnamed.Value.Keys.Except(_files.Value.Keys)).Where(ContainsKey);

    public IEnumerable<IssueEntry> Values => Keys.Select(number => this[number]);

    public IssueEntry this[int key] => TryGetValue(key, out var entry) ? entry : throw new KeyNotFoundException();

    public bool ContainsKey(int key) => TryGetValue(key, out _);

    public bool TryGetValue(int key, [MaybeNullWhen(false)] out IssueEntry value)
    {
        value = _files.Value.TryGetValue(key, out var path) ? EntryOf(path) : _unnamed.Value.GetValueOrDefault(key);
        return value is not null;
    }

    /// <summary>Each file that is an issue with a number, two of one number as well.</summary>
    public IReadOnlyList<IssueEntry> All() => [.. _all.Value.Select(EntryOf).OfType<IssueEntry>()];

    public IEnumerator<KeyValuePair<int, IssueEntry>> GetEnumerator() => Keys.Select(number => KeyValuePair.Create(number, this[number])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Dictionary<int, string> Numbered(IReadOnlyList<string> files)
    {
        var numbered = new Dictionary<int, string>();
        foreach (var path in files)
            if (IssueFile.NumberOf(path) is { } number)
                numbered.TryAdd(number, path);
        return numbered;
    }

    // Their number stands in the front matter, so all of them are read.
    private static Dictionary<int, IssueEntry> Unnamed(IReadOnlyList<string> files)
    {
        var entries = new Dictionary<int, IssueEntry>();
        foreach (var path in files)
            if (IssueFile.NumberOf(path) is null && EntryOf(path) is { } entry)
                entries.TryAdd(entry.Number, entry);
        return entries;
    }

    private static IssueEntry? EntryOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (Read.TryGetValue(path, out var known) && known.Written == file.LastWriteTimeUtc && known.Length == file.Length)
                return known.Entry;
            var entry = IssueFolder.Read(path).Issue is { } issue && IssueEntry.Of(issue) is { } of
                ? of with { Body = () => BodyOf(path) }
                : null;
            Read[path] = (file.LastWriteTimeUtc, file.Length, entry);
            return entry;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // an issue that cannot be read is none that others can refer to
        }
    }

    /// <summary>Read anew when it is asked for: what is kept of an issue is its front matter alone.</summary>
    private static string? BodyOf(string path)
    {
        try
        {
            return IssueFolder.Read(path).Issue?.Body;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // gone since
        }
    }
}
