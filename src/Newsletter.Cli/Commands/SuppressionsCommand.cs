using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>newsletter suppressions …</c>: the addresses that get no mail whoever asks.</summary>
internal static class SuppressionsCommand
{
    private const string Erased = "(erased)";

    public static Command Create() => new("suppressions", "Addresses that get no mail whoever asks: list, check, add, remove, export.") { List(), Check(), Add(), Remove(), Export() };

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "One JSON line each." };
        var command = new Command("list", "Lists them: address, why, since when, by whom. Of erased people nobody can tell the address; check finds it.") { json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var count = 0L;
            await using (var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024))
                await foreach (var line in services.GetRequiredService<Suppressions>().ListAsync(isExport: false, stop))
                {
                    await output.WriteLineAsync(args.GetValue(json) ? JsonSerializer.Serialize(Shape(AddressOf(line), line.Suppression), CliJson.Options) : Line(AddressOf(line) ?? Erased, line.Suppression));
                    count++;
                }
            return Done(string.Create(CultureInfo.InvariantCulture, $"{count:n0} suppressed"));
        }, ct));
        return command;
    }

    private static Command Check()
    {
        var address = Address();
        var json = new Option<bool>("--json") { Description = "One JSON line." };
        var command = new Command("check", "Tells whether an address is barred, and why; also that of an erased person.") { address, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (Read(args.GetRequiredValue(address)) is not { } mailbox)
                return ExitCode.InputHasErrors;
            var barred = await services.GetRequiredService<SubscriberStore>().FindSuppressionAsync(mailbox, stop);
            Console.Out.WriteLine(args.GetValue(json) ? JsonSerializer.Serialize(barred is null ? new { email = mailbox.Value, barred = false } : Shape(mailbox.Value, barred), CliJson.Options)
                : barred is null ? $"{mailbox} is not barred" : Line(mailbox.Value, barred));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Command Add()
    {
        var address = new Argument<string?>("address") { Description = "The address to bar.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { Description = "A list instead: one address a line, or the first column of a CSV; - for standard input." };
        var why = Why("The reason; it stands with the address.");
        var command = new Command("add", "Bars an address, known or not, and ends its subscription. No import, form or command brings it back.") { address, file, why };
        command.Validators.Add(result =>
        {
            if (result.GetValue(address) is null == result.GetValue(file) is null)
                result.AddError("name one address, or a list with --file");
        });
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var suppressions = services.GetRequiredService<Suppressions>();
            if (args.GetValue(file) is { } path)
                return path != "-" && !File.Exists(path) ? Fail($"{path}: no such file") : await AddAsync(suppressions, path, args.GetRequiredValue(why), stop);
            return Read(args.GetValue(address)!) is not { } mailbox ? ExitCode.InputHasErrors
                : await suppressions.AddAsync(mailbox, args.GetRequiredValue(why), stop) ? Done($"{mailbox}: barred") : Done($"{mailbox}: barred already; nothing changed");
        }, ct));
        return command;
    }

    private static async Task<int> AddAsync(Suppressions suppressions, string path, string why, CancellationToken stop)
    {
        await using var list = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        var tally = await suppressions.AddAsync(list, why, bad => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}:{bad}: no mail address stands there")), stop);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tally.Barred} barred, {tally.Before} before, {tally.Bad} bad"));
        return tally.Bad > 0 ? ExitCode.InputHasErrors : ExitCode.Done;
    }

    private static Command Remove()
    {
        var address = Address();
        var why = Why("The reason; it is noted with the subscriber, where there is one.");
        var command = new Command("remove", "Takes away what bars an address. A subscription that ended stays ended; an erased person comes back by themselves alone.") { address, why };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) => Read(args.GetRequiredValue(address)) is not { } mailbox ? ExitCode.InputHasErrors
            : await services.GetRequiredService<Suppressions>().RemoveAsync(mailbox, args.GetRequiredValue(why), stop) switch
            {
                LiftOutcome.Lifted => Done($"{mailbox}: not barred any more; a subscription that ended stays so (subscribers resume)"),
                LiftOutcome.Erased => Fail($"{mailbox} is the address of a person who had themselves forgotten; only they come back, by subscribing"),
                _ => Fail($"{mailbox} is not barred; nothing changed"),
            }, ct));
        return command;
    }

    private static Command Export()
    {
        var file = new Argument<string>("file") { Description = "The file to write (readable by its owner alone), or - for standard output." };
        var command = new Command("export", "Writes them as a CSV that add --file reads. The marks of erased people are left out: without our keys they mean nothing.") { file };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var (count, marks) = (0L, 0L);
            async Task WriteAsync(TextWriter to)
            {
                await to.WriteAsync("email,reason,since,by,why\r\n".AsMemory(), stop);
                await foreach (var line in services.GetRequiredService<Suppressions>().ListAsync(isExport: true, stop))
                    if (AddressOf(line) is { } address)
                    {
                        await to.WriteAsync($"{string.Join(',', Cells(address, line.Suppression).Select(SubscriberCsv.Cell))}\r\n".AsMemory(), stop);
                        count++;
                    }
                    else
                    {
                        marks++;
                    }
            }

            if (args.GetRequiredValue(file) is not "-" and var path)
            {
                await WholeFile.WriteAsync(path, WholeFile.Private, WriteAsync);
            }
            else
            {
                await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024);
                await WriteAsync(output);
            }
            return Done(string.Create(CultureInfo.InvariantCulture, $"{count:n0} written{(marks > 0 ? $", {marks:n0} of erased people left out" : "")}"));
        }, ct));
        return command;
    }

    /// <summary>Null for an erased person's: what is kept is a mark.</summary>
    private static string? AddressOf(SuppressedAddress line) => line.Suppression.Reason is SuppressionReason.Erased ? null : line.Key;

    private static string[] Cells(string address, Suppression barred) =>
        [address, barred.Reason.ToString().ToLowerInvariant(), SubscriberCsv.WriteInstant(barred.At), barred.Actor.ToString().ToLowerInvariant(), barred.Evidence];

    private static string Line(string address, Suppression barred) => Plain.Line(string.Join("  ", Cells(address, barred)).TrimEnd());

    private static object Shape(string? address, Suppression barred) => new
    {
        email = address, barred = true, reason = barred.Reason.ToString().ToLowerInvariant(), at = SubscriberCsv.WriteInstant(barred.At), actor = barred.Actor.ToString().ToLowerInvariant(), evidence = barred.Evidence,
    };

    private static Argument<string> Address() => new("address") { Description = "The mail address." };

    private static Option<string> Why(string description)
    {
        var why = new Option<string>("--why") { Description = description, Required = true };
        why.Validators.Add(option =>
        {
            if (string.IsNullOrWhiteSpace(option.GetValueOrDefault<string>()))
                option.AddError("--why: say why, for example --why \"asked by letter on 3 May\"");
        });
        return why;
    }

    private static EmailAddress? Read(string text)
    {
        var address = EmailAddress.Read(text);
        if (address is null)
            Fail($"{PersonalText.OneLine(text, 80)} is no mail address; write it as reader@example.org");
        return address;
    }

    private static int Done(string words)
    {
        Console.Error.WriteLine(words);
        return ExitCode.Done;
    }

    private static int Fail(string words)
    {
        Console.Error.WriteLine($"newsletter: {words}");
        return ExitCode.InputHasErrors;
    }
}
