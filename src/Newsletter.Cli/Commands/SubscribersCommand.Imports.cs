using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary>Lists that were taken in, and taking one back.</summary>
internal static partial class SubscribersCommand
{
    private const int NewestImports = 100;

    private static Command CreateImports()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line an import." };
        var command = new Command("imports", "Lists that were taken in, the newest first, and what became of their rows.") { json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var imports = await services.GetRequiredService<SubscriberImport>().ListAsync(NewestImports, stop);
            foreach (var import in imports)
                Console.Out.WriteLine(args.GetValue(json) ? Line(import) : Plain.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{import.Run.Id.Value}  {SubscriberCsv.WriteInstant(import.Run.At)}  {(import.State is "running" ? "running or cut short" : import.State)}  {import.Run.List}: {Words(import.Run.Tally)}")));
            return Done($"{imports.Count} imports");
        }, ct));
        command.Add(CreateUndo());
        return command;
    }

    private static Command CreateUndo()
    {
        var id = new Argument<long>("import") { Description = "Its number, as the list of imports has it." };
        var json = new Option<bool>("--json") { Description = "What it came to as one JSON line." };
        var command = new Command("undo", "Takes an import back. Whom it added goes, or is mailed no more where letters went out meanwhile; whom it changed is as before.") { id, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var bar = new ProgressLine(Console.Error, null);
            var undone = await services.GetRequiredService<Imports>().UndoAsync(new(args.GetValue(id)), so => bar.Show(0, Words(so)), stop);
            bar.End();
            if (undone is null)
                return Fail(string.Create(CultureInfo.InvariantCulture, $"there is no import {args.GetValue(id)}; see: newsletter subscribers imports"));
            Console.Out.WriteLine(args.GetValue(json) ? JsonSerializer.Serialize(undone, CliJson.Options) : Words(undone));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static string Line(PastImport import) => JsonSerializer.Serialize(new
    {
        id = import.Run.Id.Value,
        list = import.Run.List,
        state = import.State,
        startedAt = import.Run.At,
        endedAt = import.EndedAt,
        tally = import.Run.Tally,
    }, CliJson.Options);

    private static string Words(ImportUndone undone) => string.Create(CultureInfo.InvariantCulture,
        $"{undone.Removed} removed, {undone.Ended} mailed no more, {undone.Left} had left before, {undone.Restored} as before, {undone.Kept} changed since and kept");
}
