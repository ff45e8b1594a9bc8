using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>newsletter incidents</c>, <c>incidents show ID</c>, <c>undo ID</c>, <c>accept ID</c>: waves of the same refusal, and what a person says they were.</summary>
internal static class IncidentsCommand
{
    private const int ShownReaders = 20;
    /// <summary>Who acts by command, for the record.</summary>
    public static string By => $"by command ({Environment.UserName})";

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line each.", Recursive = true };
        var all = new Option<bool>("--all") { Description = "Those that are decided as well." };
        var command = new Command("incidents", "Waves of the same refusal: many readers refused alike within minutes. Nobody is suspended for one until somebody says that the addresses are dead indeed.") { json, all };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ListAsync(services, args.GetValue(all), args.GetValue(json), stop), ct));
        command.Subcommands.Add(Show(json));
        command.Subcommands.Add(Decide("undo", "It was the server's fault, or ours: gives back whom it suspended, and its bounces never count.", json, (incidents, id, why, stop) => incidents.UndoAsync(id, why, By, stop),
            done => done.Changed == 0 ? "undone: nobody was suspended for it any more" : $"undone: {done.Changed:n0} {(done.Changed == 1 ? "reader is" : "readers are")} active again", isUndo: true));
        command.Subcommands.Add(Decide("accept", "The addresses are dead indeed: does what its bounces would have done.", json, (incidents, id, why, stop) => incidents.AcceptAsync(id, why, By, stop),
            done => $"accepted: {done.Changed:n0} {(done.Changed == 1 ? "reader is" : "readers are")} suspended", isUndo: false));
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, bool all, bool json, CancellationToken stop)
    {
        var incidents = await services.GetRequiredService<IncidentStore>().ListAsync(all, 200, stop);
        foreach (var incident in incidents)
            Console.Out.WriteLine(json ? JsonLine(incident) : Line(incident, LocalText.Of(services)));
        if (incidents.Count == 0)
            await Console.Error.WriteLineAsync(all ? "There was none." : "None is open; --all shows those that are decided.");
        return ExitCode.Done;
    }

    private static Command Show(Option<bool> json)
    {
        var id = Id();
        var command = new Command("show", "Shows an incident: why it is one, what the servers said, whom it is about.") { id };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var store = services.GetRequiredService<IncidentStore>();
            if (await store.FindAsync(args.GetRequiredValue(id), stop) is not { } incident)
                return await NoneAsync(args.GetRequiredValue(id));
            var readers = await store.ReadersAsync(incident.Id, new(0), args.GetValue(json) ? int.MaxValue : ShownReaders + 1, stop);
            Console.Out.WriteLine(args.GetValue(json) ? JsonLine(incident, readers) : Text(incident, readers, LocalText.Of(services)));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Command Decide(string verb, string description, Option<bool> json, Func<Incidents, long, string, CancellationToken, Task<IncidentOutcome?>> decide, Func<IncidentOutcome, string> words, bool isUndo)
    {
        var id = Id();
        var why = new Option<string>("--why") { Description = "What it was; it stands in the readers' history.", DefaultValueFactory = _ => "" };
        var command = new Command(verb, description) { id, why };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await decide(services.GetRequiredService<Incidents>(), args.GetRequiredValue(id), args.GetValue(why) ?? "", stop) is not { } done)
                return await NoneAsync(args.GetRequiredValue(id));
            Console.Out.WriteLine(args.GetValue(json) ? JsonSerializer.Serialize(new { id = done.Incident.Id, state = StateOf(done.Incident), done.Changed, done.LeftAlone }, CliJson.Options)
                : $"Incident {done.Incident.Id} is {words(done)}{(done.LeftAlone > 0 ? $"; {done.LeftAlone:n0} stay suspended, for a person of the house has barred their address" : "")}.");
            if (isUndo && done.Incident.Edition is { } edition)
                await Console.Error.WriteLineAsync($"To send them the letter again: newsletter retry {edition.Value} --incident {done.Incident.Id}; newsletter resume {edition.Value} lets the edition go on.");
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Argument<long> Id() => new("id") { Description = "The incident's number (newsletter incidents lists them)." };

    private static string Line(Incident incident, LocalText local) => string.Create(CultureInfo.InvariantCulture,
        $"{incident.Id,5}  {StateOf(incident),-8}  {local.Bare(incident.FirstAt)}  {incident.Readers,6} {(incident.Readers == 1 ? "reader " : "readers")}  {incident.Suspended,6} suspended  {(incident.IsByHand ? "by hand" : incident.Where),-14}  {Plain.Line(incident.Words)}");

    private static string Text(Incident incident, IReadOnlyList<IncidentReader> readers, LocalText local)
    {
        var lines = new List<string>
        {
            $"Incident {incident.Id}, {StateOf(incident)}{(incident.DecidedAt is { } at ? $" on {local.Minute(at)} {incident.DecidedBy}{(incident.Why.Length > 0 ? $": {incident.Why}" : "")}" : "")}",
            $"{(incident.IsByHand ? "Asked for:  " : "They said:  ")}{incident.Words}",
        };
        if (!incident.IsByHand)
            lines.AddRange([$"Where:      {incident.Where}{(incident.Edition is { } edition ? $", edition {edition.Value}" : "")}", $"Seen by:    {incident.Found}"]);
        lines.Add($"Time:       {local.Second(incident.FirstAt)}{(incident.LastAt - incident.FirstAt < TimeSpan.FromSeconds(1) ? "" : $" to {local.Second(incident.LastAt)}")}");
        lines.Add($"Readers:    {incident.Readers:n0} by now; {incident.Suspended:n0} suspended, {incident.GivenBack:n0} given back");
        lines.AddRange(readers.Take(ShownReaders).Select(reader => $"  {local.Second(reader.At)}  {reader.Address}  {reader.State}  {incident.OtherWords(reader)}{(reader.ReturnedMail is { } mail ? $" (mail {mail})" : "")}".TrimEnd()));
        if (readers.Count > ShownReaders)
            lines.Add("  … (--json shows all)");
        return string.Join('\n', lines.Select(Plain.Line));
    }

    private static string JsonLine(Incident incident, IReadOnlyList<IncidentReader>? readers = null) => JsonSerializer.Serialize(new
    {
        incident.Id, state = StateOf(incident), byHand = incident.IsByHand, incident.Provider, edition = incident.Edition?.Value, incident.Words, incident.Found, incident.FirstAt, incident.LastAt,
        incident.DecidedAt, incident.DecidedBy, incident.Why, readers = incident.Readers, incident.Suspended, incident.GivenBack,
        bounces = readers?.Select(reader => new { subscriber = reader.Subscriber.Value, reader.Address, reader.State, reader.At, reader.Evidence, mail = reader.ReturnedMail }),
    }, CliJson.Options);

    private static string StateOf(Incident incident) => incident.State.ToString().ToLowerInvariant();

    internal static async Task<int> NoneAsync(long id)
    {
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"newsletter: there is no incident {id}; newsletter incidents --all lists them"));
        return ExitCode.InputHasErrors;
    }
}
