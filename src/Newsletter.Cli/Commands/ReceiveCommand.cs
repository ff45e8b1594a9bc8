using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary><c>newsletter receive [FILE|-]</c>, <c>receive --maildir DIR</c>, <c>receive</c>: takes in mail that came back, and does what follows.</summary>
internal static class ReceiveCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var source = new Argument<string?>("source") { Description = "A mail, or - for one on standard input. Without it, all configured mailboxes are read once.", Arity = ArgumentArity.ZeroOrOne };
        var maildir = new Option<DirectoryInfo?>("--maildir") { Description = "Reads this Maildir folder once." };
        var recipient = new Option<string[]>("--recipient") { Description = "The envelope's recipient, for a mail on standard input whose header does not tell it. May be repeated." };
        var json = new Option<bool>("--json") { Description = "One JSON line per mail." };
        var command = new Command("receive", "Takes in mail that came back: bounces, complaints, unsubscribes, replies.") { source, maildir, recipient, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(source) is not null && result.GetValue(maildir) is not null)
                result.AddError("give a mail or --maildir, not both");
        });
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) =>
            RunAsync(services, args.GetValue(source), args.GetValue(maildir), args.GetValue(recipient) ?? [], mail => Say(mail, args.GetValue(json)), stop), ct));
        return command;
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
            await services.GetRequiredService<ReplyForwarder>().ForwardAsync(stop);
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
        again = taken.Handled is null,
        edition = taken.Delivery?.Edition.Value,
        subscriber = taken.Delivery?.Subscriber.Value,
        consequence = taken.Handled?.Consequence.Word ?? "",
        outcome = taken.Handled?.Outcome ?? "",
        evidence = taken.Mail.Evidence,
    }, Json);

    private static string Line(TakenMail taken)
    {
        var about = taken.Delivery is { } delivery
            ? string.Create(CultureInfo.InvariantCulture, $"subscriber {delivery.Subscriber.Value}, edition {delivery.Edition.Value}")
            : "no letter of ours is proven";
        return string.Create(CultureInfo.InvariantCulture, $"{taken.Id}: {taken.Mail.Kind} ({about}): {taken.Handled?.Outcome ?? "came before, nothing done again"}");
    }
}
