using Dapper;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>Keeps recurring slots: when the next one is due, and what became of each that came round.</summary>
public sealed class SlotStore(Database database)
{

    /// <summary>What became of one time that a slot came round.</summary>
    public sealed record Passing(string Schedule, DateTimeOffset DueAt, DateTimeOffset At, string Outcome, long? EditionId, string Words);

    private sealed record PassingRow(string Schedule, long DueAt, long At, string Outcome, long? EditionId, string Words);

    /// <summary>When the schedule is due next. A new one, or one whose rule has changed, starts from <paramref name="first"/>.</summary>
    public async Task<DateTimeOffset> NextDueAsync(string schedule, string rule, DateTimeOffset first, CancellationToken ct)
    {
        // Asked every few seconds, and almost always the same: only what is new is written.
        var known = await database.ReadAsync(connection =>
            connection.ExecuteScalarAsync<long?>("select next_due from schedules where name = @schedule and rule = @rule", new { schedule, rule }), ct);
        return known.Instant() ?? await StartAsync(schedule, rule, first, ct);
    }

    /// <summary>
    /// Marks that the slot came round at <paramref name="due"/>, puts the issue on the schedule for that time, and moves the slot to <paramref name="next"/>: all in one
    /// transaction, by whoever is first. Null for everybody else.
    /// </summary>
    /// <param name="schedule">The slot's name.</param>
    /// <param name="was">The time that the slot was known to be due: the earliest of those that passed.</param>
    /// <param name="missed">Times before <paramref name="due"/> that passed unseen, the earliest first.</param>
    /// <param name="due">The latest time that passed, or the one to come whose issue is announced now.</param>
    /// <param name="next">The time after.</param>
    /// <param name="issue">The next ready issue; null where there is none.</param>
    /// <param name="sandbox">The one address that its letters go to; empty: to the readers.</param>
    /// <param name="words">Why there is none, or what a person should know.</param>
    /// <param name="now">When it was seen.</param>
    /// <param name="ct">Stops before anything is written.</param>
    public Task<Passing?> PassAsync(string schedule, DateTimeOffset was, IReadOnlyList<DateTimeOffset> missed, DateTimeOffset due, DateTimeOffset next,
        RenderedIssue? issue, string sandbox, string words, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        if (await connection.ExecuteAsync("update schedules set next_due = @next where name = @schedule and next_due = @was", new { schedule, next = next.Ms(), was = was.Ms() }, transaction) == 0)
            return null;
        foreach (var time in missed)
            await InsertAsync(new(schedule, time, now, "missed", null, "nothing was running, and a later time of the slot has passed since"));
        var edition = issue is null ? null : (await EditionStore.AddAsync(transaction, issue, new EditionPlan(due) { Sandbox = sandbox }, now)).Edition;
        var passing = new Passing(schedule, due, now, edition is null ? "empty" : "scheduled", edition?.Id.Value, words);
        await InsertAsync(passing);
        return passing;

        Task InsertAsync(Passing row) => connection.ExecuteAsync(
            "insert into slots (schedule, due_at, at, outcome, edition_id, words) values (@Schedule, @due, @at, @Outcome, @EditionId, @Words) on conflict do nothing",
            new { row.Schedule, due = row.DueAt.Ms(), at = row.At.Ms(), row.Outcome, row.EditionId, row.Words }, transaction);
    }, ct);

    /// <summary>The last times that came round, the latest first.</summary>
    public Task<IReadOnlyList<Passing>> ListAsync(string schedule, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<Passing>>(async connection =>
        (await connection.QueryAsync<PassingRow>("select schedule, due_at, at, outcome, edition_id, words from slots where schedule = @schedule order by due_at desc limit @count", new { schedule, count }))
            .Select(row => new Passing(row.Schedule, row.DueAt.Instant(), row.At.Instant(), row.Outcome, row.EditionId, row.Words)).ToList(), ct);

    private Task<DateTimeOffset> StartAsync(string schedule, string rule, DateTimeOffset first, CancellationToken ct) => database.WriteAsync(async transaction =>
        (await transaction.Connection!.ExecuteScalarAsync<long>("""
            insert into schedules (name, rule, next_due) values (@schedule, @rule, @first)
            on conflict (name) do update set
                next_due = case when schedules.rule = excluded.rule then schedules.next_due else excluded.next_due end, rule = excluded.rule
            returning next_due
            """, new { schedule, rule, first = first.Ms() }, transaction)).Instant(), ct);
}
