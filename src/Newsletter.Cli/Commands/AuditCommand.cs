using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>newsletter audit list</c>, <c>audit verify</c>: what people of the house did, and whether the log of it is whole.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "What people of the house did: import, edit, send, remove …; a chain of hashes shows that no line was changed or taken away.") { List(), Verify() };

    private static Command List()
    {
        var act = new Option<string>("--act") { Description = "Only what was done by this verb: \"subscribers remove\", or all of subscribers.", DefaultValueFactory = _ => "" };
        var since = new Option<string?>("--since") { Description = "Only from this time on: 2026-12-01, \"2026-12-01 08:30\", or how long ago: 2d." };
        var json = new Option<bool>("--json") { Description = "One JSON line each, with its hash." };
        var command = new Command("list", "Lists what was done, the oldest first: when, by whom, what, to whom.") { act, since, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var from = args.GetValue(since) is { } text ? PastTime.Read(text, services) : null;
            if (args.GetValue(since) is { } wrong && from is null)
            {
                await Console.Error.WriteLineAsync($"newsletter: --since {Plain.Line(wrong)}: {PastTime.Remedy}");
                return ExitCode.WrongUsage;
            }
            await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024);
            await foreach (var (line, hash) in services.GetRequiredService<AuditLog>().ListAsync(args.GetValue(act) ?? "", from, stop))
                await output.WriteLineAsync(args.GetValue(json) ? JsonLine(line, hash) : Line(line));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Command Verify()
    {
        var head = new Option<string>("--head") { Description = "A head that an earlier run printed and that was kept elsewhere: it must still be in the chain.", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "The result as one JSON line." };
        var command = new Command("verify", "Follows the chain from its first line to its end. Keep the head that it prints elsewhere: who has the database and the key file could make all lines anew, but not with that head.") { head, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var found = await services.GetRequiredService<AuditLog>().VerifyAsync(args.GetValue(head)?.Trim() ?? "", stop);
            var fault = found.Fault ?? (found.HasKept ? null : $"no line has the head {Plain.Line(args.GetValue(head)!)}: the log is another than it was then");
            if (args.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(new { lines = found.Lines, head = found.Head, fault }, CliJson.Options));
            else if (fault is null)
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found.Lines:n0} {(found.Lines == 1 ? "line" : "lines")}, none changed, none missing{(found.Lines > 0 ? $"; head {found.Head}" : "")}"));
            if (fault is null)
                return ExitCode.Done;
            await Console.Error.WriteLineAsync($"newsletter: the audit log is broken: {fault}");
            return ExitCode.InputHasErrors;
        }, ct));
        return command;
    }

    private static string Line(AuditLine line) => Plain.Line(string.Create(CultureInfo.InvariantCulture,
        $"{line.Seq,6}  {SubscriberCsv.WriteInstant(line.At)}  {line.Actor,-16}  {line.Act,-22}  {line.Subject}  {line.Detail}").TrimEnd());

    private static string JsonLine(AuditLine line, string hash) => JsonSerializer.Serialize(new
    {
        line.Seq, line.At, line.Actor, line.Act, line.Subject, detail = line.Detail.Length > 0 ? JsonNode.Parse(line.Detail) : null, line.Previous, hash,
    }, CliJson.Options);
}
