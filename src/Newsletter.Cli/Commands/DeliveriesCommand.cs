using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>deliveries EDITION</c>: who got what, and what servers said, as a list for spreadsheets or scripts.</summary>
internal static class DeliveriesCommand
{
    public static Command Create()
    {
        var number = EditionArgument.Create("the only one there is");
        var state = new Option<string?>("--state") { Description = $"Only those that stand so: {string.Join(", ", Enum.GetValues<DeliveryState>().Select(each => each.Words().Replace(' ', '-')))}." };
        var json = new Option<bool>("--json") { Description = "JSON lines instead of CSV." };
        var to = new Option<string>("--out") { Description = "The file to write; - for standard output.", DefaultValueFactory = _ => "-" };
        state.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && DeliveryStates.Read(token.Value) is null)
                result.AddError($"--state {token.Value}: there is no such state; --help lists them");
        });
        var command = new Command("deliveries", "Writes an edition's deliveries: address, state, attempts, the relay's last reply, when, which text of the issue, and of two subjects which.") { number, state, json, to };
        var filter = new FilterOptions(command);
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            if (await EditionArgument.FindAsync(services, args.GetValue(number), _ => true, "", stop) is not { } edition)
                return ExitCode.InputHasErrors;
            var which = filter.Read(args, args.GetValue(state) is { } word ? DeliveryStates.Read(word) : null);
            var count = await WriteAsync(services.GetRequiredService<LedgerExport>(), edition, which, args.GetValue(to)!, args.GetValue(json), stop);
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{count:n0} {(count == 1 ? "delivery" : "deliveries")} written"));
            if ((await services.GetRequiredService<RollupStore>().CountsAsync(edition.Id, stop)).Sum(each => each.Deliveries) is > 0 and var counted)
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{counted:n0} more are kept as counts alone (Keeping:Deliveries); newsletter status {edition.Id.Value} shows them"));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static async Task<long> WriteAsync(LedgerExport export, Edition edition, DeliveryFilter which, string path, bool json, CancellationToken ct)
    {
        var count = 0L;
        async Task WriteAsync(TextWriter to) => count = await (json ? export.WriteJsonAsync(to, edition.Id, which, ct) : export.WriteCsvAsync(to, edition.Id, which, ct));

        if (path is not "-")
        {
            await WholeFile.WriteAsync(path, WholeFile.Private, WriteAsync);
            return count;
        }
        await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024);
        await WriteAsync(output);
        return count;
    }
}
