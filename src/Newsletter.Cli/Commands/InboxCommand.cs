using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Replies;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>newsletter inbox</c> and its verbs: what readers wrote, and what was not recognised; all that the page can do.</summary>
internal static class InboxCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line each.", Recursive = true };
        var command = new Command("inbox", "What readers wrote, and what was not recognised.") { json };
        var query = new InboxOptions(command);
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ListAsync(services, query.Of(args), args.GetValue(json), stop), ct));
        command.Subcommands.Add(InboxShow.Create(json));
        command.Subcommands.Add(Mark("done", "Puts a conversation away; a new reply in it brings it back. Taken back by inbox undo.", (inbox, id, ct) => inbox.MarkAsync(id, "done", ct)));
        command.Subcommands.Add(Mark("undo", "Takes back the last mark of a conversation: done, read, unread.", (inbox, id, ct) => inbox.UnmarkAsync(id, ct)));
        command.Subcommands.Add(Mark("read", "Marks a conversation as read, and brings one that is done back.", (inbox, id, ct) => inbox.MarkAsync(id, "read", ct)));
        command.Subcommands.Add(Mark("unread", "Marks a conversation as unread.", (inbox, id, ct) => inbox.MarkAsync(id, "unread", ct)));
        command.Subcommands.Add(Tag("tag", "Puts a tag on a conversation.", on: true));
        command.Subcommands.Add(Tag("untag", "Takes a tag off a conversation.", on: false));
        command.Subcommands.Add(Issues(json));
        command.Subcommands.Add(InboxAnswer.Create());
        command.Subcommands.Add(InboxAnswer.Again());
        command.Subcommands.Add(InboxUnsubscribe.Create());
        command.Subcommands.Add(InboxFiles.Attachment());
        command.Subcommands.Add(InboxFiles.Raw());
        return command;
    }

    internal static InboxStore Inbox(IServiceProvider services) => services.GetRequiredService<InboxStore>();

    internal static Argument<long> Thread() => new("id") { Description = "The conversation's number." };

    internal static async Task<int> NoneAsync(string what, long id)
    {
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"newsletter: there is no {what} {id}; see newsletter inbox"));
        return ExitCode.InputHasErrors;
    }

    private static Command Mark(string verb, string description, Func<InboxStore, long, CancellationToken, Task<bool>> act)
    {
        var id = Thread();
        var command = new Command(verb, description) { id };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
            await act(Inbox(services), args.GetRequiredValue(id), stop) ? ExitCode.Done : await NoneAsync(verb == "undo" ? "mark to take back in conversation" : "conversation", args.GetRequiredValue(id)), ct));
        return command;
    }

    private static Command Tag(string verb, string description, bool on)
    {
        var (id, tag) = (Thread(), new Argument<string>("tag") { Description = $"Any words; one tag, of at most {ThreadTag.Longest} letters." });
        var command = new Command(verb, description) { id, tag };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => TagAsync(Inbox(services), args.GetRequiredValue(id), args.GetRequiredValue(tag), on, stop), ct));
        return command;
    }

    private static async Task<int> TagAsync(InboxStore inbox, long id, string text, bool on, CancellationToken stop)
    {
        if (await inbox.FindAsync(id, stop) is not { } thread)
            return await NoneAsync("conversation", id);
        if ((on ? ThreadTag.Read(text) : text) is { } tag && await inbox.TagAsync(id, tag, on, stop))
            return ExitCode.Done;
        await Console.Error.WriteLineAsync($"newsletter: {(on ? ThreadTag.Rule : $"conversation {id} has no tag \"{Plain.Line(text)}\"; it has {(thread.Tags.Count == 0 ? "none" : string.Join(", ", thread.Tags.Select(each => $"\"{Plain.Line(each)}\"")))}")}");
        return ExitCode.InputHasErrors;
    }

    private static Command Issues(Option<bool> json)
    {
        var command = new Command("issues", "How many conversations and replies each issue has brought.");
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            foreach (var issue in await Inbox(services).IssuesAsync(stop))
                Console.Out.WriteLine(args.GetValue(json)
                    ? JsonSerializer.Serialize(issue, CliJson.Options)
                    : string.Create(CultureInfo.InvariantCulture, $"{issue.Threads,6} conversations  {issue.Unread,5} unread  {issue.Open,5} open  {issue.Replies,6} mails  {Plain.Line(issue.Issue.Length > 0 ? $"{issue.Issue} ({issue.Title})" : "about no issue that is known")}"));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, InboxQuery query, bool json, CancellationToken stop)
    {
        var local = LocalText.Of(services);
        var threads = await Inbox(services).ListAsync(query, stop);
        if (threads.Count == 0 && !json)
            await Console.Error.WriteLineAsync($"newsletter: no conversation {(query is { State: "all" } ? "fits that" : "is there; those that are done are listed with --state all")}");
        foreach (var thread in threads)
            Console.Out.WriteLine(json
                ? JsonSerializer.Serialize(new
                {
                    thread.Id, thread.State, issue = thread.IssueSlug, subscriber = thread.Subscriber?.Value, thread.Address, thread.Name, thread.Sender, thread.SenderName, thread.Kind, thread.Subject, thread.Last, thread.Count, thread.Answered, thread.Files, thread.Tags,
                    backOn = thread.Absence is { IsReturn: true } back ? back.Day : (DateOnly?)null, awayUntil = thread.Absence is { IsReturn: false } away ? away.Day : (DateOnly?)null,
                }, CliJson.Options)
                : string.Create(CultureInfo.InvariantCulture, $"{thread.Id,5}  {thread.State,-6}  {local.Minute(thread.Last)}  {Plain.Line(thread.Kind),-11}  {Plain.Line(thread.Address)}  {Plain.Line(thread.Subject)}  {Plain.Line(thread.IssueSlug)}{Marks(thread)}"));
        return ExitCode.Done;
    }

    private static string Marks(InboxThread thread) => string.Concat(
        thread.IsOfAnother ? $"  from {Plain.Line(thread.Sender.Length > 0 ? thread.Sender : thread.SenderName)}" : "",
        thread.Absence is { } absence ? string.Create(CultureInfo.InvariantCulture, $"  {(absence.IsReturn ? "back on" : "away until")} {absence.Day:yyyy-MM-dd}") : "",
        thread.Answered > 0 ? "  answered" : "", string.Concat(thread.Tags.Select(tag => $"  [{Plain.Line(tag)}]")));
}
