using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What came of a decision on an incident.</summary>
/// <param name="Incident">The incident as it stands now.</param>
/// <param name="Changed">How many readers' standing was changed.</param>
/// <param name="LeftAlone">How many stay as they are, for a person of the house has suppressed their address.</param>
public sealed record IncidentOutcome(Incident Incident, int Changed, int LeftAlone);

/// <summary>A person's hand on suspensions: both doors call these verbs. None of them touches who complained, left or is forgotten.</summary>
public sealed partial class Incidents(IncidentStore store, SuspensionStore suspensions, Acts acts, TimeProvider time, ILogger<Incidents> log)
{
    /// <summary>Readers a transaction: others write meanwhile.</summary>
    private const int Batch = 200;

    /// <summary>It was no fault of the readers': those whom it suspended are given back, and its bounces never count. Null where there is no such incident. Again: finishes what was cut short.</summary>
    public async Task<IncidentOutcome?> UndoAsync(long id, string why, string by, CancellationToken ct)
    {
        var decision = new Decision(why, by, time.GetUtcNow());
        return await DecideAsync(id, IncidentState.Undone, decision, after => store.UndoAsync(id, after, Batch, decision, ct), ct);
    }

    /// <summary>The addresses are dead indeed: what its bounces would have done is done now. Null where there is no such incident. Again: finishes what was cut short.</summary>
    public async Task<IncidentOutcome?> AcceptAsync(long id, string why, string by, CancellationToken ct)
    {
        var decision = new Decision(why, by, time.GetUtcNow());
        return await DecideAsync(id, IncidentState.Accepted, decision, after => store.AcceptAsync(id, after, Batch, decision, ct), ct);
    }

    /// <summary>Gives back all whom a question finds, as an incident of its own. Null where it finds nobody.</summary>
    public async Task<IncidentOutcome?> UndoAsync(SuspensionQuestion question, string why, string by, CancellationToken ct)
    {
        if (await suspensions.CountAsync(question with { IsOfThisHouse = true }, ct) == 0)
            return null;
        var decision = new Decision(why, by, time.GetUtcNow());
        var id = await acts.DoAsync(() => store.AddByHandAsync(question, decision, ct), made => new("suspensions undo", Deed.Numbered("incident", made)));
        LogDecided(id, "made by hand, undone");
        return await RunAsync(id, after => store.UndoAsync(id, question, after, Batch, decision, ct), ct);
    }

    /// <summary>Gives one reader back, where bounces suspended them.</summary>
    public Task<ChangeOutcome> UndoAsync(SubscriberId reader, string why, string by, CancellationToken ct) =>
        acts.DoAsync(() => suspensions.UndoAsync(reader, why.Length > 0 ? $"suspension undone: {why}" : "suspension undone", by, time.GetUtcNow(), ct),
            outcome => outcome is ChangeOutcome.Changed ? new Deed("suspensions undo", reader) : null);

    private async Task<IncidentOutcome?> DecideAsync(long id, IncidentState to, Decision decision, Func<SubscriberId, Task<IncidentBatch>> batch, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct) is null)
            return null;
        var act = to is IncidentState.Undone ? "incidents undo" : "incidents accept";
        if (await acts.DoAsync(() => store.DecideAsync(id, to, decision, ct), isNew => isNew ? new Deed(act, Deed.Numbered("incident", id)) : null))
            LogDecided(id, to.ToString());
        return await RunAsync(id, batch, ct);
    }

    private async Task<IncidentOutcome?> RunAsync(long id, Func<SubscriberId, Task<IncidentBatch>> batch, CancellationToken ct)
    {
        var (changed, left, after) = (0, 0, 0L);
        do
        {
            ct.ThrowIfCancellationRequested();
            var done = await batch(new(after));
            (changed, left, after) = (changed + done.Changed, left + done.LeftAlone, done.Last);
        }
        while (after != 0);
        return new((await store.FindAsync(id, ct))!, changed, left);
    }

    [LoggerMessage(4010, LogLevel.Information, "Incident {Incident}: {What}")]
    private partial void LogDecided(long incident, string what);
}
