using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>newsletter subscribers segment …</c>: named questions that select subscribers.</summary>
internal static class SegmentCommand
{
    private const int LongestName = PersonalText.MaxMark;

    private static readonly string[] Examples = ["field.city is Leiden and not got 41", "tag is press except domain is example.org", "joined before 365 days ago and not replied since 365 days ago"];

    public static Command Create() => new("segment", $"Questions that select subscribers, such as: {string.Join("; ", Examples)}. docs/segments.md has all that may be asked.")
    {
        CreateList(),
        CreateCount(),
        CreateMembers(),
        CreateSave(),
        CreateRemove(),
    };

    private static Command CreateList()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line a segment." };
        var command = new Command("list", "Lists the saved segments.") { json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            foreach (var segment in await services.GetRequiredService<SegmentStore>().ListAsync(stop))
                Console.Out.WriteLine(args.GetValue(json)
                    ? JsonSerializer.Serialize(new { name = segment.Name, filter = segment.Text, about = segment.About }, CliJson.Options)
                    : Plain.Line($"{segment.Name}: {segment.Text}{(segment.About.Length > 0 ? $"  ({segment.About})" : "")}"));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Command CreateCount()
    {
        var text = Text();
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new Command("count", "Counts whom a question selects, and how many of them are mailed.") { text, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await ReadAsync(services, args.GetRequiredValue(text), stop) is not { } filter)
                return ExitCode.InputHasErrors;
            var (all, mailed) = await services.GetRequiredService<SegmentStore>().CountAsync(filter, services.GetRequiredService<Segments>().Days(), stop);
            Console.Out.WriteLine(args.GetValue(json) ? JsonSerializer.Serialize(new { subscribers = all, mailed }, CliJson.Options) : string.Create(CultureInfo.InvariantCulture, $"{all} subscribers, {mailed} of them are mailed"));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Command CreateMembers()
    {
        var text = Text();
        var json = new Option<bool>("--json") { Description = "One JSON line a subscriber." };
        var command = new Command("members", "Lists whom a question selects.") { text, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await ReadAsync(services, args.GetRequiredValue(text), stop) is not { } filter)
                return ExitCode.InputHasErrors;
            await using var output = SubscribersCommand.Output();
            await foreach (var subscriber in services.GetRequiredService<SegmentStore>().SelectAsync(filter, services.GetRequiredService<Segments>().Days(), stop))
                await output.WriteLineAsync(args.GetValue(json) ? SubscriberJson.Line(subscriber) : SubscribersCommand.Line(subscriber));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Command CreateSave()
    {
        var name = new Argument<string>("name") { Description = "Its name: small letters, digits and -." };
        var text = Text();
        var about = new Option<string>("--about") { Description = "What it is for.", DefaultValueFactory = _ => "" };
        var command = new Command("save", "Saves a question under a name; one of the same name is replaced.") { name, text, about };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var (given, words) = (args.GetRequiredValue(name), args.GetRequiredValue(text));
            if (given.Length is 0 or > LongestName || given.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
                return Fail($"{PersonalText.OneLine(given, LongestName)} is no name for a segment; write small letters, digits and -, for example press-2026");
            var (isNew, fault) = await services.GetRequiredService<Segments>().SaveAsync(new(given, words, PersonalText.OneLine(args.GetRequiredValue(about), PersonalText.MaxName)), stop);
            if (fault is not null)
                return Fail(fault);
            Console.Error.WriteLine($"{given}: {(isNew ? "saved" : "replaced")}");
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Command CreateRemove()
    {
        var name = new Argument<string>("name") { Description = "Its name." };
        var command = new Command("remove", "Removes a saved segment that no other asks for. Editions that went to it stay as they are.") { name };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await services.GetRequiredService<Segments>().RemoveAsync(args.GetRequiredValue(name), stop) is { } fault)
                return Fail($"{PersonalText.OneLine(args.GetRequiredValue(name), LongestName)}: {fault}");
            Console.Error.WriteLine($"{args.GetRequiredValue(name)}: removed");
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Argument<string> Text() => new("question") { Description = "The question, as one argument: put it in quotes." };

    /// <summary>Null where it is not right, and that is said.</summary>
    private static async Task<SegmentFilter?> ReadAsync(IServiceProvider services, string text, CancellationToken stop)
    {
        var (filter, fault) = await services.GetRequiredService<Segments>().ReadAsync(text, stop);
        if (fault is not null)
            Fail(fault);
        return filter;
    }

    private static int Fail(string words)
    {
        Console.Error.WriteLine($"newsletter: {words}");
        return ExitCode.InputHasErrors;
    }
}
