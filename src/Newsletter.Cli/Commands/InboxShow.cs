using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Replies;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>inbox show ID</c>: a conversation, what is quoted folded.</summary>
internal static class InboxShow
{
    public static Command Create(Option<bool> json)
    {
        var id = InboxCommand.Thread();
        var all = new Option<bool>("--all") { Description = "With all that is folded: quotes, signatures, forwarded mail." };
        var command = new Command("show", "Shows a conversation and marks it read.") { id, all };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ShowAsync(services, args.GetRequiredValue(id), args.GetValue(all), args.GetValue(json), stop), ct));
        return command;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, long id, bool all, bool json, CancellationToken stop)
    {
        var (inbox, mails) = (InboxCommand.Inbox(services), services.GetRequiredService<ReturnedMailStore>());
        var replies = await inbox.ThreadAsync(id, stop);
        if (replies.Count == 0)
            return await InboxCommand.NoneAsync("conversation", id);
        var local = LocalText.Of(services);
        var answers = await services.GetRequiredService<AnswerStore>().ListAsync(id, stop);
        foreach (var (_, entry) in replies.Select(reply => (reply.At, Entry: (object)reply)).Concat(answers.Select(answer => (answer.At, Entry: (object)answer))).OrderBy(each => each.At))
            if (entry is Answer answer)
                Console.Out.WriteLine(json ? Line(answer) : Text(answer, local));
            else if (entry is InboxReply reply)
            {
                var raw = await mails.RawAsync(reply.ReturnedMail, stop) ?? [];
                var mail = ReplyMail.Read(raw);
                IReadOnlyList<FoldedBlock> blocks = reply.IsEvent ? [new(BlockKind.Written, reply.Body)] : mail.Fold();
                Console.Out.WriteLine(json ? Line(reply, mail, blocks) : Text(reply, mail, CutMail.Words(raw), blocks, all, local));
            }
        if ((await inbox.FindAsync(id, stop))?.State is "unread")
            await inbox.MarkAsync(id, "read", stop);
        return ExitCode.Done;
    }

    private static string Line(InboxReply reply, ReplyMail mail, IReadOnlyList<FoldedBlock> blocks) => JsonSerializer.Serialize(new
    {
        reply.Id, mail = reply.ReturnedMail, reply.Kind, reply.Evidence, reply.Sender, reply.SenderName, reply.Subject, reply.Body, reply.At, answerTo = reply.AnswerTo?.Value, reply.Attachments, reply.ForwardedAt, issue = reply.IssueTitle,
        reply.SenderProof, reply.SenderWords, reply.NotPassedOn, reply.FiledBy, reply.Written, blocks = blocks.Select(block => new { kind = block.Kind.ToString().ToLowerInvariant(), block.Text }), files = mail.Files,
        backOn = reply.Absence is { IsReturn: true } back ? back.Day : (DateOnly?)null, awayUntil = reply.Absence is { IsReturn: false } away ? away.Day : (DateOnly?)null,
    }, CliJson.Options);

    private static string Line(Answer answer) => JsonSerializer.Serialize(new
    {
        answer = answer.Id, to = answer.To.Value, answer.Subject, answer.Body, answer.At, answer.State, answer.Words, answer.SentAt, byMail = answer.ReturnedMail,
    }, CliJson.Options);

    private static string Text(InboxReply reply, ReplyMail mail, string? kept, IReadOnlyList<FoldedBlock> blocks, bool all, LocalText local) => string.Create(CultureInfo.InvariantCulture, $"""
        From:    {Plain.Line(reply.SenderName)} <{Plain.Line(reply.Sender)}>{(reply.SenderWords.Length > 0 ? $" ({Plain.Line(reply.SenderWords)})" : "")}
        Subject: {Plain.Line(reply.Subject)}
        About:   {(reply.IssueTitle.Length > 0 ? Plain.Line(reply.IssueTitle) : "no issue that is known")}{(reply.FiledBy is "subject" ? " (by its subject and sender alone)" : "")}
        Is:      {reply.Kind} ({Plain.Line(reply.Evidence)}), mail {reply.ReturnedMail}{(reply.NotPassedOn.Length > 0 ? $"\nBeware:  not passed on to the reader, because {Plain.Line(reply.NotPassedOn)}" : "")}
        Came:    {local.Minute(reply.At)}{(mail.Dated(reply.At) is { } dated ? $", dated {local.Minute(dated)}" : "")}{(reply.ForwardedAt is { } at ? $", forwarded {local.Minute(at)}" : "")}{Files(reply, mail)}{(kept is null ? "" : $"\nKept:    {kept}; the rest of it, files as well, is not here")}{(mail.IsCut ? $"\nCut:     too long to be shown whole: newsletter inbox raw {reply.ReturnedMail}" : "")}

        {Words(blocks, all)}

        """);

    private static string Files(InboxReply reply, ReplyMail mail) => string.Concat(mail.Files.Select(file => string.Create(CultureInfo.InvariantCulture,
        $"\nFile:    {Plain.Line(file.Name)} ({file.Size} bytes, {Plain.Line(file.ActualType.Length > 0 ? file.ActualType : file.DeclaredType)}): newsletter inbox attachment {reply.ReturnedMail} {file.Index}{(file.Warning.Length > 0 ? $"\n         beware: {file.Warning}" : "")}")));

    private static string Words(IReadOnlyList<FoldedBlock> blocks, bool all)
    {
        var text = new StringBuilder();
        var hasWritten = blocks.Any(block => block.Kind is BlockKind.Written && !string.IsNullOrWhiteSpace(block.Text));
        foreach (var block in blocks)
            if (all || block.Kind is BlockKind.Written || !hasWritten)
                text.AppendJoin('\n', block.Text.Split('\n').Select(Plain.Line));
            else
                text.Append(CultureInfo.InvariantCulture, $"[{block.Kind.ToString().ToLowerInvariant()}: {block.Text.Split('\n').Count(line => line.Trim().Length > 0)} lines; --all shows them]\n");
        return text.ToString().Trim('\n');
    }

    private static string Text(Answer answer, LocalText local) => string.Create(CultureInfo.InvariantCulture, $"""
        Answer {answer.Id} to {Plain.Line(answer.To.Value)}: {answer.State}{(answer.SentAt is { } at ? $" {local.Minute(at)}" : "")}{(answer.State is "sent" || answer.Words.Length == 0 ? "" : $" ({Plain.Line(answer.Words)})")}
        Subject: {Plain.Line(answer.Subject)}

        {string.Join('\n', answer.Body.Split('\n').Select(Plain.Line))}

        """);
}
