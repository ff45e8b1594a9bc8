using System.Data.Common;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Rows about people who are known, or barred.</summary>
public sealed partial class SubscriberImport
{
    /// <summary>What one group comes to while it is taken in.</summary>
    private sealed class Meeting(ImportRun run, ImportTally tally)
    {
        public ImportRun Run { get; } = run;
        public ImportTally Tally { get; set; } = tally;
        public Dictionary<string, (Subscriber Subscriber, bool IsOfThis)> Known { get; init; } = [];
        public HashSet<string> Barred { get; init; } = [];
        public Dictionary<long, (long Line, Profile Before, Profile After)> Changed { get; } = [];
        public Dictionary<SubscriberId, ListRow.Person> Ended { get; } = [];
    }

    private async Task<ImportTally> MeetAsync(DbTransaction transaction, ImportRun run, IReadOnlyList<ListRow.Person> people, ImportTally tally)
    {
        var meeting = await LookAsync(transaction, run, people, tally);
        foreach (var person in people)
            if (meeting.Known.TryGetValue(person.Profile.Address.Key, out var known))
                Meet(meeting, person, known.Subscriber, known.IsOfThis);
            else // who is neither known nor new is barred
                meeting.Tally = meeting.Tally.WithLeftAlone("suppressed");
        await UpdateAsync(transaction, meeting);
        foreach (var (id, person) in meeting.Ended)
            await Standings.ChangeAsync(database, transaction, id, new(person.State!.Value, "list", Actor.Import, run.At, $"{run.List}:{person.Line}"));
        return meeting.Tally;
    }

    private async Task<Meeting> LookAsync(DbTransaction transaction, ImportRun run, IReadOnlyList<ListRow.Person> people, ImportTally tally)
    {
        var keys = people.Select(person => person.Profile.Address.Key).Distinct().ToList();
        var known = await transaction.Connection!.QueryAsync<SubscriberRow>(
            $"select {SubscriberRow.Columns} from subscribers where address_key {database.IsOneOf("@keys")} order by address_key {database.ForUpdate}", new { keys = database.Many(keys) }, transaction);
        return new(run, tally)
        {
            Known = known.Select(row => (Subscriber: row.ToSubscriber(), IsOfThis: row.ImportId == run.Id.Value)).ToDictionary(pair => pair.Subscriber.Profile!.Address.Key),
            Barred = (await BarredAsync(transaction, keys, marked: false)).ToHashSet(),
        };
    }

    /// <summary>Whether the second row of an address says that its person left. Two lists put one behind the other are a list with everybody who left in it twice.</summary>
    private static bool Ends(ListRow.Person person, SubscriptionState before) => person.State?.IsEnded() is true && !before.IsEnded();

    /// <summary>A row about somebody who is known; whoever came by this list has been in it before.</summary>
    private static void Meet(Meeting meeting, ListRow.Person person, Subscriber known, bool isOfThis)
    {
        var tally = meeting.Tally;
        var given = known.Profile!.With(person.Profile);
        if (isOfThis)
        {
            meeting.Tally = tally with { Doubles = tally.Doubles + 1 };
            if (Ends(person, known.State))
                meeting.Ended.TryAdd(known.Id, person);
        }
        else if (known.State.IsEnded())
            meeting.Tally = tally.WithLeftAlone(known.State.Word());
        else if (meeting.Barred.Contains(known.Profile.Address.Key))
            meeting.Tally = tally.WithLeftAlone("suppressed");
        else if (given.Says(known.Profile))
            meeting.Tally = tally with { Unchanged = tally.Unchanged + 1, StandingKept = tally.StandingKept + Differs(person, known) };
        else
        {
            meeting.Tally = tally with { Updated = tally.Updated + 1, StandingKept = tally.StandingKept + Differs(person, known) };
            meeting.Changed[known.Id.Value] = (person.Line, meeting.Changed.TryGetValue(known.Id.Value, out var earlier) ? earlier.Before : known.Profile, given);
            meeting.Known[known.Profile.Address.Key] = (known with { Profile = given }, false);
        }
    }

    private static int Differs(ListRow.Person person, Subscriber known) => person.State is { } state && state != known.State ? 1 : 0;

    /// <summary>Writes what is new of them, and what was before.</summary>
    private async Task UpdateAsync(DbTransaction transaction, Meeting meeting)
    {
        if (meeting.Changed.Count == 0)
            return;
        var rows = JsonSerializer.Serialize(meeting.Changed.Select(pair => new
        {
            id = pair.Key,
            line = pair.Value.Line,
            before = SubscriberRow.Facts(pair.Value.Before),
            after = SubscriberRow.Facts(pair.Value.After),
        }));
        await transaction.Connection!.ExecuteAsync($"""
            insert into import_changes (import_id, subscriber_id, line, before, after)
            select @Value, cast(r.value ->> 'id' as bigint), cast(r.value ->> 'line' as bigint), r.value ->> 'before', r.value ->> 'after' from {database.Elements("@rows")} where true
            on conflict (import_id, subscriber_id) do update set after = excluded.after
            """, new { rows, meeting.Run.Id.Value }, transaction);
        await SubscriberRow.UpdateAsync(database, transaction, meeting.Changed.Select(pair => (pair.Key, SubscriberRow.Facts(pair.Value.After))));
    }
}
