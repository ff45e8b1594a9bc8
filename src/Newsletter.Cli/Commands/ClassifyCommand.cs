using System.CommandLine;
using System.Text.Json;
using Newsletter.Classifying;

namespace Newsletter.Cli;

/// <summary><c>newsletter classify [FILE|DIR|-] [--json]</c>: says what returned mails are, and changes nothing. Needs no publication.</summary>
internal static class ClassifyCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "A mail, a folder of mails, or - for standard input.", DefaultValueFactory = _ => "-" };
        var json = new Option<bool>("--json") { Description = "One JSON line per mail." };
        var command = new Command("classify", "Says what returned mails are: bounce, complaint, reply and so on.") { source, json };
        command.SetAction((args, ct) => Door.RunAsync(() => RunAsync(args.GetRequiredValue(source), args.GetValue(json), ct)));
        return command;
    }

    private static async Task<int> RunAsync(string source, bool json, CancellationToken ct)
    {
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        if (source == "-")
        {
            await output.WriteLineAsync(Line("-", await ReadInputAsync(ct), json));
            return ExitCode.Done;
        }
        if (!File.Exists(source) && !Directory.Exists(source))
        {
            await Console.Error.WriteLineAsync($"newsletter: {source}: no such file or folder; give a mail, a folder of mails, or - for standard input");
            return ExitCode.InputHasErrors;
        }
        IEnumerable<string> files = File.Exists(source) ? [source] : Directory.EnumerateFiles(source).Order(StringComparer.Ordinal);
        // Classifying is pure, so all cores may read; the lines keep the order of the names.
        foreach (var line in files.AsParallel().AsOrdered().WithCancellation(ct).Select(file => Line(Path.GetFileName(file), File.ReadAllBytes(file), json)))
            await output.WriteLineAsync(line);
        return ExitCode.Done;
    }

    private static async Task<byte[]> ReadInputAsync(CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }

    private static string Line(string file, byte[] raw, bool json)
    {
        var mail = Classifier.Classify(raw);
        return json
            ? JsonSerializer.Serialize(new { file, kind = mail.Kind, recipients = Recipients(mail).Select(Fields), evidence = mail.Evidence, confidence = mail.Confidence.ToString().ToLowerInvariant(), messageIds = mail.Origin.MessageIds }, CliJson.Options)
            : $"{file}: {mail.Kind}{string.Concat(Recipients(mail).Select(each => $" {each.Address} {each.Status} {each.Verdict.ReasonWord}"))} ({mail.Evidence})";
    }

    /// <summary>A bounce that names nobody is about whom the address it came to names: <c>*</c>.</summary>
    private static IEnumerable<ReturnedRecipient> Recipients(ReturnedMail mail) =>
        mail is ReturnedMail.Bounce { Named: [] } bounce ? [new("*", null, bounce.Summary)] : mail.Recipients;

    private static object Fields(ReturnedRecipient recipient) => new
    {
        address = recipient.Address,
        status = recipient.Status?.ToString() ?? "",
        permanence = recipient.Verdict.PermanenceWord,
        reason = recipient.Verdict.ReasonWord,
        confidence = recipient.Verdict.Confidence.ToString().ToLowerInvariant(),
    };
}
