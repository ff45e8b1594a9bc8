using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Cli;

/// <summary><c>send ISSUE --now</c>: in the foreground, until the edition is complete.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var issue = IssueArgument.Create();
        var now = new Option<bool>("--now") { Description = "Send at once and stay until all is sent. Without it nothing is sent: schedule is the verb for later." };
        var json = new Option<bool>("--json") { Description = "End with the tally as one line of JSON." };
        var command = new Command("send", "Send an issue now. An issue goes out once: an edition that was begun is finished, one that is complete is not sent again.") { issue, now, json };
        // A flag that is Required counts as given when it is not there: it has a value, false.
        command.Validators.Add(result =>
        {
            if (!result.GetValue(now))
                result.AddError("send: say --now to send at once, or take newsletter schedule ISSUE --at TIME");
        });
        command.SetAction((args, ct) => Door.RunCheckedAsync(args, (services, stop) => SendAsync(services, args.GetRequiredValue(issue), args.GetValue(json), stop), ct));
        return command;
    }

    private static async Task<int> SendAsync(IServiceProvider services, string wanted, bool json, CancellationToken ct)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var began = time.GetTimestamp();
        if (await IssueArgument.RenderAsync(services, wanted, ct) is not { } issue)
            return ExitCode.InputHasErrors;
        if (await IsForNobodyAsync(services, issue.Slug, ct))
            return Said("nobody on the list is active, so nothing was sent; take readers in with newsletter subscribers import or add", ExitCode.InputHasErrors);
        if (await TroubleAsync(services, ct) is { } trouble)
            return Said(trouble + "; nothing was sent", ExitCode.WorldFailed);

        var editions = services.GetRequiredService<Editions>();
        var (edition, isNew) = await editions.ScheduleAsync(issue, time.GetUtcNow(), ct);
        if (edition.State is EditionState.Paused)
            return Said($"edition {edition.Id.Value} of this issue is paused ({edition.StateReason}): newsletter resume {edition.Id.Value} lets it go on", ExitCode.InputHasErrors);
        if (edition.State is EditionState.Scheduled or EditionState.Held)
            await editions.StartNowAsync(edition.Id, ct);
        if (!isNew)
            Console.Error.WriteLine(edition.State is EditionState.Complete
                ? string.Create(CultureInfo.InvariantCulture, $"This issue was sent as edition {edition.Id.Value} on {edition.CompletedAt:yyyy-MM-dd HH:mm} UTC; nothing is sent twice.")
                : $"Going on with edition {edition.Id.Value}.");

        if (await SettledAsync(services, edition.Id, ct) is not { } ended)
            return Said(ServeCommand.Undrained, ExitCode.StoppedByPerson);
        return await TellAsync(services, ended, json, time.GetElapsedTime(began).TotalSeconds, ct);
    }

    /// <summary>Null where it was stopped and letters stayed on the wire.</summary>
    private static async Task<Edition?> SettledAsync(IServiceProvider services, EditionId edition, CancellationToken ct)
    {
        var dispatcher = services.GetRequiredService<Dispatcher>();
        using var announced = StopSignals.Announce(services.GetRequiredService<SendingOptions>().DrainFor, ct);
        using var progress = new SendingScreen(services.GetRequiredService<TimeProvider>());
        try
        {
            return await dispatcher.SendUntilSettledAsync(edition, progress.Line, ct);
        }
        catch (OperationCanceledException) when (dispatcher.HasLeftLetters)
        {
            return null;
        }
    }

    /// <summary>An issue goes out once: sent to an empty list it would be gone.</summary>
    private static async Task<bool> IsForNobodyAsync(IServiceProvider services, string slug, CancellationToken ct) =>
        (await services.GetRequiredService<SubscriberStore>().CountAsync(ct)).GetValueOrDefault(SubscriptionState.Active) == 0
        && !(await services.GetRequiredService<EditionStore>().TakenSlugsAsync(ct)).Contains(slug);

    /// <summary>Why no relay takes letters; null where one does.</summary>
    private static async Task<string?> TroubleAsync(IServiceProvider services, CancellationToken ct)
    {
        var words = new List<string>();
        foreach (var transport in services.GetRequiredService<IReadOnlyList<ITransport>>())
        {
            await using var connection = transport.Open();
            if (await connection.OpenAsync(ct) is not { } outcome)
                return null;
            words.Add($"{(outcome.Words.Contains(transport.Name, StringComparison.Ordinal) ? "" : transport.Name + ": ")}{outcome.Words}{(outcome.Remedy.Length > 0 ? $"; {outcome.Remedy}" : "")}");
        }
        return string.Join("; ", words);
    }

    private static async Task<int> TellAsync(IServiceProvider services, Edition edition, bool json, double seconds, CancellationToken ct)
    {
        var tally = await services.GetRequiredService<DeliveryStore>().TallyAsync(edition.Id, ct);
        Console.Out.WriteLine(json
            ? TallyText.Json(edition, tally, seconds)
            : string.Create(CultureInfo.InvariantCulture, $"Edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()}: {TallyText.Words(tally)}, {edition.Candidates - tally.Total:n0} excluded, {seconds:n1} s."));
        return edition.State switch
        {
            EditionState.Complete => ExitCode.Done,
            EditionState.Paused => Said($"edition {edition.Id.Value} is paused: {edition.StateReason}; newsletter resume {edition.Id.Value} lets it go on", ExitCode.WorldFailed),
            EditionState.Running => Said($"{tally.InDoubt} letters are in doubt (Sending:InDoubt is Hold): newsletter retry {edition.Id.Value} --in-doubt sends them again", ExitCode.WorldFailed),
            _ => Said($"edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()}: {edition.StateReason}", ExitCode.StoppedByPerson),
        };
    }

    private static int Said(string words, int code)
    {
        Console.Error.WriteLine($"newsletter: {words}");
        return code;
    }
}

/// <summary>The line on stderr while an edition goes out, taken away at the end.</summary>
internal sealed class SendingScreen(TimeProvider time) : IDisposable
{
    public SendingLine Line { get; } = new(Console.Error, !Console.IsErrorRedirected, time);

    public void Dispose() => Line.Clear();
}
