using System.CommandLine;
using Newsletter.Issues;
using Newsletter.Linting;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary><c>newsletter lint PATH...</c>: what a careful colleague would say of an issue before it goes out.</summary>
internal static class LintCommand
{
    private const string Words = """
        Looks over issues: front matter, links, references, images, structure, words, and the finished letter.

        One finding a line: file:line:col: severity code message (remedy). Exit code 1 if one is an error;
        send and schedule refuse an issue with errors. Warnings are probably slips, infos are worth knowing.
        To allow a finding write <!-- lint: allow CODE --> behind the line, or alone on the line before it;
        in the front matter, and for what concerns the whole letter: # lint: allow CODE
        All codes, with examples: docs/lint.md.
        """;

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = IssuePaths.Description, Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object a line: file, line, column, severity, code, message, remedy." };
        var online = new Option<bool>("--online") { Description = "Also ask for every link and image on the web, politely, and keep the sizes of images in images.json." };
        var allowPrivate = new Option<bool>("--allow-private") { Description = "With --online: ask hosts of this machine and of private networks as well." };
        var command = new Command("lint", Words) { paths, json, online, allowPrivate };
        command.SetAction((args, ct) => Door.RunAsync(() => RunAsync(args, args.GetRequiredValue(paths), args.GetValue(json), args.GetValue(online), args.GetValue(allowPrivate), ct)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult args, string[] paths, bool json, bool online, bool allowPrivate, CancellationToken ct)
    {
        var publication = SampleLetter.Open(Door.Configuration(args), Door.Folder(args)).Publication;
        var folder = new IssueFolder(Door.Folder(args), publication);
        var (all, told) = (new List<IssueProblem>(), new HashSet<string>(StringComparer.Ordinal));
        var files = IssuePaths.Of(paths, folder);
        if (files.Count == 0)
            return ExitCode.InputHasErrors;
        var seen = online ? await VisitAsync(files, folder, publication, new OnlineLint(Door.Folder(args), publication, new WebVisitOptions { AllowsPrivate = allowPrivate }, TimeProvider.System), ct) : null;
        foreach (var file in files)
        {
            var problems = await CheckAsync(file, folder, publication, seen, ct);
            if (!json) // a script asks issue by issue, a person mends a theme once
                problems = [.. problems.Where(problem => !IsOfTheme(problem) || told.Add(problem.ToString()))];
            all.AddRange(problems);
            if (json)
                Findings.WriteJson(Console.Out, file, problems);
            else
                Findings.Write(Console.Out, file, problems);
        }
        Console.Error.WriteLine($"newsletter: {Count(all, Severity.Error)}, {Count(all, Severity.Warning)}, {Count(all, Severity.Info)} in {(files.Count == 1 ? "one issue" : $"{files.Count} issues")}");
        return all.Exists(problem => problem.Severity == Severity.Error) ? ExitCode.InputHasErrors : ExitCode.Done;
    }

    private static async Task<IReadOnlyList<IssueProblem>> CheckAsync(string file, IssueFolder folder, Publication publication, Func<WebAddress, Visit?>? seen, CancellationToken ct)
    {
        if (!File.Exists(file))
            return [new IssueProblem(0, 0, Severity.Error, "file-missing", "there is no such file", LintCodes.Of("file-missing").Remedy)];

        var problems = (await folder.RenderAsync(file, ct)).Problems;
        return seen is not null && (await IssueFolder.ReadAsync(file, ct)).Issue is { } issue
            ? [.. problems.Concat(Linter.CheckOnline(issue, publication, folder.SurroundingsOf(file), seen)).OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]
            : problems;
    }

    private static async Task<Func<WebAddress, Visit?>> VisitAsync(IEnumerable<string> files, IssueFolder folder, Publication publication, OnlineLint web, CancellationToken ct)
    {
        var addresses = new List<WebAddress>();
        foreach (var file in files.Where(File.Exists))
            if ((await IssueFolder.ReadAsync(file, ct)).Issue is { } issue)
                addresses.AddRange(Linter.WebAddresses(issue, publication, folder.SurroundingsOf(file)));

        var (total, done) = (addresses.Select(WebVisits.KeyOf).Distinct().Count(), 0);
        var bar = new ProgressLine(Console.Error, total);
        try
        {
            return await web.VisitAsync(addresses, address =>
            {
                lock (bar)
                    bar.Show(++done, Plain.Line($"{done}/{total} {address.Host}"));
            }, ct);
        }
        finally
        {
            bar.End();
            if (web.Trouble.Length > 0)
                Console.Error.WriteLine($"newsletter: {web.Trouble}");
        }
    }

    private static bool IsOfTheme(IssueProblem problem) => problem.Line == 0 && problem.Code.StartsWith("theme-", StringComparison.Ordinal);

    private static string Count(List<IssueProblem> problems, Severity severity)
    {
        var count = problems.Count(problem => problem.Severity == severity);
        return $"{count} {severity.ToString().ToLowerInvariant()}{(count == 1 ? "" : "s")}";
    }
}
