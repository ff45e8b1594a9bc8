using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Replies;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>inbox attachment MAIL N</c> and <c>inbox raw MAIL</c>.</summary>
internal static class InboxFiles
{
    public static Command Attachment()
    {
        var mail = Mail();
        var index = new Argument<int>("number") { Description = "The file's number, as inbox show tells it." };
        var to = new Option<string?>("--out") { Description = "Where it is written; a file that is there is not overwritten. Default: standard output." };
        var command = new Command("attachment", "Writes a file of a mail as it is. It may be dangerous: inbox show says what was seen.") { mail, index, to };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => WriteAsync(services, args.GetRequiredValue(mail), args.GetRequiredValue(index), args.GetValue(to), stop), ct));
        return command;
    }

    public static Command Raw()
    {
        var id = Mail();
        var command = new Command("raw", "Writes a mail as it came to standard output.") { id };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await services.GetRequiredService<ReturnedMailStore>().RawAsync(args.GetRequiredValue(id), stop) is not { } raw)
                return await InboxCommand.NoneAsync("mail", args.GetRequiredValue(id));
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(raw, stop);
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static Argument<long> Mail() => new("mail") { Description = "The mail's number, as receive and inbox show tell it." };

    private static async Task<int> WriteAsync(IServiceProvider services, long mail, int index, string? to, CancellationToken stop)
    {
        if (await services.GetRequiredService<ReturnedMailStore>().RawAsync(mail, stop) is not { } raw)
            return await InboxCommand.NoneAsync("mail", mail);
        var read = ReplyMail.Read(raw);
        var files = read.Files;
        if (files.FirstOrDefault(file => file.Index == index) is not { } file)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"newsletter: mail {mail} has {(files.Count == 0 ? "no files" : $"the files 1 to {files.Count}")}"));
            return ExitCode.InputHasErrors;
        }
        if (File.Exists(to))
        {
            await Console.Error.WriteLineAsync($"newsletter: {to} is there already and is not overwritten; name another file");
            return ExitCode.InputHasErrors;
        }
        await using var output = to is null ? Console.OpenStandardOutput() : new FileStream(to, FileMode.CreateNew, FileAccess.Write);
        await output.WriteAsync(read.Content(file), stop);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Plain.Line(file.Name)}: {file.Size} bytes{(file.Warning.Length > 0 ? $"; beware: {file.Warning}" : "")}"));
        return ExitCode.Done;
    }
}
