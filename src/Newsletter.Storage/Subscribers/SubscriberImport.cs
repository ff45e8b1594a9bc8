using System.Data.Common;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Takes a list in, some thousand rows a transaction: a stop in between leaves whole batches, and the same list again changes nothing twice.</summary>
public sealed class SubscriberImport(Database database, ErasedAddresses erased)
{
    /// <summary>Any number that no other program on the same database takes: lists go in one after the other on PostgreSQL, for two that add the same people in another order would lock each other out.</summary>
    private const long Lock = 0x6e657774;

    /// <summary>What one batch comes to while it is taken in.</summary>
    private sealed class Batch(string list, DateTimeOffset at, ImportTally tally)
    {
        public string List { get; } = list;
        public DateTimeOffset At { get; } = at;
        public ImportTally Tally { get; set; } = tally;
        public Dictionary<string, Subscriber> Known { get; init; } = [];
        public HashSet<string> Barred { get; init; } = [];
        public Dictionary<string, ListRow.Person> New { get; } = [];
        public Dictionary<long, Profile> Changed { get; } = [];
        public Dictionary<SubscriberId, ListRow.Person> Ended { get; } = [];
    }

    private sealed record NewRow(long Id, string AddressKey);

    /// <summary>Takes one batch in, all of it or nothing.</summary>
    /// <param name="people">Rows of the list, in its order.</param>
    /// <param name="list">The list's name, for the history.</param>
    /// <param name="at">When this import began: the same for all its batches.</param>
    /// <param name="tally">What the batches before came to.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns>The tally with this batch in it.</returns>
    public Task<ImportTally> TakeAsync(IReadOnlyList<ListRow.Person> people, string list, DateTimeOffset at, ImportTally tally, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (database.Provider is DatabaseProvider.Postgres)
            await transaction.Connection!.ExecuteAsync("select pg_advisory_xact_lock(@Lock)", new { Lock }, transaction);
        // A second round has only those whom somebody else added between our look and our insert.
        for (var round = people; round.Count > 0;)
        {
            var batch = await LookAsync(transaction, round, list, at, tally);
            foreach (var person in round)
                Sort(batch, person);
            await UpdateAsync(transaction, batch);
            foreach (var (id, person) in batch.Ended)
                await Standings.ChangeAsync(database, transaction, id, new(person.State!.Value, "list", Actor.Import, at, $"{list}:{person.Line}"));
            var added = await InsertAsync(transaction, batch);
            tally = batch.Tally with { Added = batch.Tally.Added + added.Count };
            round = batch.New.Where(pair => !added.Contains(pair.Key)).Select(pair => pair.Value).ToList();
        }
        return tally;
    }, ct);

    private async Task<Batch> LookAsync(DbTransaction transaction, IReadOnlyList<ListRow.Person> people, string list, DateTimeOffset at, ImportTally tally)
    {
        var addresses = people.Select(person => person.Profile.Address).Distinct().ToList();
        var known = await transaction.Connection!.QueryAsync<SubscriberRow>(
            $"select {SubscriberRow.Columns} from subscribers where address_key {database.IsOneOf("@keys")} order by id {database.ForUpdate}",
            new { keys = database.Many(addresses.Select(address => address.Key)) }, transaction);
        var marks = addresses.SelectMany(address => erased.Marks(address).Append(address.Key), (address, mark) => (address.Key, mark)).ToDictionary(pair => pair.mark, pair => pair.Key);
        var barred = await transaction.Connection!.QueryAsync<string>(
            $"select address_key from suppressions where address_key {database.IsOneOf("@marks")}", new { marks = database.Many(marks.Keys) }, transaction);
        return new(list, at, tally)
        {
            Known = known.Select(row => row.ToSubscriber()).ToDictionary(subscriber => subscriber.Profile!.Address.Key),
            Barred = barred.Select(mark => marks[mark]).ToHashSet(),
        };
    }

    private static void Sort(Batch batch, ListRow.Person person)
    {
        var key = person.Profile.Address.Key;
        if (batch.Known.TryGetValue(key, out var known))
            Meet(batch, person, known);
        else if (batch.Barred.Contains(key))
            batch.Tally = batch.Tally.WithLeftAlone("suppressed");
        else if (!batch.New.TryAdd(key, person))
        {
            batch.Tally = batch.Tally with { Doubles = batch.Tally.Doubles + 1 };
            if (Ends(person, batch.New[key].State))
                batch.New[key] = batch.New[key] with { State = person.State };
        }
    }

    /// <summary>Whether the second row of an address says that its person left. Two lists put one behind the other are a list with everybody who left in it twice.</summary>
    private static bool Ends(ListRow.Person person, SubscriptionState? before) => person.State?.IsEnded() is true && before?.IsEnded() is not true;

    /// <summary>A row about somebody who is known. Whoever stands as they do since this import began was added by it.</summary>
    private static void Meet(Batch batch, ListRow.Person person, Subscriber known)
    {
        var tally = batch.Tally;
        var given = known.Profile!.With(person.Profile);
        if (known.StateAt.Ms() == batch.At.Ms())
        {
            batch.Tally = tally with { Doubles = tally.Doubles + 1 };
            if (Ends(person, known.State))
                batch.Ended.TryAdd(known.Id, person);
        }
        else if (known.State.IsEnded())
            batch.Tally = tally.WithLeftAlone(known.State.Word());
        else if (batch.Barred.Contains(known.Profile.Address.Key))
            batch.Tally = tally.WithLeftAlone("suppressed");
        else if (given.Says(known.Profile))
            batch.Tally = tally with { Unchanged = tally.Unchanged + 1, StandingKept = tally.StandingKept + Differs(person, known) };
        else
        {
            batch.Tally = tally with { Updated = tally.Updated + 1, StandingKept = tally.StandingKept + Differs(person, known) };
            batch.Changed[known.Id.Value] = given;
            batch.Known[known.Profile.Address.Key] = known with { Profile = given };
        }
    }

    private static int Differs(ListRow.Person person, Subscriber known) => person.State is { } state && state != known.State ? 1 : 0;

    private async Task UpdateAsync(DbTransaction transaction, Batch batch)
    {
        if (batch.Changed.Count == 0)
            return;
        var rows = JsonSerializer.Serialize(batch.Changed.Select(pair => new
        {
            id = pair.Key,
            name = pair.Value.Name,
            fields = SubscriberRow.Text(pair.Value.Fields),
            tags = SubscriberRow.Text(pair.Value.Tags),
            language = pair.Value.Language,
            zone = pair.Value.TimeZone,
        }));
        await transaction.Connection!.ExecuteAsync($"""
            update subscribers
            set name = r.value ->> 'name', fields = r.value ->> 'fields', tags = r.value ->> 'tags', language = r.value ->> 'language', time_zone = r.value ->> 'zone'
            from {database.Elements("@rows")}
            where subscribers.id = cast(r.value ->> 'id' as bigint)
            """, new { rows }, transaction);
    }

    /// <summary>The keys that were added, each with its first line of history.</summary>
    private async Task<HashSet<string>> InsertAsync(DbTransaction transaction, Batch batch)
    {
        if (batch.New.Count == 0)
            return [];
        var at = batch.At.Ms();
        var rows = JsonSerializer.Serialize(batch.New.Values.Select(person => Element(person, at)));
        var added = (await transaction.Connection!.QueryAsync<NewRow>($"""
            insert into subscribers (address, address_key, name, fields, tags, topics, language, time_zone, source, state, state_at, created_at)
            select r.value ->> 'address', r.value ->> 'key', r.value ->> 'name', r.value ->> 'fields', r.value ->> 'tags', r.value ->> 'topics', r.value ->> 'language',
                   r.value ->> 'zone', r.value ->> 'source', r.value ->> 'state', @at, cast(r.value ->> 'since' as bigint)
            from {database.Elements("@rows")}
            where true order by r.key
            on conflict (address_key) do nothing
            returning id, address_key
            """, new { rows, at }, transaction)).AsList();

        var lines = JsonSerializer.Serialize(added.OrderBy(row => row.Id).Select(row => (row.Id, Person: batch.New[row.AddressKey])).Select(row => new
        {
            id = row.Id,
            state = (row.Person.State ?? SubscriptionState.Active).Word(),
            evidence = $"{batch.List}:{row.Person.Line}",
        }));
        await transaction.Connection!.ExecuteAsync($"""
            insert into subscriptions_log (subscriber_id, state, at, reason, actor, evidence)
            select cast(r.value ->> 'id' as bigint), r.value ->> 'state', @at, 'list', 'import', r.value ->> 'evidence' from {database.Elements("@lines")} where true order by r.key
            """, new { lines, at }, transaction);
        return added.Select(row => row.AddressKey).ToHashSet();
    }

    private static object Element(ListRow.Person person, long at) => new
    {
        address = person.Profile.Address.Value,
        key = person.Profile.Address.Key,
        name = person.Profile.Name,
        fields = SubscriberRow.Text(person.Profile.Fields),
        tags = SubscriberRow.Text(person.Profile.Tags),
        topics = SubscriberRow.Text(person.Profile.Topics),
        language = person.Profile.Language,
        zone = person.Profile.TimeZone,
        source = person.Profile.Source,
        state = (person.State ?? SubscriptionState.Active).Word(),
        since = person.Profile.Since?.ToUnixTimeMilliseconds() ?? at,
    };
}
