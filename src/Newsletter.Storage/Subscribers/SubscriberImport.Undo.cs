using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Imports that were made, and taking one back.</summary>
public sealed partial class SubscriberImport
{
    /// <summary>Where something that happened to a subscriber leaves a row, besides the log of their standing. (An attempt has a delivery, an earlier verdict a mail.)</summary>
    internal static readonly string[] Traces = ["deliveries", "bounces", "probes", "risks", "farewells", "returned_mails", "signups", "reader_acts", "reader_mails", "import_changes", "notes", "threads"];

    /// <summary>The newest imports first.</summary>
    /// <param name="count">So many at most.</param>
    /// <param name="ct">Stops the question.</param>
    public Task<IReadOnlyList<PastImport>> ListAsync(int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<PastImport>>(async connection =>
    {
        var imports = new List<PastImport>();
        foreach (var row in (await connection.QueryAsync<PastRow>("select id, list, started_at, state, ended_at from imports order by id desc limit @count", new { count })).AsList())
            imports.Add(new(
                new ImportRow(row.Id, row.List, row.StartedAt).ToRun(await connection.QueryAsync<LaneRow>("select line, tally from import_lanes where import_id = @Id order by lane", row)), row.State, row.EndedAt.Instant()));
        return imports;
    }, ct);

    /// <summary>Marks an import as taken back, which stops whoever still takes it in; false where there is none.</summary>
    public Task<bool> BeginUndoAsync(ImportId import, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        // Locked first: a part that is being taken in is waited for, and what it added is found afterwards.
        await transaction.Connection!.ExecuteAsync($"select 1 from imports where id = @Value {database.ForUpdate}", new { import.Value }, transaction);
        return await transaction.Connection!.ExecuteAsync("update imports set state = 'undone', ended_at = @at where id = @Value", new { import.Value, at = at.Ms() }, transaction) == 1;
    }, ct);

    /// <summary>Takes back what a list added, some of it after <paramref name="after"/>, in the order of numbers. A second time finds nothing.</summary>
    /// <returns>What that came to, and where to go on; null: that was all.</returns>
    public Task<(ImportUndone Undone, SubscriberId? Next)> UndoAddedAsync(ImportId import, SubscriberId after, DateTimeOffset at, CancellationToken ct) => database.WriteAsync<(ImportUndone, SubscriberId?)>(async transaction =>
    {
        var ids = (await transaction.Connection!.QueryAsync<long>($"select id from subscribers where import_id = @import and id > @after order by id limit {Group} {database.ForUpdate}",
            new { import = import.Value, after = after.Value }, transaction)).AsList();
        if (ids.Count == 0)
            return (new(0, 0, 0, 0, 0), null);
        var many = new { ids = database.Many(ids), first = ids[0], last = ids[^1] };
        var untouched = (await transaction.Connection!.QueryAsync<long>($"""
            select s.id from subscribers s where s.id {database.IsOneOf("@ids")} and not exists (select 1 from subscriptions_log l where l.subscriber_id = s.id and l.before <> '')
            {string.Concat(Traces.Select(table => table is "threads" // no index leads to a reader's, and there are few
                ? " and s.id not in (select t.subscriber_id from threads t where t.subscriber_id between @first and @last)"
                : $" and not exists (select 1 from {table} t where t.subscriber_id = s.id)"))}
            """, many, transaction)).AsList();
        var gone = new { ids = database.Many(untouched) };
        await transaction.Connection!.ExecuteAsync($"delete from subscriptions_log where subscriber_id {database.IsOneOf("@ids")}", gone, transaction);
        await transaction.Connection!.ExecuteAsync($"delete from subscribers where id {database.IsOneOf("@ids")}", gone, transaction);

        var (ended, left) = (0L, 0L);
        var change = new StandingChange(SubscriptionState.Unsubscribed, "import taken back", Actor.Undo, at, $"import {import.Value}");
        foreach (var id in ids.Except(untouched))
            if (await Standings.ChangeAsync(database, transaction, new(id), change) is ChangeOutcome.Changed)
                ended++;
            else
                left++;
        return (new(untouched.Count, ended, left, 0, 0), new(ids[^1]));
    }, ct);

    /// <summary>Takes back what a list changed of people who were known, some of it after <paramref name="after"/>. A second time finds only what was kept.</summary>
    /// <returns>As <see cref="UndoAddedAsync"/>.</returns>
    public Task<(ImportUndone Undone, SubscriberId? Next)> UndoChangedAsync(ImportId import, SubscriberId after, CancellationToken ct) => database.WriteAsync<(ImportUndone, SubscriberId?)>(async transaction =>
    {
        var changes = (await transaction.Connection!.QueryAsync<(long Id, string Before, string After)>($"""
            select subscriber_id, before, after from import_changes where import_id = @import and subscriber_id > @after order by subscriber_id limit {Group}
            """, new { import = import.Value, after = after.Value }, transaction)).AsList();
        if (changes.Count == 0)
            return (new(0, 0, 0, 0, 0), null);
        var now = (await transaction.Connection!.QueryAsync<SubscriberRow>($"select {SubscriberRow.Columns} from subscribers where id {database.IsOneOf("@ids")} order by id {database.ForUpdate}",
            new { ids = database.Many(changes.Select(change => change.Id)) }, transaction)).ToDictionary(row => row.Id, row => row.ToSubscriber());
        var asLeft = changes.Where(change => now[change.Id].Profile is { } profile && SubscriberRow.Facts(profile) == change.After).ToList();
        await SubscriberRow.UpdateAsync(database, transaction, asLeft.Select(change => (change.Id, change.Before)));
        await transaction.Connection!.ExecuteAsync($"delete from import_changes where import_id = @import and subscriber_id {database.IsOneOf("@ids")}",
            new { import = import.Value, ids = database.Many(asLeft.Select(change => change.Id)) }, transaction);
        return (new(0, 0, 0, asLeft.Count, changes.Count - asLeft.Count), new(changes[^1].Id));
    }, ct);

    private sealed record PastRow(long Id, string List, long StartedAt, string State, long? EndedAt);
}
