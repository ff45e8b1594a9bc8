using System.Text;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ImportsTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly List<string> bad = [];

    private SubscriberStore Store => field ??= new(Database, Some.ErasedAddresses());

    [Test]
    public async Task Good_rows_are_in_with_their_line_of_history_and_bad_ones_are_said()
    {
        var tally = await ImportAsync("email,name,city\nada@example.org,Ada,Paris\nnobody,Bob,\nzoe@example.org,Zoë,\n");

        Assert.That(tally, Is.EqualTo(new ImportTally { Added = 2, Bad = 1 }));
        Assert.That(bad, Is.EqualTo(new[] { "3: \"nobody\" is no mail address" }));
        var ada = await FindAsync("ada@example.org");
        Assert.That((ada.State, ada.Profile!.Name, ada.Profile.Fields["city"], ada.Profile.Source), Is.EqualTo((SubscriptionState.Active, "Ada", "Paris", "list.csv")));
        Assert.That(await Store.HistoryAsync(ada.Id, Stop), Is.EqualTo(new HistoryLine[]
        {
            new(null, new(SubscriptionState.Active, "list", Actor.Import, clock.GetUtcNow(), "list.csv:2")),
        }));
    }

    [Test]
    public async Task The_same_list_again_changes_nothing()
    {
        const string List = "email,name,tags\nada@example.org,Ada,press\nbob@example.org,,\n";
        await ImportAsync(List);
        var before = await RowsAsync();
        clock.Advance(TimeSpan.FromDays(1));

        var tally = await ImportAsync(List);

        Assert.That(tally, Is.EqualTo(new ImportTally { Unchanged = 2 }));
        Assert.That(await RowsAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task What_a_list_gives_replaces_ours_what_it_leaves_empty_stays_and_tags_are_added()
    {
        await ImportAsync("email,name,tags,city,shoe\nada@example.org,Ada,press,Paris,38\n");
        clock.Advance(TimeSpan.FromDays(1));

        var tally = await ImportAsync("email,name,tags,city,hat\nADA@example.org,,early,London,7\n");

        Assert.That(tally, Is.EqualTo(new ImportTally { Updated = 1 }));
        var profile = (await FindAsync("ada@example.org")).Profile!;
        Assert.That((profile.Address.Value, profile.Name, string.Join(' ', profile.Tags)), Is.EqualTo(("ada@example.org", "Ada", "early press")));
        Assert.That(profile.Fields, Is.EqualTo(new Dictionary<string, string> { ["city"] = "London", ["hat"] = "7", ["shoe"] = "38" }));
    }

    [Test]
    public async Task No_list_revives_anybody()
    {
        await ImportAsync("email,name,state\nunsubscribed@example.org,A,unsubscribed\nsuspended@example.org,B,suspended\ncomplained@example.org,C,complained\npaused@example.org,D,paused\nforgotten@example.org,E,\n");
        await Store.SuppressAsync(EmailAddress.Read("barred@example.org")!, new(SuppressionReason.Manual, Actor.Editor, clock.GetUtcNow()), Stop);
        await Store.EraseAsync((await FindAsync("forgotten@example.org")).Id, "asked for", Actor.Editor, clock.GetUtcNow(), Stop);
        clock.Advance(TimeSpan.FromDays(1));

        var tally = await ImportAsync("email,name,state\nUnsubscribed@example.org,X,active\nsuspended@example.org,X,active\ncomplained@example.org,X,active\npaused@example.org,X,active\nForgotten@EXAMPLE.org,X,active\nbarred@example.org,X,active\n");

        Assert.That(tally.LeftAlone, Is.EquivalentTo(new Dictionary<string, long> { ["unsubscribed"] = 1, ["suspended"] = 1, ["complained"] = 1, ["suppressed"] = 2 }));
        Assert.That((tally.Rows, tally.Updated, tally.StandingKept), Is.EqualTo((6, 1, 1)));
        Assert.That((await Store.CountAsync(Stop)).Keys, Does.Not.Contain(SubscriptionState.Active));
        Assert.That((await FindAsync("unsubscribed@example.org")).Profile!.Name, Is.EqualTo("A"));
    }

    [Test]
    public async Task Doubles_are_counted_within_a_batch_and_over_batches_and_the_first_stands()
    {
        var list = "email,name\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"r{i % 2100}@example.org,{i}\n"));

        var tally = await ImportAsync(list);

        Assert.That(tally, Is.EqualTo(new ImportTally { Added = 2100, Doubles = 2900 }));
        Assert.That((await FindAsync("r7@example.org")).Profile!.Name, Is.EqualTo("7"));
    }

    [Test]
    public async Task Who_left_by_any_row_of_a_list_is_not_mailed([Values(1, 2500)] int between)
    {
        var list = "email,name,state\nada@example.org,Ada,active\n" + string.Concat(Enumerable.Range(0, between).Select(i => $"r{i}@example.org,,\n"))
            + "Ada@Example.org,,unsubscribed\nada@example.org,,active\n";

        var tally = await ImportAsync(list);

        Assert.That(tally, Is.EqualTo(new ImportTally { Added = between + 1, Doubles = 2 }));
        Assert.That((await FindAsync("ada@example.org")).State, Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task A_list_read_in_by_eight_at_once_has_everybody_once()
    {
        var lists = Enumerable.Range(0, 8).Select(worker => "email\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"r{(i * 7 + worker) % 300}@example.org\n"))).ToList();

        var tallies = await Task.WhenAll(lists.Select((list, worker) => Task.Run(() => ImportAsync(list, OpenAnother(), clock.GetUtcNow().AddSeconds(worker)))));

        Assert.That(tallies.Sum(tally => tally.Added), Is.EqualTo(300));
        Assert.That(tallies.Select(tally => tally.Rows), Is.All.EqualTo(300));
        Assert.That((await Store.CountAsync(Stop))[SubscriptionState.Active], Is.EqualTo(300));
        Assert.That(await Store.HistoryAsync((await FindAsync("r7@example.org")).Id, Stop), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_list_that_was_stopped_goes_on_where_it_was_and_loses_and_doubles_nobody()
    {
        var list = "email\n" + string.Concat(Enumerable.Range(0, 7000).Select(i => i == 70 ? "nobody\n" : $"r{i}@example.org\n"));
        using var stop = new CancellationTokenSource();
        Assert.That(() => Imports(Database, clock).TakeInAsync(Bytes(list), "list.csv", new() { Takes = (_, _) => stop.Cancel() }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        var half = (await Store.CountAsync(Stop))[SubscriptionState.Active];
        var before = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(1));

        var tally = await ImportAsync(list);
        var again = await ImportAsync(list);

        Assert.That(half, Is.InRange(1, 6998));
        Assert.That(tally, Is.EqualTo(new ImportTally { Added = 6999, Bad = 1 }));
        Assert.That(again, Is.EqualTo(new ImportTally { Unchanged = 6999, Bad = 1 }));
        Assert.That((await Store.HistoryAsync((await FindAsync("r6999@example.org")).Id, Stop)).Single().Change, Is.EqualTo(new StandingChange(SubscriptionState.Active, "list", Actor.Import, before, "list.csv:7001")));
    }

    [Test]
    public async Task Of_two_that_take_the_same_list_in_one_gives_way()
    {
        var list = "email\n" + string.Concat(Enumerable.Range(0, 9000).Select(i => $"r{i}@example.org\n"));
        using var between = new SemaphoreSlim(0);
        using var other = new SemaphoreSlim(0);
        var first = Task.Run(() => Imports(Database, clock).TakeInAsync(Bytes(list), "list.csv", new()
        {
            Takes = (_, _) =>
            {
                other.Release();
                between.Wait();
            },
        }, Stop));
        await other.WaitAsync(Stop);

        var second = await Imports(OpenAnother(), clock).TakeInAsync(Bytes(list), "list.csv", new(), Stop);
        between.Release(100);

        Assert.That(second.Added, Is.EqualTo(9000));
        Assert.That(() => first, Throws.TypeOf<ImportOverException>());
        Assert.That((await Store.CountAsync(Stop))[SubscriptionState.Active], Is.EqualTo(9000));
    }

    [Test]
    public async Task Rows_about_people_who_are_known_and_who_are_new_may_stand_in_any_order()
    {
        await ImportAsync("email,name\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"r{i * 2}@example.org,old\n")));
        await Store.SuppressAsync(EmailAddress.Read("r5@example.org")!, new(SuppressionReason.Manual, Actor.Editor, clock.GetUtcNow()), Stop);
        clock.Advance(TimeSpan.FromMinutes(1));

        var tally = await ImportAsync("email,name\n" + string.Concat(Enumerable.Range(0, 6000).Select(i => $"r{i}@example.org,new\n")));

        Assert.That((tally.Added, tally.Updated, tally.LeftAlone["suppressed"]), Is.EqualTo((2999, 3000, 1)));
        Assert.That(new[] { "r0@example.org", "r1@example.org", "r5998@example.org" }.Select(address => FindAsync(address).Result.Profile!.Name), Is.All.EqualTo("new"));
    }

    [Test]
    public async Task What_is_exported_is_the_same_in_an_empty_store_and_who_left_stays_away()
    {
        await ImportAsync(""""
            email,name,state,since,tags,topics,language,time-zone,source,city,note,topics-left,state-since,paused-until
            ada@example.org,"Lovelace, ""Ada""",active,2020-01-02,"a,b",hpc,en,Europe/London,form,=Paris,"two
            lines","jobs,news",,
            bob@example.org,'Bob,unsubscribed,2020-01-02T03:04:05.678Z,,,,,,,,,2021-02-03T04:05:06.007Z,
            +eve@example.org,@eve,complained,,,,,,,,,,2999-01-01,
            pia@example.org,,pending,,,,,,,Zürich,,,,
            quin@example.org,,paused,,,,,,,,,,2026-01-02,2030-05-06T07:08:09Z
            ria@example.org,,paused,,,,,,,,,,,
            """");
        var id = (await FindAsync("pia@example.org")).Id;
        await Store.ChangeAsync(id, new(SubscriptionState.Active, "confirmed", Actor.Reader, clock.GetUtcNow()), Stop);
        var first = await ExportAsync(Database);
        await using var home = new THome();
        await home.BuildAsync();
        await using var empty = new Database(home.Provider, home.ConnectionString);

        var tally = await ImportAsync(first, empty, clock.GetUtcNow().AddDays(1));

        Assert.That(tally.Rows, Is.EqualTo(tally.Added).And.EqualTo(6));
        Assert.That(await ExportAsync(empty), Is.EqualTo(first));
        Assert.That(first, Does.Contain("\r\n'+eve@example.org,'@eve,complained,").And.Contain("''Bob").And.Contain("'=Paris").And.Contain(",unsubscribed,2021-02-03T04:05:06.007Z,").And.Contain(",paused,2026-01-02T00:00:00.000Z,2030-05-06T07:08:09.000Z,"));
        Assert.That(first, Does.Not.Contain("2999"), "nobody stands so since a time that is still to come");
    }

    [Test]
    public async Task Twenty_thousand_rows_are_held_some_parts_at_a_time()
    {
        await using var list = new LongList(20_000);
        long furthest = 0, held = 0;

        var tally = await Imports(Database, clock).TakeInAsync(list, "list.csv", new() { Takes = (so, _) => (furthest, held) = (list.Given, Math.Max(held, list.Given - so.Rows)) }, Stop);

        Assert.That(tally, Is.EqualTo(new ImportTally { Added = 20_000 }));
        // Whatever was read and is not yet in the store: of each lane a part that is taken, one that waits and one that fills, all lanes' parts together 1,000 rows; and a buffer, 64 KB of this list.
        Assert.That((furthest, held), Is.EqualTo((20_000L, held)).And.Matches<(long, long Held)>(seen => seen.Held < 3_000 + 3_500 + 1_000));
    }

    [Test]
    public async Task An_import_that_is_taken_back_leaves_the_list_as_it_was_but_for_what_happened_since()
    {
        await ImportAsync("email,name,city\nold@example.org,Old,Paris\nboth@example.org,Both,Rome\n");
        var before = await ExportAsync(Database);
        clock.Advance(TimeSpan.FromMinutes(1));
        await ImportAsync("email,name,city,state\nold@example.org,New,London,\nboth@example.org,Anew,Oslo,\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"r{i}@example.org,,,\n")) + "left@example.org,,,\nstays@example.org,,,\npaused@example.org,,,paused\n");
        await Store.ChangeAsync((await FindAsync("left@example.org")).Id, new(SubscriptionState.Unsubscribed, "page", Actor.Reader, clock.GetUtcNow()), Stop);
        await Store.ChangeAsync((await FindAsync("stays@example.org")).Id, new(SubscriptionState.Paused, "page", Actor.Reader, clock.GetUtcNow()), Stop);
        clock.Advance(TimeSpan.FromMinutes(1));
        await ImportAsync("email,name\nboth@example.org,Third\n");

        var undone = await Imports(Database, clock).UndoAsync(new(2), _ => { }, Stop);
        var again = await Imports(Database, clock).UndoAsync(new(2), _ => { }, Stop);
        var none = await Imports(Database, clock).UndoAsync(new(99), _ => { }, Stop);

        Assert.That((undone, again, none), Is.EqualTo((new ImportUndone(5001, 1, 1, 1, 1), new ImportUndone(0, 0, 2, 0, 1), (ImportUndone?)null)));
        Assert.That((await FindAsync("old@example.org")).Profile!.Name, Is.EqualTo("Old"));
        Assert.That((await FindAsync("both@example.org")).Profile!.Name, Is.EqualTo("Third"));
        Assert.That((await Store.HistoryAsync((await FindAsync("stays@example.org")).Id, Stop))[^1].Change, Is.EqualTo(new StandingChange(SubscriptionState.Unsubscribed, "import taken back", Actor.Undo, clock.GetUtcNow(), "import 2")));
        Assert.That((await ExportAsync(Database)).Split("\r\n")[1..], Has.Length.EqualTo(before.Split("\r\n").Length + 1));
        Assert.That((await new SubscriberImport(Database, Some.ErasedAddresses()).ListAsync(10, Stop)).Select(import => (import.Run.Id.Value, import.State)), Is.EqualTo(new[] { (3L, "done"), (2L, "undone"), (1L, "done") }));
    }

    [Test]
    public async Task An_import_that_is_taken_back_while_it_runs_stops()
    {
        var list = "email\n" + string.Concat(Enumerable.Range(0, 9000).Select(i => $"r{i}@example.org\n"));
        ImportUndone? undone = null;
        var running = Imports(Database, clock).TakeInAsync(Bytes(list), "list.csv", new() { Takes = (_, _) => undone ??= Imports(Database, clock).UndoAsync(new(1), _ => { }, Stop).Result }, Stop);

        Assert.That(() => running, Throws.TypeOf<ImportOverException>());
        Assert.That(undone!.Removed, Is.Positive);
        Assert.That(await Store.CountAsync(Stop), Is.Empty);
    }

    [Test]
    public async Task Whatever_may_happen_to_a_reader_keeps_them_when_their_import_is_taken_back()
    {
        var tables = await Database.ReadAsync(connection => connection.QueryAsync<string>(Database.Provider is DatabaseProvider.Postgres
            ? "select table_name from information_schema.columns where column_name = 'subscriber_id' and table_schema = current_schema()"
            : "select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'subscriber_id'"), Stop);

        Assert.That(tables.Except(["subscriptions_log", "attempts", "returned_verdicts"]), Is.EquivalentTo(SubscriberImport.Traces));
    }

    /// <summary>A letter to the address by which another reader leaves would end that reader's subscription.</summary>
    [Test]
    public async Task An_address_of_ours_is_no_readers()
    {
        var leaving = Some.OurAddresses().UnsubscribeMail(DeliveryId.Of(12, 34));

        var tally = await ImportAsync($"email\n{leaving}\nada@example.org\nu-bode@returns.example.org\n");
        var added = await Subscriptions(Database, clock).AddAsync(new(EmailAddress.Read(leaving.ToUpperInvariant())!), "by hand", Stop);

        Assert.That((tally.Added, tally.Bad, added), Is.EqualTo((2L, 1L, (Addition)new Addition.OfOurs())));
        Assert.That(bad, Is.EqualTo(new[] { $"2: {leaving} is an address of this newsletter's own, no reader's" }));
    }

    private static Imports Imports(Database database, TimeProvider clock) => new(new(database, Some.ErasedAddresses()), new(Some.OurAddresses), Some.Acts(database, clock), clock) { PartSize = 1000 };

    private static Subscriptions Subscriptions(Database database, TimeProvider clock) => new(new(database, Some.ErasedAddresses()), new(database, Some.ErasedAddresses()), new(Some.OurAddresses), Some.Acts(database, clock), clock);

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<ImportTally> ImportAsync(string list, Database database, DateTimeOffset at) =>
        await Imports(database, new FakeTimeProvider(at)).TakeInAsync(Bytes(list), "list.csv", new(), Stop);

    private Task<ImportTally> ImportAsync(string list) =>
        Imports(Database, clock).TakeInAsync(Bytes(list), "list.csv", new() { Bad = row => bad.Add($"{row.Line}: {row.Reason}") }, Stop);

    private async Task<string> ExportAsync(Database database)
    {
        await using var text = new StringWriter();
        await Subscriptions(database, clock).ExportAsync(text, Stop);
        return text.ToString();
    }

    private async Task<Subscriber> FindAsync(string address) => await Store.FindAsync(EmailAddress.Read(address)!, Stop) ?? throw new AssertionException($"no {address}");

    private async Task<string> RowsAsync() => await Database.ReadAsync(async connection =>
        string.Join('\n', (await connection.QueryAsync("select * from subscribers order by id")).Concat(await connection.QueryAsync("select * from subscriptions_log order by id"))), Stop);

    /// <summary>A list that tells how many of its rows were read.</summary>
    private sealed class LongList(int rows) : MemoryStream(Encoding.ASCII.GetBytes("email\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"reader{i:00000}@example.org\n"))))
    {
        private const int Row = 24;

        public long Given => (Position - 6) / Row;
    }
}
