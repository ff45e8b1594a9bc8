using System.Data.Common;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A part of a list for one lane.</summary>
/// <param name="Lane">Which.</param>
/// <param name="People">The rows of the lane's addresses.</param>
/// <param name="From">The line up to which the lane's rows are in before.</param>
/// <param name="To">The same afterwards.</param>
/// <param name="Bad">Rows in between that nothing can be read from.</param>
public sealed record ImportPart(int Lane, PackedPeople People, long From, long To, long Bad);

/// <summary>Takes a list in, some ten thousand rows a transaction. How far it is stands in the same transaction: after a stop, however hard, it goes on at that row.</summary>
public sealed partial class SubscriberImport(Database database, ErasedAddresses erased)
{
    /// <summary>How many known people are looked at together.</summary>
    private const int Group = 2000;

    /// <summary>How many take a list in side by side: SQLite has one writer, and PostgreSQL a process for each connection, which has most of the work.</summary>
    public int Lanes => database.Provider is DatabaseProvider.Sqlite ? 1 : Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Begins to take a list in, or goes on with it where the same one stopped half-way.</summary>
    /// <param name="list">Its name.</param>
    /// <param name="contentHash">Of its octets and of how they are read.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<ImportRun> BeginAsync(string list, string contentHash, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        await database.AloneOnAsync(transaction, "begin an import");
        var connection = transaction.Connection!;
        if (await connection.QueryFirstOrDefaultAsync<ImportRow>(
            "select id, list, started_at from imports where content_hash = @contentHash and state = 'running' order by id desc limit 1", new { contentHash }, transaction) is { } stopped)
            return stopped.ToRun(await connection.QueryAsync<LaneRow>("select line, tally from import_lanes where import_id = @Id order by lane", stopped, transaction));
        var id = await connection.QuerySingleAsync<long>(
            "insert into imports (list, content_hash, lanes, state, started_at) values (@list, @contentHash, @Lanes, 'running', @at) returning id", new { list, contentHash, Lanes, at = at.Ms() }, transaction);
        var lanes = Enumerable.Range(0, Lanes).Select(lane => new { id, lane, tally = JsonSerializer.Serialize(new ImportTally()) }).ToList();
        await connection.ExecuteAsync("insert into import_lanes (import_id, lane, line, tally) values (@id, @lane, 0, @tally)", lanes, transaction);
        return new ImportRow(id, list, at.Ms()).ToRun(lanes.Select(lane => new LaneRow(0, lane.tally)));
    }, ct);

    /// <summary>Takes a part in, all of it or nothing.</summary>
    /// <param name="run">Of which import.</param>
    /// <param name="part">What.</param>
    /// <param name="tally">What the lane came to before.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns>The lane's tally with this part in it.</returns>
    /// <exception cref="ImportOverException">Another process has gone on with it, or it was taken back: nothing was changed.</exception>
    public Task<ImportTally> TakeAsync(ImportRun run, ImportPart part, ImportTally tally, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        // First of all: who takes the same part elsewhere waits here, and then has nothing to do.
        var place = new { run.Id.Value, part.Lane, part.From, part.To };
        if (await transaction.Connection!.QuerySingleOrDefaultAsync<long?>($"select id from imports where id = @Value and state = 'running' {database.InUse}", place, transaction) is null
            || await transaction.Connection!.ExecuteAsync("update import_lanes set line = @To where import_id = @Value and lane = @Lane and line = @From", place, transaction) == 0)
            throw new ImportOverException(run.List);
        var (added, others) = await InsertAsync(transaction, part.People, ct);
        var sum = tally with { Added = tally.Added + added, Bad = tally.Bad + part.Bad };
        foreach (var group in others.Order().Chunk(Group))
            sum = await MeetAsync(transaction, run, group.Select(part.People.PersonOf).ToList(), sum);
        await transaction.Connection!.ExecuteAsync(
            "update import_lanes set tally = @sum where import_id = @Value and lane = @Lane", new { run.Id.Value, part.Lane, sum = JsonSerializer.Serialize(sum) }, transaction);
        return sum;
    }, ct);

    /// <summary>All of the list is in; false where it was so before.</summary>
    public Task<bool> EndAsync(ImportRun run, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction => await transaction.Connection!.ExecuteAsync(
        "update imports set state = 'done', ended_at = @at where id = @Value and state = 'running'", new { run.Id.Value, at = at.Ms() }, transaction) == 1, ct);

    /// <summary>The first line of history of somebody whom a list added active; null for all others. A million lines that say the same would be written for it.</summary>
    internal static async Task<HistoryLine?> FirstLineAsync(DbConnection connection, SubscriberId subscriber) =>
        await connection.QuerySingleOrDefaultAsync<(string List, long At, long? Line)?>(
            "select i.list, i.started_at, s.import_line from subscribers s join imports i on i.id = s.import_id where s.id = @Value", subscriber) is var (list, at, line)
            ? new(null, new(SubscriptionState.Active, "list", Actor.Import, DateTimeOffset.FromUnixTimeMilliseconds(at), line is null ? "" : $"{list}:{line}"))
            : null;

    /// <summary>Adds who is new and not barred.</summary>
    /// <returns>How many, and all others: known, barred or a second row of an address.</returns>
    private async Task<(int Added, List<int> Others)> InsertAsync(DbTransaction transaction, PackedPeople people, CancellationToken ct)
    {
        var (fresh, others) = (new List<int>(), new List<int>());
        var barred = await BarredAsync(transaction, people);
        var before = -1;
        foreach (var person in people.InOrder())
        {
            var isSecond = before >= 0 && people.KeyOf(before).SequenceEqual(people.KeyOf(person));
            (isSecond || (barred.Count > 0 && barred.Contains(people.KeyTextOf(person))) ? others : fresh).Add(person);
            before = person;
        }
        // Most lists are of new people, so nobody is looked for until somebody is found. Twice, where another adds the same in between.
        while (await PackedInsert.InsertAsync(transaction, people, fresh, ct) is var known)
        {
            if (known is not null)
            {
                others.AddRange(known);
                if (known.Count > 0)
                    fresh.RemoveAll(known.ToHashSet().Contains);
                break;
            }
            var there = (await transaction.Connection!.QueryAsync<string>($"select address_key from subscribers where address_key {database.IsOneOf("@keys")}",
                new { keys = database.Many(fresh.Select(people.KeyTextOf)) }, transaction)).ToHashSet();
            others.AddRange(fresh.Where(person => there.Contains(people.KeyTextOf(person))));
            fresh.RemoveAll(person => there.Contains(people.KeyTextOf(person)));
        }
        await LogAsync(transaction, people, fresh.Where(people.IsOther).ToList());
        return (fresh.Count, others);
    }

    /// <summary>The keys that are barred. Marks of the erased are made only where there are any: one takes a microsecond.</summary>
    private async Task<HashSet<string>> BarredAsync(DbTransaction transaction, PackedPeople people)
    {
        var (any, marked) = await transaction.Connection!.QuerySingleAsync<(long Any, long Marked)>("""
            select case when exists (select 1 from suppressions) then 1 else 0 end, case when exists (select 1 from suppressions where reason = 'erased') then 1 else 0 end
            """, transaction: transaction);
        var barred = new HashSet<string>();
        if (any == 0)
            return barred;
        foreach (var group in Enumerable.Range(0, people.Count).Select(people.KeyTextOf).Distinct().Chunk(Group))
            barred.UnionWith(await BarredAsync(transaction, group, marked > 0));
        return barred;
    }

    private async Task<IEnumerable<string>> BarredAsync(DbTransaction transaction, IReadOnlyCollection<string> keys, bool marked)
    {
        var marks = keys.SelectMany(key => marked ? erased.Marks(key).Append(key) : [key], (key, mark) => (key, mark)).ToDictionary(pair => pair.mark, pair => pair.key);
        return (await transaction.Connection!.QueryAsync<string>(
            $"select address_key from suppressions where address_key {database.IsOneOf("@marks")}", new { marks = database.Many(marks.Keys) }, transaction)).Select(mark => marks[mark]);
    }

    /// <summary>A first line of history for each whom the list gives another standing than active.</summary>
    private async Task LogAsync(DbTransaction transaction, PackedPeople people, List<int> others)
    {
        foreach (var group in others.Chunk(Group))
        {
            var lines = JsonSerializer.Serialize(group.Select(person => new { key = people.KeyTextOf(person), line = people.LineOf(person) }));
            await transaction.Connection!.ExecuteAsync($"""
                insert into subscriptions_log (subscriber_id, state, at, reason, actor, evidence)
                select s.id, s.state, i.started_at, 'list', 'import', i.list || ':' || (r.value ->> 'line')
                from {database.Elements("@lines")} join subscribers s on s.address_key = r.value ->> 'key' join imports i on i.id = s.import_id
                where true order by s.id
                """, new { lines }, transaction);
        }
    }

    private sealed record ImportRow(long Id, string List, long StartedAt)
    {
        public ImportRun ToRun(IEnumerable<LaneRow> lanes) => new(new(Id), List, DateTimeOffset.FromUnixTimeMilliseconds(StartedAt), lanes.Select(lane => lane.ToLane()).ToList());
    }

    private sealed record LaneRow(long Line, string Tally)
    {
        public ImportLane ToLane() => new(Line, JsonSerializer.Deserialize<ImportTally>(Tally)!);
    }
}

/// <summary>An import that another process has gone on with, or that was taken back meanwhile.</summary>
public sealed class ImportOverException(string list) : Exception($"{list}: another process goes on with this import, or it was taken back; see: newsletter subscribers imports");
