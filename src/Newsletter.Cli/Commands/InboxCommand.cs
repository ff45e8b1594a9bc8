using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>newsletter inbox</c>, <c>inbox show ID</c>, <c>inbox done ID</c>, <c>inbox raw MAIL</c>: what readers wrote, and what was not recognised.</summary>
internal static class InboxCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line each.", Recursive = true };
        var state = new Option<string?>("--state") { Description = "unread, read or done (default: all that are not done)." };
        state.AcceptOnlyFromAmong("unread", "read", "done");
        var count = new Option<int>("--count") { Description = "At most so many, the newest first.", DefaultValueFactory = _ => 50 };
        var command = new Command("inbox", "What readers wrote, and what was not recognised.") { json, state, count };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ListAsync(Inbox(services), args.GetValue(state), args.GetValue(count), args.GetValue(json), stop), ct));
        command.Subcommands.Add(Show(json));
        command.Subcommands.Add(Done());
        command.Subcommands.Add(Raw());
        return command;
    }

    private static Command Show(Option<bool> json)
    {
        var id = new Argument<long>("id") { Description = "The conversation's number." };
        var command = new Command("show", "Shows a conversation and marks it read.") { id };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ShowAsync(Inbox(services), args.GetRequiredValue(id), args.GetValue(json), stop), ct));
        return command;
    }

    private static Command Done()
    {
        var id = new Argument<long>("id") { Description = "The conversation's number." };
        var command = new Command("done", "Puts a conversation away; a new reply in it brings it back.") { id };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
            await Inbox(services).MarkAsync(args.GetRequiredValue(id), "done", stop) ? ExitCode.Done : await NoneAsync("conversation", args.GetRequiredValue(id)), ct));
        return command;
    }

    private static Command Raw()
    {
        var id = new Argument<long>("mail") { Description = "The mail's number, as receive and inbox show tell it." };
        var command = new Command("raw", "Writes a mail as it came to standard output.") { id };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await services.GetRequiredService<ReturnedMailStore>().RawAsync(args.GetRequiredValue(id), stop) is not { } raw)
                return await NoneAsync("mail", args.GetRequiredValue(id));
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(raw, stop);
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static InboxStore Inbox(IServiceProvider services) => services.GetRequiredService<InboxStore>();

    private static async Task<int> ListAsync(InboxStore inbox, string? state, int count, bool json, CancellationToken stop)
    {
        foreach (var thread in await inbox.ListAsync(state, count, stop))
            Console.Out.WriteLine(json
                ? JsonSerializer.Serialize(new { thread.Id, thread.State, issue = thread.IssueSlug, subscriber = thread.Subscriber?.Value, thread.Address, thread.Kind, thread.Subject, thread.Last, thread.Count }, Json)
                : string.Create(CultureInfo.InvariantCulture, $"{thread.Id,5}  {thread.State,-6}  {thread.Last:yyyy-MM-dd HH:mm}  {Plain.Line(thread.Kind),-11}  {Plain.Line(thread.Address)}  {Plain.Line(thread.Subject)}  {Plain.Line(thread.IssueSlug)}"));
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(InboxStore inbox, long id, bool json, CancellationToken stop)
    {
        var replies = await inbox.ThreadAsync(id, stop);
        if (replies.Count == 0)
            return await NoneAsync("conversation", id);
        foreach (var reply in replies)
            Console.Out.WriteLine(json
                ? JsonSerializer.Serialize(new { reply.Id, mail = reply.ReturnedMail, reply.Kind, reply.Evidence, reply.Sender, reply.SenderName, reply.Subject, reply.Body, reply.At, answerTo = reply.AnswerTo?.Value, reply.Attachments, reply.ForwardedAt, issue = reply.IssueTitle }, Json)
                : Text(reply));
        await inbox.MarkAsync(id, "read", stop);
        return ExitCode.Done;
    }

    private static string Text(InboxReply reply) => string.Create(CultureInfo.InvariantCulture, $"""
        From:    {Plain.Line(reply.SenderName)} <{Plain.Line(reply.Sender)}>
        Subject: {Plain.Line(reply.Subject)}
        About:   {(reply.IssueTitle.Length > 0 ? Plain.Line(reply.IssueTitle) : "no letter of ours is proven")}
        Is:      {reply.Kind} ({Plain.Line(reply.Evidence)}), mail {reply.ReturnedMail}
        Came:    {reply.At:yyyy-MM-dd HH:mm} UTC{(reply.ForwardedAt is { } at ? $", forwarded {at:yyyy-MM-dd HH:mm} UTC" : "")}

        {string.Join('\n', reply.Body.Split('\n').Select(Plain.Line))}

        """);

    private static async Task<int> NoneAsync(string what, long id)
    {
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"newsletter: there is no {what} {id}; see newsletter inbox"));
        return ExitCode.InputHasErrors;
    }
}
