using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Linting;

namespace Newsletter.Mailroom;

/// <summary>The folder of issues, and the themes beside it. Read anew each time: the files are the truth, and an editor may be writing.</summary>
public sealed class IssueFolder(PublicationFolder folder, Publication publication)
{
    /// <summary>The issues' files by number, then by name; files whose name has no number come last.</summary>
    public IReadOnlyList<string> Files() =>
        !Directory.Exists(folder.Issues)
            ? []
            : [.. Directory.EnumerateFiles(folder.Issues, "*.md").OrderBy(path => IssueFile.NumberOf(path) ?? int.MaxValue).ThenBy(path => path, StringComparer.Ordinal)];

    /// <summary>The file that a person means by a path, a file's name, a number (<c>149</c>, <c>0149</c>, <c>#149</c>) or a slug; null where there is none.</summary>
    public string? Find(string wanted)
    {
        if (wanted.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
            return Array.Find([folder.Resolve(wanted), Path.GetFullPath(wanted), Path.Combine(folder.Issues, Path.GetFileName(wanted))], File.Exists);

        var files = Files();
        return int.TryParse(wanted.TrimStart('#'), out var number) && files.FirstOrDefault(path => IssueFile.NumberOf(path) == number) is { } byNumber
            ? byNumber
            : files.FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == wanted || Path.GetFileNameWithoutExtension(path).EndsWith($"-{wanted}", StringComparison.Ordinal));
    }

    /// <summary>The folder that a person means, where they stand or in the publication's; null where there is none.</summary>
    public string? FindFolder(string wanted) => Array.Find([Path.GetFullPath(wanted), folder.Resolve(wanted)], Directory.Exists);

    /// <summary>Reads one file; one too long to be an issue is refused by its length, unread.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IssueReading> ReadAsync(string path, CancellationToken ct)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        if (file.CanSeek && file.Length > IssueFile.MaxBytes)
            return new(null, [IssueFile.TooLong(file.Length)]);

        // A pipe has no length, and a file may grow: never more than one octet beyond the bound.
        var bytes = new byte[IssueFile.MaxBytes + 1];
        var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return IssueFile.Read(path, bytes.AsMemory(0, length));
    }

    /// <summary>The same for the issues around one, which are read while it is rendered.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static IssueReading Read(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan });
        if (file.CanSeek && file.Length > IssueFile.MaxBytes)
            return new(null, [IssueFile.TooLong(file.Length)]);
        var bytes = new byte[(file.CanSeek && file.Length > 0 ? file.Length : IssueFile.MaxBytes) + 1];
        return IssueFile.Read(path, bytes.AsMemory(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    /// <summary>What stands around an issue: the publication's other issues, its snippets, lists and images.</summary>
    /// <param name="path">The issue's file.</param>
    public Surroundings SurroundingsOf(string path) => new SurroundingFiles(folder, publication, Files).Of(path);

    /// <summary>Reads, renders and lints one file. Null where the file can be no issue; with an error among the problems it must not be sent.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<(RenderedIssue? Issue, IReadOnlyList<IssueProblem> Problems)> RenderAsync(string path, CancellationToken ct) => Render(path, await ReadAsync(path, ct), []);

    /// <summary>The same for an issue that is to go out: what bars it from that (a draft, a segment that is not there) is an error as well.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<(RenderedIssue? Issue, IReadOnlyList<IssueProblem> Problems)> RenderToSendAsync(string path, CancellationToken ct)
    {
        var reading = await ReadAsync(path, ct);
        return Render(path, reading, reading.Issue?.BarsToSending() ?? []);
    }

    /// <summary>The next issue for the weekly slot: the first by number whose status is ready and that was not taken yet; null, with the reason, where there is none.</summary>
    /// <param name="taken">Slugs of the issues that have an edition already.</param>
    /// <param name="ct">Stops between two files.</param>
    public async Task<(RenderedIssue? Issue, string Words)> NextReadyAsync(IReadOnlySet<string> taken, CancellationToken ct)
    {
        foreach (var path in Files().Where(path => IssueFile.NumberOf(path) is not null))
        {
            var reading = await ReadAsync(path, ct);
            if (reading.Issue is not { Status: IssueStatus.Ready } issue || taken.Contains(issue.Slug))
                continue;

            // An issue that says it is ready and is not stops the slot: sending the one behind it instead would be a surprise.
            var (rendered, problems) = await RenderToSendAsync(path, ct);
            return problems.FirstOrDefault(problem => problem.Severity == Severity.Error) is { } error
                ? (null, $"{Path.GetFileName(path)}:{error.Line}:{error.Column}: {error.Message}; it is the next issue that is ready and was not taken")
                : (rendered, $"{Path.GetFileName(path)} is ready");
        }
        return (null, $"no issue in {folder.Issues} says `status: ready` and was not taken before");
    }

    private (RenderedIssue? Issue, IReadOnlyList<IssueProblem> Problems) Render(string path, IssueReading reading, IEnumerable<IssueProblem> bars)
    {
        if (reading.Issue is not { } issue)
            return (null, reading.Problems);

        var (theme, missing) = Theme(issue);
        var surroundings = SurroundingsOf(path);
        var rendered = Renderer.Render(issue, publication, theme, surroundings);
        rendered = rendered with { Problems = [.. reading.Problems, .. bars, .. missing, .. rendered.Problems.Select(problem => InItsFolder(issue, problem))] };
        var problems = Linter.Check(issue, rendered, publication, theme, surroundings);
        return (rendered with { Problems = problems }, problems);
    }

    /// <summary>What is wrong in a theme's file names the file from the publication's folder on.</summary>
    private IssueProblem InItsFolder(Issue issue, IssueProblem problem) =>
        problem.Line == 0 && Composing.Theme.FileNames.Any(file => problem.Message.StartsWith(file + ":", StringComparison.Ordinal)) && Directory.Exists(Path.Combine(folder.Themes, issue.Theme))
            ? problem with { Message = $"themes/{issue.Theme}/{problem.Message}" }
            : problem;

    /// <summary>The issue's theme: a folder below <c>themes/</c>; the one that comes with the program where there is none, with a problem if another was asked for.</summary>
    private (Theme Theme, IEnumerable<IssueProblem> Problems) Theme(Issue issue)
    {
        var themes = new SafeFolder(folder.Themes); // a theme from elsewhere may hold links that lead out of it
        var path = Path.Combine(folder.Themes, issue.Theme); // a name of letters, digits and hyphens: IssueFile refuses any other
        if (Directory.Exists(path))
            return (Composing.Theme.Of(issue.Theme, file => themes.Find($"{issue.Theme}/{file}") is { } found ? File.ReadAllText(found) : null), []);
        if (Composing.Theme.Find(issue.Theme) is { } shipped)
            return (shipped, []);

        var at = issue.FrontMatter["theme"];
        return (Composing.Theme.Default, [new(at?.Line ?? 1, at?.Column ?? 1, Severity.Error, "theme-missing", $"there is no theme {issue.Theme} in {folder.Themes}", $"name a folder below themes/, or {string.Join(" or ", Composing.Theme.Names)}, or leave the key out")]);
    }
}
