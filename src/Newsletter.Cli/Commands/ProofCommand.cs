using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>proof ISSUE --to ADDRESS</c>: the letter to the editor alone, marked as a proof.</summary>
internal static class ProofCommand
{
    public static Command Create()
    {
        var issue = IssueArgument.Create();
        var to = new Option<string[]>("--to") { Description = "Where the proof goes; may be repeated.", Required = true };
        var reader = new Option<string?>("--as") { Description = "The address of a subscriber: the letter as they would get it. Default: a sample reader." };
        var command = new Command("proof", "Send an issue, a draft as well, to addresses of your own: marked as a proof, counted nowhere, its links harmless. The issue stays unsent.") { issue, to, reader };
        command.SetAction((args, ct) => Door.RunCheckedAsync(args, (services, stop) => ProofAsync(services, args.GetRequiredValue(issue), args.GetRequiredValue(to), args.GetValue(reader), stop), ct));
        return command;
    }

    private static async Task<int> ProofAsync(IServiceProvider services, string wanted, string[] to, string? asked, CancellationToken ct)
    {
        var addresses = to.Select(EmailAddress.Read).ToList();
        if (addresses.IndexOf(null) is >= 0 and var wrong)
            return Said($"--to {to[wrong]}: this is no mail address; write it as editor@example.org", ExitCode.WrongUsage);
        Sandbox.Tell(services);
        if (IssueArgument.Find(services, wanted) is not { } path)
            return ExitCode.InputHasErrors;
        var (issue, problems) = await services.GetRequiredService<IssueFolder>().RenderAsync(path, ct);
        if (IssueArgument.Tell(path, problems) || issue is null)
            return ExitCode.InputHasErrors;
        if (await ReaderAsync(services, asked, ct) is not { } reader)
            return Said($"--as {asked}: nobody on the list has this address", ExitCode.InputHasErrors);

        var sent = await services.GetRequiredService<Proofs>().SendAsync(issue, addresses!, reader, ct);
        foreach (var (address, outcome) in sent)
            if (outcome is SmtpOutcome.Accepted)
                Console.Out.WriteLine(Plain.Line(NoRelay.Words(services) is null ? $"Proof of {issue.Slug} sent to {address.Value}." : $"Proof of {issue.Slug} for {address.Value} written: {outcome.Words}"));
            else
                Said(Plain.Line($"no proof to {address.Value}: {outcome.Words} {outcome.Remedy}".TrimEnd()), ExitCode.WorldFailed);
        NoRelay.Tell(services);
        return sent.All(each => each.Outcome is SmtpOutcome.Accepted) ? ExitCode.Done : ExitCode.WorldFailed;
    }

    /// <summary>Null where nobody has the address.</summary>
    private static async Task<PersonalValues?> ReaderAsync(IServiceProvider services, string? asked, CancellationToken ct)
    {
        if (asked is null)
            return new() { Name = "Ada Sample" };
        return EmailAddress.Read(asked) is { } address && await services.GetRequiredService<SubscriberStore>().FindAsync(address, ct) is { Profile: { } profile }
            ? new() { Name = profile.Name, Email = profile.Address.Value, Fields = profile.Fields }
            : null;
    }

    private static int Said(string words, int code)
    {
        Console.Error.WriteLine($"newsletter: {words}");
        return code;
    }
}
