using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary>The issue that a command is about, by number, name or path.</summary>
internal static class IssueArgument
{
    public static Argument<string> Create() => new("issue") { Description = "The issue: its number, its name, or the path of its file." };

    /// <summary>The rendered issue; null where it has errors, which have been listed on stderr then.</summary>
    public static async Task<RenderedIssue?> RenderAsync(IServiceProvider services, string wanted, CancellationToken ct)
    {
        var folder = services.GetRequiredService<IssueFolder>();
        if (folder.Find(wanted) is not { } path)
        {
            Console.Error.WriteLine($"newsletter: there is no issue {wanted} in {services.GetRequiredService<PublicationFolder>().Issues}; name it by number (149), name (some-slug) or path (issues/0149.md)");
            return null;
        }

        var (issue, problems) = await folder.RenderToSendAsync(path, ct);
        Findings.Write(Console.Error, Path.GetRelativePath(Environment.CurrentDirectory, path), problems.Where(problem => problem.Severity > Severity.Info));
        return problems.Any(problem => problem.Severity == Severity.Error) ? null : issue;
    }
}
