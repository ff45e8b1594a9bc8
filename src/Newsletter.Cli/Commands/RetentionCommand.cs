using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary><c>newsletter retention</c>: takes away what has been kept long enough, as the clock of <c>serve</c> does each night.</summary>
internal static class RetentionCommand
{
    public static Command Create()
    {
        var dry = new Option<bool>("--dry-run") { Description = "Only tells what would go." };
        var json = new Option<bool>("--json") { Description = "The result as one JSON line." };
        var command = new Command("retention", "Forgets what was kept long enough, by the section Retention of the configuration; newsletter serve does so each night.") { dry, json };
        command.SetAction((args, ct) => Door.RunAsync(args, async (services, stop) =>
        {
            var (retention, options) = (services.GetRequiredService<Retention>(), services.GetRequiredService<RetentionOptions>());
            var tally = await (args.GetValue(dry) ? retention.CountAsync(stop) : retention.RunAsync(stop));
            Console.Out.WriteLine(args.GetValue(json) ? JsonSerializer.Serialize(tally, CliJson.Options) : Words(tally, options, args.GetValue(dry)));
            return ExitCode.Done;
        }, ct));
        return command;
    }

    private static string Words(RetentionTally tally, RetentionOptions options, bool dry)
    {
        var would = dry ? "would be " : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            never confirmed for {Days(options.Pending)}: {tally.NeverConfirmed:n0} people and {tally.Wishes:n0} wishes {would}forgotten
            network addresses and agents of readers who left {Days(options.Evidence)} ago: {tally.Evidence:n0} lines {would}blanked
            returned mails: {(options.Mails is { } mails ? string.Create(CultureInfo.InvariantCulture, $"the bytes of {tally.Mails:n0} older than {Days(mails)} {would}taken away") : "all kept (Retention:Mails is not set)")}
            """).ReplaceLineEndings("\n");
    }

    private static string Days(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.##} {(time == TimeSpan.FromDays(1) ? "day" : "days")}");
}
