using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>What people and the clock do with editions; both doors call these verbs.</summary>
public sealed partial class Editions(EditionStore store, DeliveryStore deliveries, ScheduleOptions options, TimeProvider time, ILogger<Editions> log)
{
    /// <summary>Freezes a rendered issue for a time. An issue goes out once: where it has an edition that was not cancelled, that one is returned.</summary>
    /// <exception cref="InvalidOperationException">The issue has errors.</exception>
    public async Task<(Edition Edition, bool IsNew)> ScheduleAsync(RenderedIssue issue, DateTimeOffset at, CancellationToken ct)
    {
        if (issue.HasErrors)
            throw new InvalidOperationException($"issue {issue.Slug} has errors and cannot be scheduled");
        return await store.AddAsync(issue, "", at, time.GetUtcNow(), ct);
    }

    /// <summary>Starts what is due: the audience is frozen and the edition runs, or it is held because its time passed unseen.</summary>
    /// <returns>The editions that are running now, the earliest first.</returns>
    public async Task<IReadOnlyList<EditionId>> StartDueAsync(CancellationToken ct)
    {
        var running = new List<EditionId>();
        foreach (var edition in await store.DueAsync(time.GetUtcNow(), ct))
            if (edition.State is EditionState.Running || await StartAsync(edition, options.Lateness, ct))
                running.Add(edition.Id);
        return running;
    }

    /// <summary>Starts one edition at once, however late it is. False where it is not waiting to start.</summary>
    public async Task<bool> StartNowAsync(EditionId id, CancellationToken ct)
    {
        await store.RescheduleAsync(id, time.GetUtcNow(), time.GetUtcNow(), ct);
        return await FreezeAsync(id, ct);
    }

    /// <summary>Stops an edition after the letters in hand.</summary>
    public Task<bool> PauseAsync(EditionId id, string why, CancellationToken ct) => store.StepAsync(id, EditionState.Paused, why, time.GetUtcNow(), ct);

    /// <summary>A paused edition goes on; one that is held starts now.</summary>
    public async Task<bool> ResumeAsync(EditionId id, CancellationToken ct) =>
        await store.FindAsync(id, ct) is { State: EditionState.Held }
            ? await StartNowAsync(id, ct)
            : await store.FindAsync(id, ct) is { State: EditionState.Paused } && await store.StepAsync(id, EditionState.Running, "", time.GetUtcNow(), ct);

    /// <summary>Ends an edition; what was not sent never will be.</summary>
    public Task<bool> CancelAsync(EditionId id, string why, CancellationToken ct) => store.StepAsync(id, EditionState.Cancelled, why, time.GetUtcNow(), ct);

    /// <summary>Makes what failed (or is in doubt) due once more. Readers who have left since are skipped.</summary>
    public Task<int> RetryAsync(EditionId id, DeliveryFilter which, CancellationToken ct) => deliveries.RetryAsync(id, which, time.GetUtcNow(), ct);

    private async Task<bool> StartAsync(Edition edition, Lateness lateness, CancellationToken ct)
    {
        if (lateness.WhyHeld(edition.DueAt, time.GetUtcNow()) is not { } why)
            return await FreezeAsync(edition.Id, ct);
        if (await store.StepAsync(edition.Id, EditionState.Held, why, time.GetUtcNow(), ct))
            LogHeld(edition.Id.Value, why);
        return false;
    }

    private async Task<bool> FreezeAsync(EditionId id, CancellationToken ct)
    {
        var started = await store.FreezeAsync(id, time.GetUtcNow(), ct);
        if (started)
            LogStarted(id.Value);
        return started;
    }

    [LoggerMessage(3001, LogLevel.Information, "Edition {Edition} runs: its audience is frozen")]
    private partial void LogStarted(long edition);

    [LoggerMessage(3002, LogLevel.Warning, "Edition {Edition} is held: {Why}")]
    private partial void LogHeld(long edition, string why);
}
