using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>retry</c>: what failed, or is in doubt, once more; all of it, or by reply and domain.</summary>
internal static class RetryCommand
{
    public static Command Create()
    {
        var number = EditionArgument.Create("the one that is complete");
        var doubt = new Option<bool>("--in-doubt") { Description = "Those in doubt instead of those that failed; the relay may have them already." };
        var incident = new Option<long?>("--incident") { Description = "Those that this incident is about: refused while sending, or come back by mail since (newsletter incidents lists them)." };
        var command = new Command("retry", "Make the failed deliveries of an edition due once more. Readers who have left since are skipped.") { number, doubt, incident };
        var filter = new FilterOptions(command);
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await EditionArgument.FindAsync(services, args.GetValue(number), edition => edition.State is EditionState.Complete or EditionState.Running, "complete or running", stop) is not { } edition)
                return ExitCode.InputHasErrors;
            if (edition.State is not (EditionState.Complete or EditionState.Running or EditionState.Paused))
            {
                await Console.Error.WriteLineAsync($"newsletter: edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()}, and nothing of it is tried again"
                    + (edition.State is EditionState.Cancelled ? "; newsletter send ISSUE --now sends the issue anew, to those who have not got it" : ""));
                return ExitCode.InputHasErrors;
            }
            var about = args.GetValue(incident);
            if (about is { } id && await services.GetRequiredService<IncidentStore>().FindAsync(id, stop) is null)
                return await IncidentsCommand.NoneAsync(id);
            var which = filter.Read(args, args.GetValue(doubt) ? DeliveryState.InDoubt : about is null ? DeliveryState.Failed : null) with { Incident = about };
            var count = await services.GetRequiredService<Editions>().RetryAsync(edition.Id, which, stop);
            await Console.Out.WriteLineAsync(count > 0
                ? $"{count:n0} {(count == 1 ? "delivery" : "deliveries")} of edition {edition.Id.Value} {(count == 1 ? "is" : "are")} due once more: "
                    + (edition.State is EditionState.Paused ? $"it is paused, newsletter resume {edition.Id.Value} lets it go on." : "newsletter serve sends them, or newsletter send ISSUE --now.")
                : $"Edition {edition.Id.Value} has none to retry.");
            return ExitCode.Done;
        }, ct));
        return command;
    }
}
