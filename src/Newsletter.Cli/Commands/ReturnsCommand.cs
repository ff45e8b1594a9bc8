using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>newsletter returns</c>, <c>returns show MAIL</c>, <c>returns mailboxes</c>: all mail that came back, whatever became of it, and how the ways in fare.</summary>
internal static class ReturnsCommand
{
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON line each.", Recursive = true };
    private static readonly Option<string?> Kind = new("--kind") { Description = $"Only mail of this kind: {string.Join(", ", MailKinds.All)}." };
    private static readonly Option<string?> Source = new("--source") { Description = "Only mail that came by a way in with this in its name (imap, returns@example.org, standard input)." };
    private static readonly Option<string?> Address = new("--address") { Description = "Only mail about this reader, or that names this address." };
    private static readonly Option<string?> Since = new("--since") { Description = "Only mail that came since 2026-12-01 or 2026-12-01 08:30, or within 2d or 3h." };
    private static readonly Option<bool> Unmatched = new("--unmatched") { Description = "Only mail that proves no letter of ours, is not understood, or could not be handled." };
    private static readonly Option<bool> Failed = new("--failed") { Description = "Only mail that could not be handled, by a fault of this program." };
    private static readonly Option<int> Count = new("--count") { Description = "At most so many, the newest first.", DefaultValueFactory = _ => 50 };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong(MailKinds.All);
        var command = new Command("returns", "Lists all mail that came back and what became of it; show MAIL tells of one, mailboxes how the ways in fare.")
        {
            Kind, Source, Address, Since, Unmatched, Failed, Count, AsJson, Show(), Mailboxes(),
        };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ListAsync(services, args, stop), ct));
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<long>("mail") { Description = "The mail's number." };
        var command = new Command("show", "Shows what a mail was read as, what it did, and what it was read as before; newsletter inbox raw MAIL writes the mail itself.") { id };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ShowAsync(services, args.GetRequiredValue(id), args.GetValue(AsJson), stop), ct));
        return command;
    }

    private static Command Mailboxes()
    {
        var command = new Command("mailboxes", "Shows how each mailbox fares: when it was read, when a mail came, and what is wrong.");
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            foreach (var state in await services.GetRequiredService<MailboxStore>().StatesAsync(stop))
                Console.Out.WriteLine(args.GetValue(AsJson) ? JsonSerializer.Serialize(state, CliJson.Options) : Plain.Line(MailboxText.Line(state, LocalText.Of(services))));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, ParseResult args, CancellationToken stop)
    {
        if (args.GetValue(Since) is { } text && PastTime.Read(text, services) is null)
        {
            await Console.Error.WriteLineAsync($"newsletter: --since {text}: {PastTime.Remedy}");
            return ExitCode.WrongUsage;
        }
        var filter = new MailFilter
        {
            Kind = args.GetValue(Kind) ?? "",
            Source = args.GetValue(Source) ?? "",
            Address = args.GetValue(Address) ?? "",
            Since = args.GetValue(Since) is { } since ? PastTime.Read(since, services) : null,
            IsUnmatched = args.GetValue(Unmatched),
            IsFailed = args.GetValue(Failed),
        };
        foreach (var mail in await services.GetRequiredService<ReturnedMailStore>().ListAsync(filter, args.GetValue(Count), stop))
            Console.Out.WriteLine(args.GetValue(AsJson) ? JsonSerializer.Serialize(Fields(mail), CliJson.Options) : Line(mail, LocalText.Of(services)));
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, long id, bool json, CancellationToken stop)
    {
        var mails = services.GetRequiredService<ReturnedMailStore>();
        if (await mails.ListAsync(new() { Ids = [id] }, 1, stop) is not [var mail])
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"newsletter: there is no mail {id}; newsletter returns lists them"));
            return ExitCode.InputHasErrors;
        }
        var earlier = await mails.EarlierAsync(id, stop);
        Console.Out.WriteLine(json
            ? JsonSerializer.Serialize(new { mail = Fields(mail), earlier = earlier.Select(each => new { each.At, each.Reading.Kind, each.Reading.Consequence, each.Reading.Outcome, each.Reading.Evidence }) }, CliJson.Options)
            : Text(mail, earlier, LocalText.Of(services)));
        return ExitCode.Done;
    }

    private static object Fields(MailLine mail) => new
    {
        mail.Id, mail.ReceivedAt, mail.Source, mail.Size, mail.HandledAt, mail.Reading.Kind, mail.Reading.Consequence, mail.Reading.Outcome, mail.Reading.Evidence,
        edition = mail.Reading.Delivery?.Edition.Value, subscriber = mail.Subscriber?.Value, mail.Address, unmatched = mail.IsUnmatched, mail.Error,
        verdict = mail.Verdict.Length > 0 ? JsonDocument.Parse(mail.Verdict).RootElement : (JsonElement?)null,
    };

    private static string Line(MailLine mail, LocalText local) => string.Create(CultureInfo.InvariantCulture,
        $"{mail.Id,6}  {local.Bare(mail.ReceivedAt)}  {Kinds(mail),-11}  {(mail.IsUnmatched ? "unmatched" : ""),-9}  {Plain.Line(mail.Address)}  {Plain.Line(mail.Error.Length > 0 ? mail.Error : mail.Reading.Outcome)}");

    private static string Kinds(MailLine mail) => mail.Error.Length > 0 ? "failed" : mail.HandledAt is null ? "waits" : mail.Reading.Kind;

    private static string Text(MailLine mail, IReadOnlyList<(DateTimeOffset At, MailReading Reading)> earlier, LocalText local) => string.Join('\n', ((string[])
    [
        string.Create(CultureInfo.InvariantCulture, $"Mail:      {mail.Id}, {mail.Size} octets, came {local.Minute(mail.ReceivedAt)} by {Plain.Line(mail.Source)}"),
        $"Is:        {Kinds(mail)}{(mail.Reading.Evidence.Length > 0 ? $" ({Plain.Line(mail.Reading.Evidence)})" : "")}",
        mail.Reading.Delivery is { } delivery
            ? string.Create(CultureInfo.InvariantCulture, $"About:     edition {delivery.Edition.Value}, subscriber {delivery.Subscriber.Value} {Plain.Line(mail.Address)}")
            : mail.Subscriber is { } probed ? string.Create(CultureInfo.InvariantCulture, $"About:     a probe of subscriber {probed.Value} {Plain.Line(mail.Address)}")
            : "About:     no letter of ours is proven",
        mail.HandledAt is { } at ? $"Did:       {mail.Reading.Consequence}: {Plain.Line(mail.Reading.Outcome)}, {local.Minute(at)}" : "Did:       nothing yet",
        mail.Error.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"Failed:    {Plain.Line(mail.Error)}; newsletter receive --again {mail.Id} tries it once more") : "",
        mail.Verdict.Length > 0 ? $"Verdict:   {Plain.Line(mail.Verdict)}" : "",
        .. earlier.Select(each => $"Before:    {each.Reading.Kind}, {each.Reading.Consequence}: {Plain.Line(each.Reading.Outcome)} ({Plain.Line(each.Reading.Evidence)}), {local.Minute(each.At)}"),
    ]).Where(line => line.Length > 0));
}
