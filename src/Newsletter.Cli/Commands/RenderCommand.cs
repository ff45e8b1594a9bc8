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
        var paths = new Argument<string[]>("PATH") { Description = IssuePaths.Description, Arity = ArgumentArity.OneOrMore };
        var to = new Option<DirectoryInfo>("--out") { Description = "The folder for NAME.html, NAME.txt, NAME.eml and NAME.web.html.", Required = true };
        var command = new Command("render", "Renders issues: mail as HTML, text and complete letter, and the page of the archive.") { paths, to };
        command.SetAction((args, ct) => Door.RunAsync(() => RunAsync(args, args.GetRequiredValue(paths), args.GetRequiredValue(to).FullName, ct)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult args, string[] paths, string to, CancellationToken ct)
    {
        var sample = SampleLetter.Open(Door.Configuration(args), Door.Folder(args));
        var folder = new IssueFolder(Door.Folder(args), sample.Publication);
        var files = IssuePaths.Of(paths, folder);
        if (files.Count == 0)
            return ExitCode.InputHasErrors;
        OutputFiles.MakeFolder("--out", to);
        var hasErrors = false;
        foreach (var path in files)
            hasErrors |= !await RenderAsync(path, to, folder, sample, ct);
        return hasErrors ? ExitCode.InputHasErrors : ExitCode.Done;
    }

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
        OutputFiles.Write("--out", name + ".html", Encoding.UTF8.GetBytes(issue.Html.Write(sample.Values)));
        OutputFiles.Write("--out", name + ".txt", Encoding.UTF8.GetBytes(issue.Text.Write(sample.Values)));
        OutputFiles.Write("--out", name + ".web.html", Encoding.UTF8.GetBytes(issue.WebHtml));
        OutputFiles.Write("--out", name + ".eml", sample.Write(issue).Span);
        Console.Error.WriteLine(Plain.Line($"newsletter: {name}.html .txt .eml .web.html{(issue.HasErrors ? ", written to be looked at: the issue has errors and cannot be sent" : "")}"));
        return !issue.HasErrors;
    }
}
