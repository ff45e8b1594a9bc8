using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Composing;
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
        var priority = PriorityOption.Create();
        var json = new Option<bool>("--json") { Description = "End with the tally as one line of JSON." };
        var command = new Command("send", "Send an issue now. An issue goes out once: an edition that was begun is finished, one that is complete is not sent again.") { issue, now, priority, json };
        // A flag that is Required counts as given when it is not there: it has a value, false.
        command.Validators.Add(result =>
        {
            if (!result.GetValue(now))
                result.AddError("send: say --now to send at once, or take newsletter schedule ISSUE --at TIME");
        });
        command.SetAction((args, ct) => Door.RunCheckedAsync(args, (services, stop) =>
            SendAsync(services, args.GetRequiredValue(issue), args.GetValue(priority), args.GetValue(json), stop), ct));
        return command;
    }

    private static async Task<int> SendAsync(IServiceProvider services, string wanted, Priority priority, bool json, CancellationToken ct)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var began = time.GetTimestamp();
        Sandbox.Tell(services);
        if (await IssueArgument.RenderUnsentAsync(services, wanted, ct) is not var (issue, before))
            return ExitCode.InputHasErrors;
        if (before is { State: EditionState.Paused, GoesOnAt: null } paused)
            return Stopped(paused, ExitCode.InputHasErrors);
        if (before is null && await IsForNobodyAsync(services, ct))
            return Said("nobody on the list is active, so nothing was sent; take readers in with newsletter subscribers import or add", ExitCode.InputHasErrors);
        if (before is not { State: EditionState.Complete } && await TroubleAsync(services, ct) is { } trouble)
            return Said(trouble + "; nothing was sent", ExitCode.WorldFailed);

        var id = before?.Id ?? await BeginAsync(services, issue!, priority, ct);
        if (before is { State: EditionState.Scheduled or EditionState.Held })
            await services.GetRequiredService<Editions>().SendNowAsync(before.Id, ct);
        if (before is not null)
            Console.Error.WriteLine(before.State is EditionState.Complete ? SentBefore(before, LocalText.Of(services)) : $"Going on with edition {before.Id.Value}.");
        if (await StayAsync(services, id, ct) is not { } ended)
            return Said(ServeCommand.Undrained, ExitCode.StoppedByPerson);
        var took = before is { State: EditionState.Complete } ? ended.Took(time.GetUtcNow()) : time.GetElapsedTime(began);
        return await TellAsync(services, ended, json, took.TotalSeconds, ct);
    }

    private static async Task<EditionId> BeginAsync(IServiceProvider services, RenderedIssue issue, Priority priority, CancellationToken ct)
    {
        var editions = services.GetRequiredService<Editions>();
        var (edition, _) = await editions.ScheduleAsync(issue, new EditionPlan(services.GetRequiredService<TimeProvider>().GetUtcNow()) { Priority = priority }, ct);
        if (edition.State is EditionState.Scheduled or EditionState.Held)
            await editions.SendNowAsync(edition.Id, ct);
        return edition.Id;
    }

    /// <summary>A stop in the hold window is the undo that the window is there for. Null where it was stopped and letters stayed on the wire.</summary>
    private static async Task<Edition?> StayAsync(IServiceProvider services, EditionId id, CancellationToken ct)
    {
        var time = services.GetRequiredService<TimeProvider>();
        using var announced = StopSignals.Announce(services.GetRequiredService<SendingOptions>().DrainFor, ct);
        using var progress = new SendingScreen(time);
        try
        {
            return await services.GetRequiredService<ForegroundRun>().RunAsync(id, progress.Line, Waits, ct);
        }
        catch (OperationCanceledException) when (services.GetRequiredService<Dispatcher>().HasLeftLetters)
        {
            return null;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            var store = services.GetRequiredService<EditionStore>();
            if (await store.FindAsync(id, CancellationToken.None) is { IsInHoldWindow: true })
                await services.GetRequiredService<Editions>().CancelAsync(id, "undone in the hold window; nothing was sent", CancellationToken.None);
            if (await store.FindAsync(id, CancellationToken.None) is { State: EditionState.Cancelled, StartedAt: null } undone)
                return undone;
            throw;
        }

        void Waits(Edition edition)
        {
            progress.Line.Clear();
            Console.Error.WriteLine($"Edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()}: {EditionWords.Why(edition, time.GetUtcNow())}; "
                + (edition.IsInHoldWindow ? $"Ctrl+C or newsletter cancel {edition.Id.Value} undoes it." : edition.State is EditionState.Scheduled ? $"newsletter cancel {edition.Id.Value} undoes it." : $"newsletter resume {edition.Id.Value} lets it go on at once, newsletter cancel {edition.Id.Value} ends it."));
        }
    }

    private static string SentBefore(Edition edition, LocalText local) => $"This issue was sent as edition {edition.Id.Value} on {local.Day(edition.CompletedAt ?? edition.StateAt)}; nothing is sent twice.";

    /// <summary>An issue goes out once: sent to an empty list it would be gone.</summary>
    private static async Task<bool> IsForNobodyAsync(IServiceProvider services, CancellationToken ct) =>
        (await services.GetRequiredService<SubscriberStore>().CountAsync(ct)).GetValueOrDefault(SubscriptionState.Active) == 0;

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
            : string.Create(CultureInfo.InvariantCulture, $"Edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()}: {EditionWords.Numbers(tally)}, {edition.Candidates - tally.Total:n0} excluded, {seconds:n1} s."));
        NoRelay.Tell(services);
        return edition.State switch
        {
            EditionState.Complete => ExitCode.Done,
            EditionState.Paused or EditionState.Held => Stopped(edition, ExitCode.WorldFailed),
            EditionState.Running => Said($"{tally.InDoubt} letters are in doubt (Sending:InDoubt is Hold): newsletter retry {edition.Id.Value} --in-doubt sends them again", ExitCode.WorldFailed),
            _ => Said($"edition {edition.Id.Value} is {edition.State.ToString().ToLowerInvariant()}: {edition.StateReason}", ExitCode.StoppedByPerson),
        };
    }

    /// <summary>What waits for a person was stopped by one, or by the world, or by a threshold.</summary>
    private static int Stopped(Edition edition, int otherwise) => Said(
        $"edition {edition.Id.Value} of this issue is {edition.State.ToString().ToLowerInvariant()}{(edition.StateReason.Length > 0 ? $": {edition.StateReason}" : edition.ByPerson ? " by a person" : "")}; newsletter resume {edition.Id.Value} lets it go on",
        edition.ByPerson || edition.IsBetweenWaves ? ExitCode.StoppedByPerson : otherwise);

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
