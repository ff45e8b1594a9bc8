using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Cli;

/// <summary><c>status [EDITION]</c>: where editions stand, every number counted from the rows.</summary>
internal static class StatusCommand
{
    private const int Shown = 20;

    public static Command Create()
    {
        var number = EditionArgument.Create("all, the newest first");
        var json = new Option<bool>("--json") { Description = "One line of JSON for each edition." };
        var command = new Command("status", "Show editions and their tally; with a number, whom it did not reach and why, and who is at work.") { number, json };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => args.GetValue(number) is { } one
            ? ShowAsync(services, one, args.GetValue(json), stop)
            : ListAsync(services, args.GetValue(json), stop), ct));
        return command;
    }

    private static async Task<int> ListAsync(IServiceProvider services, bool json, CancellationToken ct)
    {
        Sandbox.Tell(services);
        var (now, local) = (services.GetRequiredService<TimeProvider>().GetUtcNow(), LocalText.Of(services));
        var editions = await services.GetRequiredService<EditionStore>().ListAsync(Shown, ct);
        foreach (var edition in editions)
        {
            var tally = await services.GetRequiredService<DeliveryStore>().TallyAsync(edition.Id, ct);
            Console.Out.WriteLine(json ? TallyText.Json(edition, tally, edition.Took(now).TotalSeconds) : StatusText.Line(edition, tally, now, local));
        }
        if (!json)
        {
            await HeldText.WriteAsync(services, ct);
            await IncidentText.WriteAsync(services, null, ct);
            await MailboxText.WriteAsync(services, ct);
        }
        if (editions.Count == 0)
            Console.Error.WriteLine("There is no edition yet: newsletter send ISSUE --now sends one, newsletter schedule ISSUE --at TIME puts one on the schedule.");
        if (!json && services.GetRequiredService<WeeklySlots>().Next() is { } next)
            Console.Error.WriteLine($"The weekly slot comes round next on {local.Day(next)}.");
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, long number, bool json, CancellationToken ct)
    {
        if (await services.GetRequiredService<EditionStore>().FindAsync(new(number), ct) is not { } edition)
        {
            Console.Error.WriteLine($"newsletter: there is no edition {number}; newsletter status lists them");
            return ExitCode.InputHasErrors;
        }
        var report = await ReportAsync(services, edition, ct);
        foreach (var line in json ? [StatusText.Json(report, edition.Took(report.Now).TotalSeconds)] : StatusText.Lines(report, LocalText.Of(services)))
            Console.Out.WriteLine(line);
        if (!json)
        {
            await HeldText.WriteAsync(services, ct);
            await IncidentText.WriteAsync(services, edition.Id, ct);
        }
        return ExitCode.Done;
    }

    private static async Task<EditionReport> ReportAsync(IServiceProvider services, Edition edition, CancellationToken ct)
    {
        var (ledger, deliveries, now) = (services.GetRequiredService<LedgerStore>(), services.GetRequiredService<DeliveryStore>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        return new(edition, await deliveries.TallyAsync(edition.Id, ct))
        {
            Now = now,
            Pace = edition.State is EditionState.Running ? await deliveries.PaceAsync(edition, now, ct) : null,
            Signals = edition is { HasTwoSubjects: true, StartedAt: not null } ? await services.GetRequiredService<EditionStore>().SignalsAsync(edition.Id, ct) : null,
            Exclusions = await services.GetRequiredService<EditionStore>().ExclusionsAsync(edition.Id, ct),
            Replies = await ledger.RepliesAsync(edition.Id, ct),
            Workers = await ledger.WorkersAsync(edition.Id, ct),
            Revisions = await ledger.RevisionsAsync(edition.Id, ct),
            Inbox = await services.GetRequiredService<InboxStore>().OfEditionAsync(edition.Id, ct),
            CameBack = await services.GetRequiredService<ReturnedMailStore>().CountAsync(edition.Id, ct),
            Counted = await services.GetRequiredService<RollupStore>().CountsAsync(edition.Id, ct),
        };
    }
}

/// <summary>All that the ledger knows of an edition, in numbers.</summary>
internal sealed record EditionReport(Edition Edition, Tally Tally)
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>Null where it does not run.</summary>
    public required SendingPace? Pace { get; init; }

    public required (TrialSignals A, TrialSignals B)? Signals { get; init; }
    public required IReadOnlyDictionary<string, long> Exclusions { get; init; }
    public required IReadOnlyList<ReplyGroup> Replies { get; init; }
    public required IReadOnlyList<WorkerClaims> Workers { get; init; }
    public required IReadOnlyDictionary<string, long> Revisions { get; init; }
    public required IReadOnlyDictionary<string, long> CameBack { get; init; }

    /// <summary>Conversations about it.</summary>
    public required InboxCounts Inbox { get; init; }

    public required IReadOnlyList<(DeliveryState State, string Domain, long Deliveries)> Counted { get; init; }
}
