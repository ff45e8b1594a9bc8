using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What people and the clock do with editions; both doors call these verbs.</summary>
public sealed partial class Editions(EditionStore store, DeliveryStore deliveries, EditionRules rules, Acts acts, TimeProvider time, ILogger<Editions> log)
{
    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Freezes a rendered issue for a time. An issue goes out once: where it has an edition that was not cancelled, that one is returned.</summary>
    public Task<(Edition Edition, bool IsNew)> ScheduleAsync(RenderedIssue issue, DateTimeOffset at, CancellationToken ct) => ScheduleAsync(issue, new EditionPlan(at), ct);

    /// <summary>The same with all that can be said of an edition. It starts no earlier than the hold window allows.</summary>
    /// <exception cref="InvalidOperationException">The issue has errors.</exception>
    public async Task<(Edition Edition, bool IsNew)> ScheduleAsync(RenderedIssue issue, EditionPlan plan, CancellationToken ct)
    {
        if (issue.HasErrors)
            throw new InvalidOperationException($"issue {issue.Slug} has errors and cannot be scheduled");
        var (at, sandbox) = (NotBefore(plan.At), rules.Sending.Sandbox);
        return await acts.DoAsync(() => store.AddAsync(issue, plan with { At = at, Sandbox = sandbox }, Now, ct),
            added => added.IsNew ? new Deed("schedule", added.Edition.Id, new { issue = issue.Slug, at = at.ToUnixTimeMilliseconds(), sandbox = sandbox.Length > 0 }) : null);
    }

    /// <summary>Looks what the clock has made due: announces, starts and lets go on, or holds what is too late. Of the sandbox only where this process is in it, and of what is for readers only where it is not.</summary>
    /// <returns>The editions that are running now; what goes first stands first.</returns>
    public async Task<IReadOnlyList<EditionId>> StartDueAsync(CancellationToken ct)
    {
        var running = new List<EditionId>();
        foreach (var edition in await store.TimelyAsync(rules.Sending.Sandbox, Now, rules.Announcement, ct))
            if (await MoveAsync(edition, ct))
                running.Add(edition.Id);
        return running;
    }

    /// <summary>The same for one edition alone. Whether it is running now.</summary>
    public async Task<bool> StartIfDueAsync(EditionId id, CancellationToken ct) =>
        await store.FindAsync(id, ct) is { State: not (EditionState.Complete or EditionState.Cancelled) } edition
        && edition.Sandbox == rules.Sending.Sandbox && (edition.GoesOnAt ?? edition.DueAt) <= Now && (edition.State is not (EditionState.Held or EditionState.Paused) || edition.GoesOnAt is not null)
        && await MoveAsync(edition, ct);

    /// <summary>Starts one edition at once, however late it is and whatever is left of its hold window; where a cancelled edition of the issue has letters in hand, as soon as they are settled. False where it is not waiting to start.</summary>
    public Task<bool> StartNowAsync(EditionId id, CancellationToken ct) => StartAsync("send", id, ct);

    private async Task<bool> StartAsync(string act, EditionId id, CancellationToken ct)
    {
        await DoAsync(act, id, () => store.RescheduleAsync(id, Now, Now, ct));
        // What has to wait for letters in hand stays scheduled, and is due.
        return await FreezeAsync(id, ct) || await store.FindAsync(id, ct) is { State: EditionState.Scheduled };
    }

    /// <summary>As <see cref="StartNowAsync"/>, but with a hold window where one is set. False where the edition is not waiting to start.</summary>
    public async Task<bool> SendNowAsync(EditionId id, CancellationToken ct)
    {
        if (rules.HoldWindow == TimeSpan.Zero)
            return await StartNowAsync(id, ct);
        return await DoAsync("send", id, () => store.RescheduleAsync(id, NotBefore(Now), Now, ct)) && await AnnounceAsync(id, NotBefore(Now), ct);
    }

    /// <summary>Stops an edition after the letters in hand; one that has not begun is held until a person lets it go on.</summary>
    public async Task<bool> PauseAsync(EditionId id, string why, CancellationToken ct) =>
        await DoAsync("pause", id, () => store.StepByPersonAsync(id, EditionState.Paused, why, Now, ct)) || await DoAsync("pause", id, () => store.StepByPersonAsync(id, EditionState.Held, why, Now, ct));

    /// <summary>A paused edition goes on. One that a person held before its time is scheduled for that time again; any other that is held starts now.</summary>
    public async Task<bool> ResumeAsync(EditionId id, CancellationToken ct) => await store.FindAsync(id, ct) switch
    {
        { State: EditionState.Held, GoesOnAt: null } held when held.DueAt > Now => await DoAsync("resume", id, () => store.RescheduleAsync(id, held.DueAt, Now, ct)),
        { State: EditionState.Held } => await StartAsync("resume", id, ct),
        { State: EditionState.Paused } paused => await GoOnAsync(paused, byPerson: true, ct),
        _ => false,
    };

    /// <summary>Settles by hand which subject the rest of the readers gets, and lets the edition go on where it waits for that. False where it has one subject alone, or the others have got theirs.</summary>
    public async Task<bool> ChooseAsync(EditionId id, string winner, CancellationToken ct)
    {
        if (!await acts.DoAsync(() => store.ChooseAsync(id, winner, anew: true, ct), done => done ? new Deed("winner", id, new { winner }) : null))
            return false;
        if (await store.FindAsync(id, ct) is { WaitsForWinner: true, State: EditionState.Paused })
            await store.GoOnAsync(id, byPerson: true, Now, ct);
        return true;
    }

    /// <summary>Ends an edition; what was not sent never will be. In the hold window that is all of it.</summary>
    public Task<bool> CancelAsync(EditionId id, string why, CancellationToken ct) => DoAsync("cancel", id, () => store.StepByPersonAsync(id, EditionState.Cancelled, why, Now, ct));

    /// <summary>Makes what failed (or is in doubt) due once more. Readers who have left since are skipped.</summary>
    public Task<int> RetryAsync(EditionId id, DeliveryFilter which, CancellationToken ct) =>
        acts.DoAsync(() => deliveries.RetryAsync(id, which, Now, ct), count => count > 0 ? new Deed("retry", id, new { deliveries = count }) : null);

    private Task<bool> DoAsync(string act, EditionId id, Func<Task<bool>> step) => acts.DoAsync(step, done => done ? new Deed(act, id) : null);

    private DateTimeOffset NotBefore(DateTimeOffset at) => Later(at, Now + rules.HoldWindow);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>Whether the edition is running now.</summary>
    private async Task<bool> MoveAsync(Edition edition, CancellationToken ct)
    {
        if (edition.State is EditionState.Running)
            return true;
        if (edition.State is EditionState.Paused)
            return await GoOnAsync(edition, byPerson: false, ct);
        if (rules.Lateness.WhyHeld(edition.GoesOnAt ?? edition.DueAt, Now) is { } why)
            return await HoldAsync(edition.Id, why, ct);
        var start = edition.GoesOnAt ?? Later(edition.DueAt, edition.StateAt + rules.HoldWindow);
        if (start <= Now)
            return await FreezeAsync(edition.Id, ct);
        await AnnounceAsync(edition.Id, start, ct);
        return false;
    }

    private async Task<bool> GoOnAsync(Edition edition, bool byPerson, CancellationToken ct)
    {
        if (edition is { WaitsForWinner: true, Winner: "" })
        {
            var (a, b) = await store.SignalsAsync(edition.Id, ct);
            var (winner, words) = SubjectTrial.Winner(a, b);
            if (await store.ChooseAsync(edition.Id, winner, anew: false, ct))
                LogWinner(edition.Id.Value, words);
        }
        Task<bool> On() => store.GoOnAsync(edition.Id, byPerson, Now, ct);
        return await (byPerson ? DoAsync("resume", edition.Id, On) : On());
    }

    private async Task<bool> AnnounceAsync(EditionId id, DateTimeOffset start, CancellationToken ct)
    {
        var held = await store.HoldAsync(id, "", start, Now, ct);
        if (held)
            LogAnnounced(id.Value, start);
        return held;
    }

    /// <summary>Always false: it does not run.</summary>
    private async Task<bool> HoldAsync(EditionId id, string why, CancellationToken ct)
    {
        if (await store.HoldAsync(id, why, goesOn: null, Now, ct))
            LogHeld(id.Value, why);
        return false;
    }

    private async Task<bool> FreezeAsync(EditionId id, CancellationToken ct)
    {
        var started = await store.FreezeAsync(id, rules.Waves, Now, ct);
        if (started)
            LogStarted(id.Value);
        return started;
    }

    [LoggerMessage(3001, LogLevel.Information, "Edition {Edition} runs: its audience is frozen")]
    private partial void LogStarted(long edition);

    [LoggerMessage(3002, LogLevel.Warning, "Edition {Edition} is held: {Why}")]
    private partial void LogHeld(long edition, string why);

    [LoggerMessage(3006, LogLevel.Information, "Edition {Edition}: {Words}")]
    private partial void LogWinner(long edition, string words);

    [LoggerMessage(3004, LogLevel.Information, "Edition {Edition} starts by itself at {Start:O}; newsletter cancel stops it")]
    private partial void LogAnnounced(long edition, DateTimeOffset start);
}
