using System.CommandLine;
using System.Globalization;
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
        var command = new Command("status", "Show editions and their tally; with a number, whom it did not reach and why.") { number, json };
        command.SetAction((args, ct) => Door.RunAsync(args, (services, stop) => ShowAsync(services, args.GetValue(number), args.GetValue(json), stop), ct));
        return command;
    }

    private static async Task<int> ShowAsync(IServiceProvider services, long? number, bool json, CancellationToken ct)
    {
        var store = services.GetRequiredService<EditionStore>();
        var deliveries = services.GetRequiredService<DeliveryStore>();
        var editions = number is { } id ? [await store.FindAsync(new(id), ct)] : (IReadOnlyList<Edition?>)await store.ListAsync(Shown, ct);
        if (editions is [null])
        {
            Console.Error.WriteLine($"newsletter: there is no edition {number}; newsletter status lists them");
            return ExitCode.InputHasErrors;
        }

        Sandbox.Tell(services);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var edition in editions.OfType<Edition>())
        {
            var tally = await deliveries.TallyAsync(edition.Id, ct);
            Console.Out.WriteLine(json ? TallyText.Json(edition, tally, ((edition.CompletedAt ?? edition.StateAt) - (edition.StartedAt ?? edition.StateAt)).TotalSeconds) : Line(edition, tally, now));
        }
        if (number is not null && !json)
            await DetailsAsync(services, editions[0]!, ct);
        else if (number is null && !json && services.GetRequiredService<WeeklySlots>().Next() is { } next)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The weekly slot comes round next on {next:yyyy-MM-dd HH:mm} UTC."));
        return ExitCode.Done;
    }

    private static string Line(Edition edition, Tally tally, DateTimeOffset now)
    {
        var reason = EditionWords.Why(edition, now) is { Length: > 0 } why ? $" ({why})" : "";
        var numbers = edition.StartedAt is null
            ? string.Create(CultureInfo.InvariantCulture, $"due {edition.DueAt:yyyy-MM-dd HH:mm} UTC")
            : string.Create(CultureInfo.InvariantCulture, $"{TallyText.Words(tally)}, {edition.Candidates - tally.Total:n0} excluded");
        return Plain.Line($"{edition.Id.Value,4}  {edition.State.ToString().ToLowerInvariant(),-9}  {edition.Title}: {numbers}{reason}");
    }

    private static async Task DetailsAsync(IServiceProvider services, Edition edition, CancellationToken ct)
    {
        var deliveries = services.GetRequiredService<DeliveryStore>();
        foreach (var (kind, count) in await services.GetRequiredService<ReturnedMailStore>().CountAsync(edition.Id, ct))
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      {count:n0} came back: {kind}"));
        if (edition is { HasTwoSubjects: true, StartedAt: not null } && await services.GetRequiredService<EditionStore>().SignalsAsync(edition.Id, ct) is var (a, b))
            Console.Out.WriteLine($"      subject a: {a.Words}; subject b: {b.Words}; {(edition.Winner.Length > 0 ? $"the others get {edition.Winner}" : "the winner is not settled")}");
        foreach (var (reason, count) in await services.GetRequiredService<EditionStore>().ExclusionsAsync(edition.Id, ct))
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"      {count:n0} excluded: {reason}"));
        foreach (var state in new[] { DeliveryState.Failed, DeliveryState.Deferred, DeliveryState.InDoubt, DeliveryState.Skipped })
            foreach (var line in await deliveries.ListAsync(edition.Id, state, new(0), 100, ct))
                Console.Out.WriteLine(Plain.Line($"      {state.ToString().ToLowerInvariant()}: {line.Address}{(line.ReplyCode is { } code ? $", {code}" : "")}{(line.ReplyWords is { Length: > 0 } words ? $" {words}" : "")}"));
    }
}
