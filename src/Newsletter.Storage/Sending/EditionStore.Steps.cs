using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>The steps of editions: who takes one first has it, and it is taken once.</summary>
public sealed partial class EditionStore
{
    /// <summary>Heard by runs of this process: somebody here has stopped the edition, and they need not wait until they look. Those of others look.</summary>
    public event Action<EditionId>? Stopped;

    /// <summary>Takes a legal step; false where the edition is not in a state from which it is one.</summary>
    public Task<bool> StepAsync(EditionId id, EditionState to, string reason, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync(transaction => StepAsync(transaction, id, to, reason, byPerson: false, now), ct);

    /// <summary>A pause, hold or cancel by a person's hand, which ends whatever would have gone on by itself: a step to the state in which the edition stands already is one then.</summary>
    public Task<bool> StepByPersonAsync(EditionId id, EditionState to, string reason, DateTimeOffset now, CancellationToken ct) => TellAsync(id, database.WriteAsync(async transaction =>
        await StepAsync(transaction, id, to, reason, byPerson: true, now)
        || await transaction.Connection!.ExecuteAsync(
            "update editions set state_at = @now, state_reason = @reason, by_person = 1, goes_on_at = null where id = @Value and state = @to and goes_on_at is not null",
            new { id.Value, to = to.Word(), reason, now = now.Ms() }, transaction) > 0, ct));

    /// <summary>Another time for an edition that has not begun; one that is held is scheduled again.</summary>
    public Task<bool> RescheduleAsync(EditionId id, DateTimeOffset due, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("""
            update editions set state = 'scheduled', state_at = @now, state_reason = '', by_person = 0, goes_on_at = null, due_at = @due where id = @Value and state in ('scheduled', 'held')
            """, new { id.Value, due = due.Ms(), now = now.Ms() }, transaction) > 0, ct);

    /// <summary>Holds an edition that has not begun.</summary>
    /// <param name="id">The edition.</param>
    /// <param name="reason">Why, in words for the editor.</param>
    /// <param name="goesOn">When it starts by itself; null: a person decides.</param>
    /// <param name="now">When it was held.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <returns>False where it is neither scheduled nor in its hold window.</returns>
    public Task<bool> HoldAsync(EditionId id, string reason, DateTimeOffset? goesOn, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("""
            update editions set state = 'held', state_at = @now, state_reason = @reason, by_person = 0, goes_on_at = @goesOn
            where id = @Value and (state = 'scheduled' or state = 'held' and goes_on_at is not null)
            """, new { id.Value, reason, goesOn = goesOn?.Ms(), now = now.Ms() }, transaction) > 0, ct);

    /// <summary>A paused edition goes on, with its next wave where one waits. By the clock only where its time to go on has come and nobody has taken that away since.</summary>
    public Task<bool> GoOnAsync(EditionId id, bool byPerson, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var names = new { id.Value, by = byPerson ? 1L : 0L, now = now.Ms() };
        if (await transaction.Connection!.ExecuteAsync("""
            update editions set state = 'running', state_at = @now, state_reason = '', by_person = @by, goes_on_at = null
            where id = @Value and state = 'paused' and (@by = 1 or goes_on_at <= @now)
            """, names, transaction) == 0)
            return false;
        await ReleaseWaveAsync(transaction, id, now);
        return true;
    }, ct);

    /// <summary>What the clock has to look at: running, due within <paramref name="ahead"/>, or with a time to go on that has come. What goes first stands first.</summary>
    public Task<IReadOnlyList<Edition>> TimelyAsync(string sandbox, DateTimeOffset now, TimeSpan ahead, CancellationToken ct) => database.ReadAsync<IReadOnlyList<Edition>>(async connection =>
        Editions(await connection.QueryAsync<Row>($"""
            select {Columns} from editions
            where sandbox = @sandbox
              and (state = 'running' and due_at <= @now or state = 'scheduled' and due_at <= @soon or state in ('held', 'paused') and goes_on_at <= @now)
            order by priority, due_at, id
            """, new { sandbox, now = now.Ms(), soon = (now + ahead).Ms() })), ct);

    private async Task<bool> TellAsync(EditionId id, Task<bool> step)
    {
        var isTaken = await step;
        if (isTaken)
            Stopped?.Invoke(id);
        return isTaken;
    }

    internal static async Task<bool> StepAsync(DbTransaction transaction, EditionId id, EditionState to, string reason, bool byPerson, DateTimeOffset now) =>
        await transaction.Connection!.ExecuteAsync($"""
            update editions set state = @to, state_at = @now, state_reason = @reason, by_person = @by, goes_on_at = null
            where id = @Value and state in ({string.Join(", ", EditionSteps.Before(to).Select(state => $"'{state.Word()}'"))})
            """, new { id.Value, to = to.Word(), reason, by = byPerson ? 1L : 0L, now = now.Ms() }, transaction) > 0;
}
