using System.CommandLine;
using System.Text;
using Newsletter.Issues;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary><c>newsletter render PATH... --out DIR</c>: for each issue the mail's HTML and text, a complete letter to a sample subscriber, and the page of the archive.</summary>
internal static class RenderCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files of issues (NAME.md), or folders of them.", Arity = ArgumentArity.OneOrMore };
        var to = new Option<DirectoryInfo>("--out") { Description = "The folder for NAME.html, NAME.txt, NAME.eml and NAME.web.html.", Required = true };
        var command = new Command("render", "Renders issues: mail as HTML, text and complete letter, and the page of the archive.") { paths, to };
        command.SetAction((args, ct) => Door.RunAsync(() => RunAsync(args, args.GetRequiredValue(paths), args.GetRequiredValue(to).FullName, ct)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult args, string[] paths, string to, CancellationToken ct)
    {
        var sample = SampleLetter.Open(Door.Configuration(args), Door.Folder(args));
        var folder = new IssueFolder(Door.Folder(args), sample.Publication);
        MakeFolder(to);
        var hasErrors = false;
        foreach (var path in paths.SelectMany(Files))
            hasErrors |= !await RenderAsync(path, to, folder, sample, ct);
        return hasErrors ? ExitCode.InputHasErrors : ExitCode.Done;
    }

    internal static IEnumerable<string> Files(string path) =>
        Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.md").Where(file => !Path.GetFileName(file).Equals("README.md", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            : [path];

    private static async Task<bool> RenderAsync(string path, string to, IssueFolder folder, SampleLetter sample, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"{path}:0:0: error file-missing there is no such file (check the path)");
            return false;
        }

        var (issue, problems) = await folder.RenderAsync(path, ct);
        Findings.Write(Console.Error, path, problems.Where(problem => problem.Severity > Severity.Info));
        if (issue is null)
            return false;

        var name = Path.Combine(to, Path.GetFileNameWithoutExtension(path));
        Write(name + ".html", Encoding.UTF8.GetBytes(issue.Html.Write(sample.Values)));
        Write(name + ".txt", Encoding.UTF8.GetBytes(issue.Text.Write(sample.Values)));
        Write(name + ".web.html", Encoding.UTF8.GetBytes(issue.WebHtml));
        Write(name + ".eml", sample.Write(issue).Span);
        return !issue.HasErrors;
    }

    private static void MakeFolder(string path)
    {
        try { Directory.CreateDirectory(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--out {path}: the folder cannot be made ({e.Message}); name another", e);
        }
    }

    // Written aside and renamed: who reads the folder meanwhile, or after a full disk, never finds half a file.
    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new IOException($"{path}: cannot be written: {e.Message}; make room on that disk, or name another folder with --out", e);
        }
    }
}
