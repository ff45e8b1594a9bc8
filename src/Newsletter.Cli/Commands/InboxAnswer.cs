using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>inbox answer ID</c> and <c>inbox again ANSWER</c>.</summary>
internal static class InboxAnswer
{
    public static Command Create()
    {
        var id = InboxCommand.Thread();
        var file = new Option<string>("--file") { Description = "The text; - for standard input.", DefaultValueFactory = _ => "-" };
        var quote = new Option<bool>("--quote") { Description = "Quotes what the reader wrote below it." };
        var to = new Option<string>("--to") { Description = "Whose last mail is answered; needed where several have written.", DefaultValueFactory = _ => "" };
        var done = new Option<bool>("--done") { Description = "Puts the conversation away, though the answer still waits for a relay: one that fails brings it back." };
        var command = new Command("answer", "Answers the last mail of who wrote in a conversation, from the publication's address; what the reader answers comes back into it.") { id, file, quote, to, done };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => AnswerAsync(services, args.GetRequiredValue(id), args.GetRequiredValue(file), args.GetValue(quote), args.GetRequiredValue(to), args.GetValue(done), stop), ct));
        return command;
    }

    public static Command Again()
    {
        var id = new Argument<long>("answer") { Description = "The answer's number, as inbox show tells it." };
        var command = new Command("again", "Sends an answer once more that failed or is in doubt, under the same Message-ID.") { id };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var answer = args.GetRequiredValue(id);
            if (!await services.GetRequiredService<AnswerStore>().AgainAsync(answer, services.GetRequiredService<TimeProvider>().GetUtcNow(), stop))
                return await InboxCommand.NoneAsync("answer that failed or is in doubt:", answer);
            return await TellAsync(await SendAsync(services, answer, stop));
        }, ct));
        return command;
    }

    private static async Task<int> AnswerAsync(IServiceProvider services, long id, string file, bool quote, string to, bool done, CancellationToken stop)
    {
        if (file != "-" && !File.Exists(file))
            return await RefuseAsync($"{file}: there is no such file; name a text file, or - for standard input");
        var text = file == "-" ? await Console.In.ReadToEndAsync(stop) : await File.ReadAllTextAsync(file, stop);
        Sandbox.Tell(services);
        var written = await services.GetRequiredService<AnswerDesk>().WriteAsync(id, text, quote, $"command {Guid.NewGuid():n}", to, stop);
        if (written.Id is not { } answer)
            return await RefuseAsync(written.Refusal);
        var sent = await SendAsync(services, answer, stop);
        if (done && sent.State is not ("failed" or "in doubt"))
            await InboxCommand.Inbox(services).MarkAsync(id, "done", stop);
        return await TellAsync(sent);
    }

    private static async Task<Answer> SendAsync(IServiceProvider services, long id, CancellationToken stop)
    {
        await services.GetRequiredService<AnswerSender>().SendAsync(stop);
        return (await services.GetRequiredService<AnswerStore>().FindAsync(id, stop))!;
    }

    private static async Task<int> TellAsync(Answer answer)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"answer {answer.Id} to {Plain.Line(answer.To.Value)}: {answer.State}"));
        if (answer.State is "sent")
            return ExitCode.Done;
        await Console.Error.WriteLineAsync($"newsletter: {Plain.Line(answer.Words)}{(answer.State is "waiting" ? "; it is tried again by serve, and by newsletter receive" : "")}");
        return ExitCode.WorldFailed;
    }

    private static async Task<int> RefuseAsync(string words)
    {
        await Console.Error.WriteLineAsync($"newsletter: {words}");
        return ExitCode.InputHasErrors;
    }
}
