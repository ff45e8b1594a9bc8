using System.Collections.Concurrent;
using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>An issue as the desk shows it.</summary>
public sealed record Shown
{
    /// <summary>The file's name without its ending: its name in our addresses.</summary>
    public required string Name { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The letter; of an earlier time where the file as it is now makes none. Null where it never made one.</summary>
    public RenderedIssue? Letter { get; init; }

    /// <summary>Since when the file makes no letter, so that <see cref="Letter"/> is an old one; null where it is the file's own.</summary>
    public DateTimeOffset? StaleSince { get; init; }

    /// <summary>All that was found, in the order of lines.</summary>
    public IReadOnlyList<IssueProblem> Problems { get; init; } = [];

    /// <summary>The file's text as it is now, in lines.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <summary>An issue in the list.</summary>
public sealed record Listed(string Name, string FileName, int? Number, string Title, DateOnly? Date, IssueStatus Status);

/// <summary>Reads and renders what is asked for. The last good letter of each file is kept, for the moments in which an editor has half written it.</summary>
internal sealed class PreviewDesk(PreviewSetup setup, FolderLook look, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (string State, Shown Shown)> shown = new(StringComparer.Ordinal);
    private readonly IssueFolder folder = new(setup.Folder, setup.Publication);
    private ListAt? list; // one object, so that requests side by side never see half of it

    /// <summary>The files that may be shown, the newest issue first, then those without a number.</summary>
    public IReadOnlyList<string> Files() =>
        Directory.Exists(setup.Path)
            ? [.. Directory.EnumerateFiles(setup.Path, "*.md").OrderByDescending(path => IssueFile.NumberOf(path) ?? -1).ThenBy(path => path, StringComparer.Ordinal)]
            : [setup.Path];

    /// <summary>All issues, as their front matter names them.</summary>
    public async Task<IReadOnlyList<Listed>> ListAsync(CancellationToken ct)
    {
        var state = look.Look();
        if (list is { } known && known.State == state)
            return known.List;
        var issues = new List<Listed>();
        foreach (var path in Files())
            issues.Add(await ListedAsync(path, ct));
        list = new(state, issues);
        return issues;
    }

    /// <summary>An issue as it is now; null for a name that is none.</summary>
    public async Task<Shown?> ShowAsync(string name, CancellationToken ct)
    {
        // A file that is gone for a moment, between an editor's deleting and renaming, is still one that may be shown.
        var path = Files().FirstOrDefault(path => NameOf(path) == name) ?? shown.Values.FirstOrDefault(known => known.Shown.Name == name).Shown?.Path;
        if (path is null)
            return null;
        var state = look.Look();
        var before = shown.GetValueOrDefault(path);
        if (before.Shown is not null && before.State == state)
            return before.Shown;
        var now = await RenderAsync(path, before.Shown, ct);
        shown[path] = (state, now);
        return now;
    }

    private async Task<Shown> RenderAsync(string path, Shown? before, CancellationToken ct)
    {
        try
        {
            var lines = await LinesAsync(path, ct);
            var (letter, problems) = await folder.RenderAsync(path, ct);
            return letter is not null
                ? new Shown { Name = NameOf(path), Path = path, Letter = letter, Problems = problems, Lines = lines }
                : Old(path, before) with { Problems = problems, Lines = lines };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Old(path, before) with
            {
                Problems = [new(0, 0, Severity.Error, "file-unreadable", $"the file cannot be read: {e.Message}", "save it again, or see that it is there and may be read")],
                Lines = before?.Lines ?? [],
            };
        }
    }

    private sealed record ListAt(string State, IReadOnlyList<Listed> List);

    private Shown Old(string path, Shown? before) =>
        new() { Name = NameOf(path), Path = path, Letter = before?.Letter, StaleSince = before?.StaleSince ?? time.GetUtcNow() };

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static async Task<Listed> ListedAsync(string path, CancellationToken ct)
    {
        try
        {
            var issue = (await IssueFolder.ReadAsync(path, ct)).Issue;
            return new(NameOf(path), Path.GetFileName(path), issue?.Number ?? IssueFile.NumberOf(path), issue?.Title ?? "", issue?.Date, issue?.Status ?? IssueStatus.Unsaid);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(NameOf(path), Path.GetFileName(path), IssueFile.NumberOf(path), "", null, IssueStatus.Unsaid);
        }
    }

    private static async Task<string[]> LinesAsync(string path, CancellationToken ct)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var bytes = new byte[Math.Min(IssueFile.MaxBytes, file.CanSeek ? file.Length : IssueFile.MaxBytes)];
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return Encoding.UTF8.GetString(bytes, 0, length).TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
