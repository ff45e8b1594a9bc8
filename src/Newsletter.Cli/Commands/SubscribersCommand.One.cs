using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary>What is known of one subscriber: changed, written down, given to them.</summary>
internal static partial class SubscribersCommand
{
    private static Command CreateEdit()
    {
        var address = Address();
        var name = new Option<string?>("--name") { Description = "The name; empty: none is known." };
        var fields = new Option<string[]>("--field") { Description = "A field and its value, as city=Bern; an empty value takes the field away. May be repeated." };
        var tags = new Option<string[]>("--tag") { Description = "A tag to add. May be repeated." };
        var untags = new Option<string[]>("--untag") { Description = "A tag to take away. May be repeated." };
        var language = new Option<string?>("--language") { Description = "The language, as de or pt-BR; empty: the publication's." };
        var zone = new Option<string?>("--time-zone") { Description = "The time zone, as Europe/Berlin; empty: the publication's." };
        var note = new Option<string?>("--note") { Description = "What is to be remembered; subscribers show has it, with time and author. The reader gets it with their data." };
        fields.Validators.Add(option =>
        {
            foreach (var pair in option.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                option.AddError($"--field {pair.Value}: write name=value, as --field city=Bern");
        });
        var command = new Command("edit", "Changes what is known of one subscriber. Address, standing and topics are theirs to change.") { address, name, fields, tags, untags, language, zone, note };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => EditAsync(services, args.GetRequiredValue(address), new()
        {
            Name = args.GetValue(name), Tags = args.GetValue(tags) ?? [], Untags = args.GetValue(untags) ?? [], Language = args.GetValue(language), TimeZone = args.GetValue(zone), Note = args.GetValue(note) ?? "",
            Fields = (args.GetValue(fields) ?? []).Select(pair => pair.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(same => same.Key, same => same.Last()[1]),
        }, stop), ct));
        return command;
    }

    private static async Task<int> EditAsync(IServiceProvider services, string text, ProfileEdit edit, CancellationToken stop)
    {
        if (Read(text) is not { } mailbox)
            return ExitCode.InputHasErrors;
        if (edit.Faults().ToList() is { Count: > 0 } faults)
            return faults.Select(Fail).Max();
        var store = services.GetRequiredService<SubscriberStore>();
        if (await store.FindAsync(mailbox, stop) is not { } subscriber
            || await services.GetRequiredService<Editing>().EditAsync(subscriber.Id, edit, stop) is not { Changed: { } changed } outcome)
            return Fail(Unknown(mailbox, await store.FindSuppressionAsync(mailbox, stop)));
        return Done(outcome.IsNew
            ? $"{mailbox}: {string.Join(", ", changed.Select(part => part == nameof(Profile.TimeZone) ? "time zone" : part.ToLowerInvariant()).Concat(outcome.HasNote ? ["note"] : []))} written"
            : $"{mailbox}: all of it stands so already; nothing changed");
    }

    private static Command CreateData()
    {
        var address = Address();
        var file = new Option<string>("--out") { Description = "The file to write (readable by its owner alone), or - for standard output.", DefaultValueFactory = _ => "-" };
        var command = new Command("data", "Writes everything that is kept about one person as one JSON document: profile, history, letters, what came back, conversations. For who asks for their data.") { address, file };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (Read(args.GetRequiredValue(address)) is not { } mailbox)
                return ExitCode.InputHasErrors;
            var data = services.GetRequiredService<PersonalData>();
            Task<bool> WriteAsync(Stream to) => data.WriteAsync(mailbox, to, null, stop);

            if (args.GetRequiredValue(file) is not "-" and var path ? await WholeFile.WriteOctetsAsync(path, WholeFile.Private, WriteAsync) : await WriteAsync(Console.OpenStandardOutput()))
                return ExitCode.Done;
            return Fail(Unknown(mailbox, await services.GetRequiredService<SubscriberStore>().FindSuppressionAsync(mailbox, stop)));
        }, ct));
        return command;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<SubscriberNote> notes) => notes.Count == 0 ? [] : notes
        .Select(note => $"  {SubscriberCsv.WriteInstant(note.At)}  {Plain.Line(note.Author)}: {Plain.Line(note.Words)}").Prepend("notes:");

    private static object Shape(SubscriberNote note) => new { at = SubscriberCsv.WriteInstant(note.At), author = note.Author, words = note.Words };
}
