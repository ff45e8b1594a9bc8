using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>newsletter suspensions</c>, <c>suspensions undo</c>: who is suspended for bounces, and many of them given back together.</summary>
internal static class SuspensionsCommand
{
    private const int Page = 500;
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line each.", Recursive = true };
        var question = new Question();
        var command = new Command("suspensions", "Who is suspended for bounces, since when, why, and what the server said.") { json };
        question.AddTo(command);
        command.SetAction((args, ct) => RunAsync(args, question, (services, asked, stop) => ListAsync(services, asked, args.GetValue(json), stop), ct));
        command.Subcommands.Add(Undo(json, question));
        return command;
    }

    private static Command Undo(Option<bool> json, Question question)
    {
        var dry = new Option<bool>("--dry-run") { Description = "Only lists who would be given back." };
        var why = new Option<string>("--why") { Description = "What went wrong; it stands in the readers' history.", DefaultValueFactory = _ => "" };
        var command = new Command("undo", "Gives back all whom the options find, as an incident that can itself be looked at and taken back: newsletter suspensions undo --words spamcop --from 09:00 --to 11:00. Who complained, left or is forgotten stays so.") { dry, why };
        command.SetAction((args, ct) => RunAsync(args, question, (services, asked, stop) =>
            asked.IsEmpty ? FailAsync("say whose suspensions are meant: --reason, --words, --domain, --from, --to", ExitCode.WrongUsage)
            : args.GetValue(dry) ? ListAsync(services, asked with { IsOfThisHouse = true }, args.GetValue(json), stop)
            : UndoAsync(services, asked, args.GetValue(why) ?? "", args.GetValue(json), stop), ct));
        return command;
    }

    private static Task<int> RunAsync(ParseResult args, Question question, Func<IServiceProvider, SuspensionQuestion, CancellationToken, Task<int>> verb, CancellationToken ct) => Door.RunAsync(args, async (services, stop) =>
        question.Read(args, services, out var fault) is { } asked ? await verb(services, asked, stop) : await FailAsync(fault, ExitCode.WrongUsage), ct);

    private static async Task<int> ListAsync(IServiceProvider services, SuspensionQuestion question, bool json, CancellationToken stop)
    {
        var (store, local, count) = (services.GetRequiredService<SuspensionStore>(), LocalText.Of(services), 0L);
        for (var after = new SubscriberId(0); ;)
        {
            var lines = await store.ListAsync(question, after, Page, stop);
            foreach (var line in lines)
                Console.Out.WriteLine(json
                    ? JsonSerializer.Serialize(new { subscriber = line.Subscriber.Value, line.Address, line.At, line.Reason, line.Evidence, edition = line.Edition?.Value, mail = line.ReturnedMail }, CliJson.Options)
                    : Plain.Line($"{local.Bare(line.At)}  {line.Address}  {line.Reason}  {line.Evidence}{(line.ReturnedMail is { } mail ? $" (mail {mail})" : "")}"));
            count += lines.Count;
            if (lines.Count < Page)
                break;
            after = lines[^1].Subscriber;
        }
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{count:n0} suspended"));
        return ExitCode.Done;
    }

    private static async Task<int> UndoAsync(IServiceProvider services, SuspensionQuestion question, string why, bool json, CancellationToken stop)
    {
        if (await services.GetRequiredService<Incidents>().UndoAsync(question, why, IncidentsCommand.By, stop) is not { } done)
            return await FailAsync($"nobody is suspended so ({question.Text}); newsletter suspensions lists them", ExitCode.InputHasErrors);
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(new { incident = done.Incident.Id, done.Changed, done.LeftAlone }, CliJson.Options)
            : string.Create(CultureInfo.InvariantCulture, $"{done.Changed:n0} {(done.Changed == 1 ? "reader is" : "readers are")} active again, as incident {done.Incident.Id}{(done.LeftAlone > 0 ? $"; {done.LeftAlone:n0} stay suspended, for a person of the house has barred their address" : "")}."));
        await Console.Error.WriteLineAsync($"To take that back: newsletter incidents accept {done.Incident.Id}");
        return ExitCode.Done;
    }

    private static async Task<int> FailAsync(string words, int code)
    {
        await Console.Error.WriteLineAsync($"newsletter: {Plain.Line(words)}");
        return code;
    }

    /// <summary>The options that say which suspensions are meant; they stand before or behind <c>undo</c>.</summary>
    private sealed class Question
    {
        private readonly Option<string?> reason = new("--reason") { Description = "Only those whose reason has this in it: user-unknown, mailbox-full, probe.", Recursive = true };
        private readonly Option<string?> words = new("--words") { Description = "Only those where the server's words have this in them: spamcop.", Recursive = true };
        private readonly Option<string?> domain = new("--domain") { Description = "Only readers of this domain.", Recursive = true };
        private readonly Option<string?> from = new("--from") { Description = "Only those suspended at this time or later: 09:00 (today), 2026-12-01 08:30 in the publication's zone, or 2026-12-01T08:30+01:00.", Recursive = true };
        private readonly Option<string?> to = new("--to") { Description = "Only those suspended before this time.", Recursive = true };

        public void AddTo(Command command)
        {
            foreach (var option in (Option[])[reason, words, domain, from, to])
                command.Options.Add(option);
        }

        /// <summary>Null where something cannot be read, which <paramref name="fault"/> says then.</summary>
        public SuspensionQuestion? Read(ParseResult args, IServiceProvider services, out string fault)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(services.GetRequiredService<Publication>().TimeZone);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var (begin, end) = (Time(args.GetValue(from), zone, now), Time(args.GetValue(to), zone, now));
            var host = args.GetValue(domain) is { Length: > 0 } name ? EmailAddress.Read($"reader@{name.TrimStart('@')}")?.Domain : "";
            fault = host is null ? $"--domain {args.GetValue(domain)}: write a domain such as example.org"
                : args.GetValue(from) is { } first && begin is null ? Fault("--from", first, zone)
                : args.GetValue(to) is { } last && end is null ? Fault("--to", last, zone)
                : "";
            return fault.Length == 0 ? new(args.GetValue(reason) ?? "", args.GetValue(words) ?? "", host!, begin, end) : null;
        }

        private static DateTimeOffset? Time(string? text, TimeZoneInfo zone, DateTimeOffset now) => text is null ? null
            : SendTime.Read(TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? $"{TimeZoneInfo.ConvertTime(now, zone):yyyy-MM-dd} {text}" : text, zone, now);

        private static string Fault(string option, string text, TimeZoneInfo zone) => $"{option} {text}: write a time as 09:00, 2026-12-01 08:30 (in {zone.Id}) or 2026-12-01T08:30+01:00";
    }
}
