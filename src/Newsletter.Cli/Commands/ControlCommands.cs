using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>winner</c>: a person's hand on an edition.</summary>
internal static class ControlCommands
{
    public static IEnumerable<Command> Create() => [Pause(), Resume(), Cancel(), Winner()];

    private static Command Pause() => Step("pause", "Stop an edition after the letters in hand, or hold one that has not begun; newsletter resume lets it go on.", "running",
        edition => edition.State is EditionState.Running, (editions, id, why, ct) => editions.PauseAsync(id, why, ct), (edition, _) => edition.State is EditionState.Held ? $"held; newsletter resume {edition.Id.Value} lets it go on" : "paused");

    private static Command Resume() => Step("resume", "Let a paused edition go on, or start one that is held; one that a person held before its time waits for that time.", "paused or held",
        edition => edition.State is EditionState.Paused or EditionState.Held, (editions, id, _, ct) => editions.ResumeAsync(id, ct),
        (edition, local) => edition.StartedAt is null && edition.DueAt > edition.StateAt
            ? $"scheduled for {local.Day(edition.DueAt)}; it goes out then while newsletter serve is running"
            : "going on: newsletter serve sends it, or newsletter send ISSUE --now", asksWhy: false);

    private static Command Cancel() => Step("cancel", "End an edition: what was not sent never will be. The issue can be scheduled again; who has it already is left out then.", "under way",
        edition => edition.State is not (EditionState.Complete or EditionState.Cancelled), (editions, id, why, ct) => editions.CancelAsync(id, why, ct), (_, _) => "cancelled");

    private static Command Step(string verb, string description, string meant, Func<Edition, bool> isMeant, Func<Editions, EditionId, string, CancellationToken, Task<bool>> step, Func<Edition, LocalText, string> done, bool asksWhy = true)
    {
        var number = EditionArgument.Create($"the one that is {meant}");
        var why = new Option<string>("--why") { Description = "The reason; status shows it.", DefaultValueFactory = _ => "" };
        var command = new Command(verb, description) { number };
        if (asksWhy)
            command.Options.Add(why);
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await EditionArgument.FindAsync(services, args.GetValue(number), isMeant, meant, stop) is not { } edition)
                return ExitCode.InputHasErrors;
            var stepped = await step(services.GetRequiredService<Editions>(), edition.Id, asksWhy ? args.GetValue(why) ?? "" : "", stop);
            var after = await services.GetRequiredService<EditionStore>().FindAsync(edition.Id, stop) ?? edition;
            var words = stepped ? $"Edition {edition.Id.Value} is {done(after, LocalText.Of(services))}." : $"newsletter: edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()}; nothing was changed";
            await (stepped ? Console.Out : Console.Error).WriteLineAsync(words);
            return stepped ? ExitCode.Done : ExitCode.InputHasErrors;
        }, ct));
        return command;
    }

    private static Command Winner()
    {
        var number = new Argument<long>("edition") { Description = "The edition's number (newsletter status lists them)." };
        var subject = new Argument<string>("subject") { Description = "a (subject) or b (subject-b)." };
        subject.AcceptOnlyFromAmong(SubjectTrial.A, SubjectTrial.B);
        var command = new Command("winner", "Choose which of two subjects the rest of the readers gets; an edition that waits for that goes on.") { number, subject };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await EditionArgument.FindAsync(services, args.GetRequiredValue(number), _ => true, "", stop) is not { } edition)
                return ExitCode.InputHasErrors;
            var chosen = await services.GetRequiredService<Editions>().ChooseAsync(edition.Id, args.GetRequiredValue(subject), stop);
            await (chosen ? Console.Out : Console.Error).WriteLineAsync(chosen
                ? $"The rest of the readers of edition {edition.Id.Value} gets subject {args.GetRequiredValue(subject)}."
                : $"newsletter: edition {edition.Id.Value} {(edition.HasTwoSubjects ? "has sent the others theirs" : "has one subject alone (subject-b is the key for another)")}; nothing was changed");
            return chosen ? ExitCode.Done : ExitCode.InputHasErrors;
        }, ct));
        return command;
    }
}
