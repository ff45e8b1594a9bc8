using System.Globalization;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;
using static Newsletter.Subscribers.SegmentFilter;

namespace Newsletter.Tests.Storage.Subscribers;

/// <summary>Whom a question selects: both databases say what a reading of the people in memory says, whatever is asked.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SegmentStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Toronto");
    private static readonly SegmentDays Days = SegmentDays.Of(Zone, Now);

    private static readonly string[] Values = ["", "Leiden", "leiden", "Zürich", "a%b_c", "back\\slash", "it's \"so\"", "12", "-3.5", "1e2", "007", "2026-05-04", "2026-05-04T10:00", "30"];
    private static readonly string[] Marks = ["press", "early", "it's \"so\"", "back\\slash", "Zürich"];
    private static readonly SubscriptionState[] States = [SubscriptionState.Active, SubscriptionState.Paused, SubscriptionState.Unsubscribed, SubscriptionState.Complained];

    private sealed record Person(Profile Profile, SubscriptionState State, DateTimeOffset StateAt)
    {
        public HashSet<int> Sent { get; } = [];
        public List<(int Edition, DateTimeOffset At)> Replied { get; } = [];
        public List<(int Edition, DateTimeOffset At)> Bounced { get; } = [];
    }

    private List<Person> people = [];

    [SetUp]
    public async Task Fill()
    {
        var random = new Random(41);
        T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        List<string> Some() => [.. Marks.Where(_ => random.Next(4) == 0)];
        people = [.. Enumerable.Range(0, 120).Select(i => new Person(
            new(EmailAddress.Read($"r{i}@{One(["example.org", "mail.example.com", "bücher.example"])}")!)
            {
                Name = One(Values), Language = One(["", "en", "DE"]), TimeZone = One(["", "Europe/Berlin"]), Source = One(["", "form", "list.csv"]), Tags = Some(), Topics = Some(), TopicsLeft = Some(),
                Fields = new Dictionary<string, string> { ["city"] = One(Values), ["age"] = One(Values) }, Since = Now.AddHours(-random.Next(2000)),
            },
            One(States), Now.AddHours(-random.Next(100))))];
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
            insert into editions (id, issue_number, issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at, sandbox)
            values (1, 41, '0041', 'x', 'x', '{}', 'complete', 0, 0, 0, ''), (2, 42, '0042-spring', 'x', 'x', '{}', 'complete', 0, 0, 0, ''), (3, 41, '0041', 'x', 'x', '{}', 'complete', 0, 0, 0, 'me@example.org');
            """, transaction: transaction), Stop);
        var store = new SubscriberStore(Database, global::Newsletter.Tests.Some.ErasedAddresses());
        foreach (var person in people)
        {
            var id = ((Addition.Added)await store.AddAsync(person.Profile, new(person.State, "test", Actor.Editor, person.StateAt), Stop)).Id.Value;
            foreach (var edition in new[] { 1, 2, 3 }.Where(_ => random.Next(3) == 0))
                await HappenAsync(random, person, id, edition);
        }
        await RollUpAsync();
    }

    [Test]
    public async Task Every_single_question_is_answered_as_in_memory()
    {
        foreach (var filter in Leaves().Concat(Leaves().Select(leaf => new Not(leaf))))
            await CompareAsync(filter);
    }

    [Test]
    public async Task So_is_any_that_is_made_of_them()
    {
        var (seed, leaves) = (Random.Shared.Next(), Leaves().ToList());
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        var random = new Random(seed);
        SegmentFilter Make(int depth) => (depth > 4 ? 0 : random.Next(4)) switch
        {
            1 => new And(Make(depth + 1), Make(depth + 1)),
            2 => new Or(Make(depth + 1), Make(depth + 1)),
            3 => new Not(Make(depth + 1)),
            _ => leaves[random.Next(leaves.Count)],
        };
        for (var i = 0; i < 150; i++)
            await CompareAsync(Make(0));
    }

    [Test]
    public async Task Of_those_who_are_selected_the_active_are_mailed_unless_barred()
    {
        var store = new SubscriberStore(Database, global::Newsletter.Tests.Some.ErasedAddresses());
        var active = people.Where(person => person.State is SubscriptionState.Active).ToList();
        await Database.WriteAsync(transaction => Standings.SuppressAsync(transaction, active[0].Profile.Address, new(SuppressionReason.Manual, Actor.Editor, Now)), Stop);
        await store.EraseAsync((await store.FindAsync(active[1].Profile.Address, Stop))!.Id, "asked for", Actor.Editor, Now, Stop);

        Assert.That(await new SegmentStore(Database).CountAsync(new Everyone(), Days, Stop), Is.EqualTo((people.Count - 1L, active.Count - 2L)));
    }

    [Test]
    public async Task A_segment_is_saved_replaced_and_removed()
    {
        var store = new SegmentStore(Database);

        var saved = await store.SaveAsync(new("press", "tag is press"), Now, Stop);
        var replaced = await store.SaveAsync(new("press", "tag is early", "who was here first"), Now, Stop);
        var (found, list) = (await store.FindAsync("press", Stop), await store.ListAsync(Stop));
        var (removed, gone) = (await store.RemoveAsync("press", Stop), await store.RemoveAsync("press", Stop));

        Assert.That((saved, replaced, removed, gone), Is.EqualTo((true, false, true, false)));
        Assert.That(list, Is.EqualTo(new[] { new SavedSegment("press", "tag is early", "who was here first") }).And.EqualTo(new[] { found }));
    }

    private static IEnumerable<SegmentFilter> Leaves()
    {
        yield return new Everyone();
        foreach (var state in States)
            yield return new Stands(state);
        foreach (var test in Enum.GetValues<TextTest>())
        {
            foreach (var value in Values.Concat(["eid", "%", "_", "\\", "RICH", "'", "; drop table subscribers --"]))
                yield return new Words(SegmentFact.Field, "city", test, value);
            yield return new Words(SegmentFact.Name, "", test, "LEID");
            yield return new Words(SegmentFact.Domain, "", test, test is TextTest.Is ? "Bücher.example" : "example");
            yield return new Words(SegmentFact.Email, "", test, test is TextTest.Is ? "R7@Example.org" : "r1");
            yield return new Words(SegmentFact.Language, "", test, "de");
            yield return new Words(SegmentFact.TimeZone, "", test, "europe/berlin");
            yield return new Words(SegmentFact.Source, "", test, "form");
        }
        yield return new Words(SegmentFact.Field, "none", TextTest.Is, "");
        foreach (var than in Enum.GetValues<Comparison>())
        {
            foreach (var number in new[] { 12m, -3.5m, 100m, 7m })
                yield return new Number("age", than, number);
            foreach (var fact in new[] { SegmentFact.Joined, SegmentFact.Changed, SegmentFact.Field })
                foreach (var day in new SegmentDay[] { new(new(2026, 5, 4), 0), new(null, 0), new(null, 2), new(new(2026, 3, 8), 0) })
                    yield return new Day(fact, fact is SegmentFact.Field ? "age" : "", than, day);
        }
        foreach (var mark in Marks.Append("pres"))
        {
            yield return new Tag(mark);
            yield return new Topic(mark);
        }
        SegmentIssue[] issues = [new(41, ""), new(null, "0042-spring"), new(99, "")];
        foreach (var issue in issues)
            yield return new Got(issue);
        foreach (var issue in issues.Select(issue => (SegmentIssue?)issue).Append(null))
            foreach (var since in new SegmentDay?[] { null, new(null, 3) })
            {
                yield return new Replied(issue, since);
                yield return new Bounced(issue, since);
            }
    }

    private async Task CompareAsync(SegmentFilter filter)
    {
        var expected = people.Where(person => Answer(filter, person)).Select(person => person.Profile.Address.Value).Order();
        var store = new SegmentStore(Database);
        var selected = await store.SelectAsync(filter, Days, Stop).Select(subscriber => subscriber.Profile!.Address.Value).Order().ToListAsync(Stop);
        Assert.That(selected, Is.EqualTo(expected), filter.ToString());
        Assert.That((await store.CountAsync(filter, Days, Stop)).All, Is.EqualTo(selected.Count), filter.ToString());
    }

    private static bool Answer(SegmentFilter filter, Person person) => filter switch
    {
        Everyone => true,
        And(var one, var other) => Answer(one, person) && Answer(other, person),
        Or(var one, var other) => Answer(one, person) || Answer(other, person),
        Not(var of) => !Answer(of, person),
        Stands(var state) => person.State == state,
        Words words => Answer(words, person.Profile),
        Number(var field, var than, var value) => Parsed(person.Profile.Fields.GetValueOrDefault(field, "")) is { } number && Holds(number.CompareTo(value), than),
        Day { Fact: SegmentFact.Field } day => person.Profile.Fields.GetValueOrDefault(day.Field, "") is { Length: >= 10 } text && text[4] == '-'
            && Holds(string.CompareOrdinal(text[..10], day.Value.From(Days.Today).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), day.Than),
        Day day => Holds(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(day.Fact is SegmentFact.Joined ? person.Profile.Since!.Value : person.StateAt, Zone).DateTime).CompareTo(day.Value.From(Days.Today)), day.Than),
        Tag(var tag) => person.Profile.Tags.Contains(tag),
        Topic(var topic) => person.Profile.Reads(topic),
        Got(var issue) => Editions(issue).Overlaps(person.Sent),
        Replied(var issue, var since) => person.Replied.Any(reply => Counts(reply, issue, since)),
        Bounced(var issue, var since) => person.Bounced.Any(bounce => Counts(bounce, issue, since)),
        _ => throw new AssertionException(filter.ToString()),
    };

    private static bool Answer(Words words, Profile profile)
    {
        var (text, value) = words.Fact switch
        {
            SegmentFact.Email => (profile.Address.Key, words.Value.ToLowerInvariant()),
            SegmentFact.Domain => (profile.Address.Domain, words.Value == "Bücher.example" ? "xn--bcher-kva.example" : words.Value),
            SegmentFact.Name => (profile.Name, words.Value),
            SegmentFact.Language => (profile.Language, words.Value),
            SegmentFact.TimeZone => (profile.TimeZone, words.Value),
            SegmentFact.Source => (profile.Source, words.Value),
            _ => (profile.Fields.GetValueOrDefault(words.Field, ""), words.Value),
        };
        (text, value) = (Ascii(text), Ascii(value));
        return words.Test switch
        {
            TextTest.Is => text == value,
            TextTest.Contains => text.Contains(value, StringComparison.Ordinal),
            TextTest.StartsWith => text.StartsWith(value, StringComparison.Ordinal),
            _ => text.EndsWith(value, StringComparison.Ordinal),
        };
    }

    private static string Ascii(string text) => string.Concat(text.Select(letter => letter is >= 'A' and <= 'Z' ? (char)(letter + 32) : letter));

    private static decimal? Parsed(string text) => text switch { "12" => 12, "-3.5" => -3.5m, "1e2" => 100, "30" => 30, _ => null };

    private static bool Holds(int difference, Comparison than) => than switch
    {
        Comparison.Less => difference < 0,
        Comparison.AtMost => difference <= 0,
        Comparison.Equal => difference == 0,
        Comparison.AtLeast => difference >= 0,
        _ => difference > 0,
    };

    private static HashSet<int> Editions(SegmentIssue issue) => issue switch { { Number: 41 } => [1], { Slug: "0042-spring" } => [2], _ => [] };

    private static bool Counts((int Edition, DateTimeOffset At) what, SegmentIssue? issue, SegmentDay? since) =>
        (issue is null || Editions(issue.Value).Contains(what.Edition)) && (since is null || what.At.ToUnixTimeMilliseconds() >= Days.StartOf(since.Value.From(Days.Today)));

    private async Task HappenAsync(Random random, Person person, long id, int edition)
    {
        var (state, at) = (random.Next(2) == 0 ? "sent" : "failed", Now.AddHours(-random.Next(200)));
        if (state == "sent" && edition != 3)
            person.Sent.Add(edition);
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@edition, @id, @state, 0, 0)",
            new { edition, id, state }, transaction), Stop);
        if (random.Next(2) == 0)
        {
            var box = random.Next(3) == 0 ? "machines" : "people";
            if (box == "people")
                person.Replied.Add((edition, at));
            await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
                insert into returned_mails (content_hash, raw, size, source, received_at) values (@hash, @raw, 0, 'test', 0);
                insert into threads (edition_id, subscriber_id, subject, state, last_at, box) values (@edition, @id, 'x', 'unread', 0, @box);
                insert into replies (thread_id, returned_mail_id, sender, subject, body, at) select (select max(id) from threads), (select max(id) from returned_mails), 'x', 'x', 'x', @at;
                """, new { edition, id, box, at = at.ToUnixTimeMilliseconds(), hash = $"{id} {edition}", raw = Array.Empty<byte>() }, transaction), Stop);
        }
        if (random.Next(2) == 0)
        {
            person.Bounced.Add((edition, at));
            await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("insert into bounces (subscriber_id, edition_id, at, reason, permanence) values (@id, @edition, @at, 'x', 'x')",
                new { edition, id, at = at.ToUnixTimeMilliseconds() }, transaction), Stop);
        }
    }

    /// <summary>The second edition's deliveries become bits.</summary>
    private async Task RollUpAsync()
    {
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("update editions set started_at = 0, completed_at = 0 where id = 2", transaction: transaction), Stop);
        var store = new RollupStore(Database);
        for (var after = new SubscriberId(0); await store.RollUpAsync(new(2), after, 1000, Now, Stop) is { Deliveries: > 0 } part; after = part.Last)
        {
        }
    }
}
