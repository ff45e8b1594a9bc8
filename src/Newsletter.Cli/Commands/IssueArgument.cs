using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary>The issue that a command is about, by number, name or path.</summary>
internal static class IssueArgument
{
    public static Argument<string> Create() => new("issue") { Description = "The issue: its number, its name, or the path of its file." };

    /// <summary>The rendered issue; null where it has errors, which have been listed on stderr then.</summary>
    public static async Task<RenderedIssue?> RenderAsync(IServiceProvider services, string wanted, CancellationToken ct)
    {
        if (Find(services, wanted) is not { } path)
            return null;
        var (issue, problems) = await services.GetRequiredService<IssueFolder>().RenderToSendAsync(path, ct);
        return Tell(path, problems) ? null : issue;
    }

    /// <summary>The rendered issue, and the edition in which it went out or is under way. What is wrong with an issue that was begun is said of nothing any more: it was frozen. Null where it has errors.</summary>
    public static async Task<(RenderedIssue? Issue, Edition? Before)?> RenderUnsentAsync(IServiceProvider services, string wanted, CancellationToken ct)
    {
        if (Find(services, wanted) is not { } path)
            return null;
        var (issue, problems) = await services.GetRequiredService<IssueFolder>().RenderToSendAsync(path, ct);
        if (issue is not null && await services.GetRequiredService<EditionStore>().OfIssueAsync(issue.Slug, services.GetRequiredService<SendingOptions>().Sandbox, ct) is { } before)
            return (issue, before);
        return Tell(path, problems) ? null : (issue, null);
    }

    /// <summary>The issue's file; null where there is none, which has been said on stderr then.</summary>
    public static string? Find(IServiceProvider services, string wanted)
    {
        var path = services.GetRequiredService<IssueFolder>().Find(wanted);
        if (path is null)
            Console.Error.WriteLine($"newsletter: there is no issue {wanted} in {services.GetRequiredService<PublicationFolder>().Issues}; name it by number (149), name (some-slug) or path (issues/0149.md)");
        return path;
    }

    /// <summary>Lists what was found; true where there is an error.</summary>
    public static bool Tell(string path, IReadOnlyList<IssueProblem> problems)
    {
        Findings.Write(Console.Error, Path.GetRelativePath(Environment.CurrentDirectory, path), problems.Where(problem => problem.Severity > Severity.Info));
        return problems.Any(problem => problem.Severity == Severity.Error);
    }
}
