using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary><c>newsletter receive [FILE|-]</c>, <c>receive --maildir DIR</c>, <c>receive</c>: takes in mail that came back, and does what follows. <c>receive --again</c>: see <see cref="ReceiveAgain"/>.</summary>
internal static class ReceiveCommand
{
    /// <summary>The option for a mail server that pipes mail in.</summary>
    public const string Mta = "--mta";

    public static Command Create()
    {
        var source = new Argument<string[]>("source") { Description = "A mail, or - for one on standard input. Without it, all configured mailboxes are read once. With --again: numbers of stored mails.", Arity = ArgumentArity.ZeroOrMore };
        var maildir = new Option<DirectoryInfo?>("--maildir") { Description = "Reads this Maildir folder once." };
        var recipient = new Option<string[]>("--recipient") { Description = "The envelope's recipient, for a mail on standard input whose header does not tell it. May be repeated." };
        var mta = new Option<bool>(Mta) { Description = "For a mail server that pipes mail in: ends with 0 when the mail is stored, and with 75 (try again later) whatever else happens, so that no mail is sent back." };
        var json = new Option<bool>("--json") { Description = "One JSON line per mail." };
        var command = new Command("receive", "Takes in mail that came back: bounces, complaints, unsubscribes, replies.") { source, maildir, recipient, mta, json };
        var again = new ReceiveAgain(command, source, json);
        command.Validators.Add(result =>
        {
            if (again.Fault(result) is { } fault)
                result.AddError(fault);
            else if (!again.IsAsked(result) && result.GetValue(source) is { Length: > 1 })
                result.AddError("one mail at a time; to read several, put them into a Maildir and name it with --maildir");
            else if (result.GetValue(source) is { Length: > 0 } && result.GetValue(maildir) is not null)
                result.AddError("give a mail or --maildir, not both");
        });
        command.SetAction((args, ct) => GuardAsync(args.GetValue(mta), () => Door.RunAsync(args, (services, stop) =>
        {
            Wiring.CheckNames(services.GetRequiredService<IConfiguration>());
            return again.IsAsked(args)
                ? again.RunAsync(services, args, stop)
                : RunAsync(services, args.GetValue(source) is [var one, ..] ? one : null, args.GetValue(maildir), args.GetValue(recipient) ?? [], mail => Say(mail, args.GetValue(json)), stop);
        }, ct)));
        return command;
    }

    /// <summary>What a mail server is told: it sends a mail back on any code that it does not know, and that would be a reader's words lost for a slip in our settings.</summary>
    private static async Task<int> GuardAsync(bool isForMta, Func<Task<int>> verb)
    {
        if (!isForMta)
            return await verb();
        try
        {
            return await verb() == ExitCode.Done ? ExitCode.Done : ExitCode.TryAgain;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"newsletter: {Plain.Line($"{e.GetType().Name}: {e.Message}")}");
            return ExitCode.TryAgain;
        }
    }

    private static async Task<int> RunAsync(IServiceProvider services, string? source, DirectoryInfo? maildir, string[] recipients, Action<TakenMail> say, CancellationToken stop)
    {
        if (maildir is { Exists: false })
            return await RefuseAsync($"{maildir}: there is no such folder; name a Maildir (a folder with new and cur)");
        if (source is not null and not "-" && !File.Exists(source))
            return await RefuseAsync($"{source}: there is no such file; name a mail, or - for standard input");

        if (source is not null)
        {
            say(await services.GetRequiredService<ReturnDesk>().TakeAsync(await ReadAsync(source, stop), source == "-" ? "standard input" : Path.GetFileName(source), recipients, stop));
        }
        else if (maildir is not null)
        {
            await services.GetRequiredService<Mailboxes>().ReceiveAsync(new Maildir(maildir.FullName), say, stop);
        }
        else
        {
            await services.GetRequiredService<Mailboxes>().ReceiveAsync(say, stop);
            await services.GetRequiredService<Probes>().LookAsync(stop);
        }
        if (source is not null || maildir is not null)
            await services.GetRequiredService<OwedMail>().SendAsync(stop);
        await services.GetRequiredService<AnswerSender>().SendAsync(stop);
        return ExitCode.Done;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string source, CancellationToken stop)
    {
        await using var input = source == "-" ? Console.OpenStandardInput() : File.OpenRead(source);
        return await CutMail.ReadAsync(input, stop);
    }

    private static async Task<int> RefuseAsync(string words)
    {
        await Console.Error.WriteLineAsync($"newsletter: {words}");
        return ExitCode.InputHasErrors;
    }

    private static void Say(TakenMail taken, bool json) => Console.Out.WriteLine(json ? JsonLine(taken) : Line(taken));

    private static string JsonLine(TakenMail taken) => JsonSerializer.Serialize(new
    {
        id = taken.Id,
        kind = taken.Mail.Kind,
        again = taken.Handled is null && taken.Fault is null,
        edition = taken.Delivery?.Edition.Value,
        subscriber = taken.Delivery?.Subscriber.Value,
        consequence = taken.Handled?.Consequence.Word ?? "",
        outcome = taken.Handled?.Outcome ?? "",
        evidence = taken.Mail.Evidence,
        error = taken.Fault?.Message ?? "",
    }, CliJson.Options);

    private static string Line(TakenMail taken)
    {
        if (taken.Fault is { } fault)
            return string.Create(CultureInfo.InvariantCulture, $"{taken.Id}: stored, but it could not be handled, by a fault of this program ({Plain.Line(fault.Message)}); newsletter receive --again {taken.Id} tries it once more");
        var about = taken.Delivery is { } delivery
            ? string.Create(CultureInfo.InvariantCulture, $"subscriber {delivery.Subscriber.Value}, edition {delivery.Edition.Value}")
            : "no letter of ours is proven";
        return string.Create(CultureInfo.InvariantCulture, $"{taken.Id}: {taken.Mail.Kind} ({about}): {taken.Handled?.Outcome ?? "came before, nothing done again"}");
    }
}
