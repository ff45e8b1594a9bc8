using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>newsletter inbox unsubscribe ID</c>: does what a reader asked for in words.</summary>
internal static class InboxUnsubscribe
{
    public static Command Create()
    {
        var id = new Argument<long>("id") { Description = "The conversation's number, as inbox tells it." };
        var reader = new Option<string?>("--reader") { Description = "The reader's address: needed where somebody else asked." };
        var command = new Command("unsubscribe", "Takes the reader of a conversation off the list, puts the conversation away, and tells the reader how to take it back.") { id, reader };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
            await LeaveAsync(services.GetRequiredService<WishesToLeave>(), args.GetRequiredValue(id), args.GetValue(reader), stop), ct));
        return command;
    }

    private static async Task<int> LeaveAsync(WishesToLeave wishes, long id, string? named, CancellationToken stop)
    {
        var reader = EmailAddress.Read(named);
        if (named is not null && reader is null)
        {
            await Console.Error.WriteLineAsync($"newsletter: {Plain.Line(named)} is no mail address");
            return ExitCode.InputHasErrors;
        }
        return await SayAsync(id, await wishes.GrantAsync(id, reader, stop));
    }

    private static async Task<int> SayAsync(long id, LeftByThread left)
    {
        if (left.Subscriber is not { } subscriber)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"newsletter: of conversation {id} no subscriber is known; see newsletter inbox show {id}, and newsletter subscribers unsubscribe ADDRESS"));
            return ExitCode.InputHasErrors;
        }
        if (left.AskedBy is { } asker)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"newsletter: conversation {id} is of {Plain.Line(left.Address)}, and {(asker.Length > 0 ? Plain.Line(asker) : "nobody who is named")} wrote the mail: nothing was done; newsletter inbox unsubscribe {id} --reader {Plain.Line(left.Address)} does it all the same"));
            return ExitCode.InputHasErrors;
        }
        var whose = string.Create(CultureInfo.InvariantCulture, $"subscriber {subscriber.Value} ({Plain.Line(left.Address)}{(left.IsProven ? "" : ", by From alone")})");
        Console.Out.WriteLine(left.Outcome switch
        {
            ChangeOutcome.Changed => string.Create(CultureInfo.InvariantCulture, $"{whose} is off the list; newsletter subscribers resume {Plain.Line(left.Address)} --why \"…\" takes it back"),
            ChangeOutcome.AlreadySo => $"{whose} was off the list before",
            _ => $"{whose} stays as before: a stronger standing (a complaint, an erasure) holds",
        });
        return left.Outcome is ChangeOutcome.Changed or ChangeOutcome.AlreadySo ? ExitCode.Done : ExitCode.InputHasErrors;
    }
}
