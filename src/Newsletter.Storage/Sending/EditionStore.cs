using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>Keeps editions: what was scheduled, from which frozen issue, and where it stands.</summary>
public sealed partial class EditionStore(Database database)
{
    private const string Columns = "id, issue_number, issue_slug, title, segment, state, state_at, state_reason, due_at, started_at, completed_at, candidates, by_person, goes_on_at, priority, sandbox, between_waves, alarms, two_subjects, winner, wave, released_at";

    private sealed record Row(long Id, long? IssueNumber, string IssueSlug, string Title, string Segment, string State, long StateAt, string StateReason,
        long DueAt, long? StartedAt, long? CompletedAt, long Candidates, long ByPerson, long? GoesOnAt, long Priority, string Sandbox, long BetweenWaves, string Alarms, long TwoSubjects, string Winner, long Wave, long? ReleasedAt)
    {
        public Edition Edition() => new(new(Id), (int?)IssueNumber, IssueSlug, Title, Segment, SendingWords.ReadEdition(State), StateAt.Instant(), StateReason,
            DueAt.Instant(), StartedAt.Instant(), CompletedAt.Instant(), Candidates)
        {
            ByPerson = ByPerson != 0, GoesOnAt = GoesOnAt.Instant(), Priority = (Priority)Priority, Sandbox = Sandbox, IsBetweenWaves = BetweenWaves != 0, Alarms = Alarms, HasTwoSubjects = TwoSubjects != 0, Winner = Winner, Wave = (int)Wave, ReleasedAt = ReleasedAt.Instant(),
        };
    }

    /// <summary>Keeps a new edition with nothing more said of it than its segment and time.</summary>
    public Task<(Edition Edition, bool IsNew)> AddAsync(RenderedIssue issue, string segment, DateTimeOffset due, DateTimeOffset now, CancellationToken ct) =>
        AddAsync(issue, new EditionPlan(due) { Segment = segment }, now, ct);

    /// <summary>Keeps a new edition. Where the issue already has one for the segment that was not cancelled, that one is returned and nothing changes; one in the sandbox takes the issue from no other.</summary>
    public Task<(Edition Edition, bool IsNew)> AddAsync(RenderedIssue issue, EditionPlan plan, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync(transaction => AddAsync(transaction, issue, plan, now), ct);

    internal static async Task<(Edition Edition, bool IsNew)> AddAsync(DbTransaction transaction, RenderedIssue issue, EditionPlan plan, DateTimeOffset now)
    {
        var connection = transaction.Connection!;
        var added = await connection.QuerySingleOrDefaultAsync<Row>($"""
            insert into editions (issue_number, issue_slug, title, segment, content_hash, rendered, state, state_at, due_at, created_at, priority, sandbox, two_subjects)
            values (@Number, @Slug, @Title, @Segment, @ContentHash, @rendered, 'scheduled', @now, @due, @now, @priority, @Sandbox, @two)
            on conflict do nothing
            returning {Columns}
            """, new
        {
            Number = (long?)issue.Number, issue.Slug, issue.Title, plan.Segment, issue.ContentHash, rendered = issue.ToJson(), now = now.Ms(), due = plan.At.Ms(),
            priority = (long)plan.Priority, plan.Sandbox, two = issue.SubjectB is null ? 0L : 1L,
        }, transaction);
        if (added is not null)
        {
            await ImageStore.AddAsync(transaction, issue.Images, now);
            return (added.Edition(), true);
        }
        var existing = await connection.QueryFirstAsync<Row>(
            $"select {Columns} from editions where issue_slug = @Slug and segment = @Segment and sandbox = @Sandbox and state <> 'cancelled' order by id desc",
            new { issue.Slug, plan.Segment, plan.Sandbox }, transaction);
        return (existing.Edition(), false);
    }

    public Task<Edition?> FindAsync(EditionId id, CancellationToken ct) => database.ReadAsync(async connection =>
        (await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from editions where id = @Value", id))?.Edition(), ct);

    /// <summary>The edition in which an issue went out, or is to; not one that was cancelled. Of a sandbox one that is not complete: there an issue goes out as often as it is sent.</summary>
    public Task<Edition?> OfIssueAsync(string slug, string sandbox, CancellationToken ct) => database.ReadAsync(async connection =>
        (await connection.QueryFirstOrDefaultAsync<Row>($"select {Columns} from editions where issue_slug = @slug and segment = '' and sandbox = @sandbox and state <> 'cancelled' and (sandbox = '' or state <> 'complete')", new { slug, sandbox }))?.Edition(), ct);

    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<Edition>> ListAsync(int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<Edition>>(async connection =>
        Editions(await connection.QueryAsync<Row>($"select {Columns} from editions order by id desc limit @count", new { count })), ct);

    /// <summary>Those that are running; what goes first stands first.</summary>
    public Task<IReadOnlyList<EditionId>> RunningAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<EditionId>>(async connection =>
        (await connection.QueryAsync<long>("select id from editions where state = 'running' order by priority, due_at, id")).Select(id => new EditionId(id)).ToList(), ct);

    /// <summary>Whether an edition or a slot was due before a time and nobody has acted on it.</summary>
    public Task<bool> IsOverdueAsync(DateTimeOffset before, CancellationToken ct) => database.ReadAsync(async connection => await connection.ExecuteScalarAsync<long>("""
        select (select count(*) from editions where state = 'scheduled' and due_at < @before or state in ('held', 'paused') and goes_on_at < @before) + (select count(*) from schedules where next_due < @before)
        """, new { before = before.Ms() }) > 0, ct);

    /// <summary>The archive page of an issue that has begun to go out; null where there is none.</summary>
    public Task<RenderedIssue?> PublishedAsync(string slug, CancellationToken ct) => database.ReadAsync(async connection =>
        await connection.QueryFirstOrDefaultAsync<string>("select rendered from editions where issue_slug = @slug and started_at is not null and sandbox = '' order by id desc limit 1", new { slug })
            is { } json ? RenderedIssue.FromJson(json) : null, ct);

    /// <summary>Issues that have begun to go out, each once, the newest first.</summary>
    /// <param name="before">The last entry of the page before; null: from the newest.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="ct">Stops the question.</param>
    public Task<IReadOnlyList<Edition>> ListPublishedAsync((DateTimeOffset StartedAt, EditionId Id)? before, int count, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<Edition>>(async connection => Editions(await connection.QueryAsync<Row>($"""
            select {Columns} from editions
            where id in (select max(id) from editions where started_at is not null and sandbox = '' group by issue_slug)
                and (started_at < @at or started_at = @at and id < @id)
            order by started_at desc, id desc limit @count
            """, new { at = before?.StartedAt.Ms() ?? long.MaxValue, id = before?.Id.Value ?? 0, count })), ct);

    /// <summary>The dates that the issues of editions bear themselves; those without one are left out.</summary>
    public Task<IReadOnlyDictionary<EditionId, DateOnly>> DatesAsync(IEnumerable<EditionId> editions, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<EditionId, DateOnly>>(async connection => (await connection.QueryAsync<(long Id, string? Date)>(
                $"select id, {database.JsonText("rendered", nameof(RenderedIssue.Date))} as date from editions where id {database.IsOneOf("@ids")}",
                new { ids = database.Many(editions.Select(id => id.Value)) }))
            .Where(row => row.Date is not null).ToDictionary(row => new EditionId(row.Id), row => DateOnly.ParseExact(row.Date!, "yyyy-MM-dd", CultureInfo.InvariantCulture)), ct);

    /// <summary>The issues that have an edition, sent or to be sent: the weekly slot passes them by.</summary>
    /// <param name="sandbox">Those of this sandbox count as well; empty: only what goes to readers counts.</param>
    /// <param name="ct">Stops the question.</param>
    public Task<IReadOnlySet<string>> TakenSlugsAsync(string sandbox, CancellationToken ct) => database.ReadAsync<IReadOnlySet<string>>(async connection =>
        (await connection.QueryAsync<string>("select issue_slug from editions where state <> 'cancelled' and sandbox in ('', @sandbox)", new { sandbox })).ToHashSet(StringComparer.Ordinal), ct);

    /// <summary>The issue as it was frozen, with the images that its letters carry.</summary>
    public Task<RenderedIssue> RenderedAsync(EditionId id, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var issue = RenderedIssue.FromJson(await connection.QuerySingleAsync<string>("select rendered from editions where id = @Value", id));
        var images = new List<IssueImage>();
        foreach (var image in issue.Images)
            images.Add(image.IsEmbedded ? image with { Content = (await ImageStore.FindAsync(connection, image.Hash))!.Content } : image);
        return issue with { Images = images };
    }, ct);

    /// <summary>Asks for the audience, once: a delivery for each active subscriber, and a count of all others by the reason why not.</summary>
    /// <returns>False where the edition was not waiting to start, or has to wait: letters of a cancelled edition of the issue are in hand still, and who gets one is not known yet.</returns>
    /// <exception cref="InvalidOperationException">Candidates are not deliveries and exclusions together; nothing was changed.</exception>
    public Task<bool> FreezeAsync(EditionId id, DateTimeOffset now, CancellationToken ct) => FreezeAsync(id, Waves.None, now, ct);

    /// <summary>The same for an audience that is divided: only its first wave is due.</summary>
    public async Task<bool> FreezeAsync(EditionId id, Waves waves, DateTimeOffset now, CancellationToken ct)
    {
        await ClaimsOfCancelledAsync(id, ct);
        return await FreezeInOneAsync(id, waves, now, ct);
    }

    private Task<bool> FreezeInOneAsync(EditionId id, Waves waves, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var tries = await connection.ExecuteScalarAsync<long>("select count(*) from editions where id = @Value and two_subjects = 1", id, transaction) > 0;
        var divides = waves.HasSeed || tries;
        var names = new { id.Value, now = now.Ms(), due = divides ? NextWave : now.Ms(), wave = divides ? Waves.Rest : 0 };
        if (await IsInHandAsync(transaction, id))
            return false;
        // Running can be reached from paused and complete too, whose audience is frozen already.
        if (await connection.ExecuteAsync("""
            update editions set state = 'running', state_at = @now, state_reason = '', by_person = 0, goes_on_at = null
            where id = @Value and (state = 'scheduled' or state = 'held' and goes_on_at <= @now)
            """, names, transaction) == 0)
            return false;
        var deliveries = await connection.ExecuteAsync($"""
            insert into deliveries (edition_id, subscriber_id, state, state_at, due_at, wave)
            select @Value, audience.id, 'waiting', @now, @due, @wave from ({Audience}) audience where audience.exclusion is null order by audience.id
            """, names, transaction);
        await connection.ExecuteAsync($"""
            insert into exclusions (edition_id, reason, subscribers)
            select @Value, audience.exclusion, count(*) from ({Audience}) audience where audience.exclusion is not null and audience.id not in
                (select subscriber_id from deliveries where edition_id = @Value) group by audience.exclusion
            """, names, transaction);
        var excluded = await connection.ExecuteScalarAsync<long>("select coalesce(sum(subscribers), 0) from exclusions where edition_id = @Value", names, transaction);
        var candidates = await connection.ExecuteScalarAsync<long>("select count(*) from subscribers where state <> 'erased'", transaction: transaction);
        if (candidates != deliveries + excluded)
            throw new InvalidOperationException($"edition {id.Value}: {candidates} candidates are not {deliveries} deliveries and {excluded} exclusions; nothing was sent");
        await connection.ExecuteAsync("update editions set started_at = @now, candidates = @candidates where id = @Value", new { id.Value, now = now.Ms(), candidates }, transaction);
        if (divides)
            await DivideAsync(transaction, id, waves, tries, now);
        // Without fresh statistics PostgreSQL sorts the whole edition for each claim.
        if (database.Provider is DatabaseProvider.Postgres)
            await connection.ExecuteAsync("analyze deliveries", transaction: transaction);
        return true;
    }, ct, IsolationLevel.RepeatableRead); // one snapshot for all its questions; SQLite has the write lock

    /// <summary>Every subscriber, and why not this one; null: is mailed. Who has the issue already, from an edition that was cancelled half-way, is not sent it twice, be it a row or a bit by now.</summary>
    private string Audience => $"""
        select s.id, case
            when s.state <> 'active' then s.state
            when exists (select 1 from suppressions x where x.address_key = s.address_key) then 'suppressed'
            when exists (select 1 from deliveries d join editions e on e.id = d.edition_id join editions mine on mine.id = @Value
                         where d.subscriber_id = s.id and e.issue_slug = mine.issue_slug and e.id <> mine.id and e.sandbox = '' and mine.sandbox = '' and (d.state in ('sent', 'in doubt') or (d.state = 'claimed' and e.state <> 'cancelled'))) then 'has it already'
            when exists (select 1 from rollup_readers r join editions e on e.id = r.edition_id join editions mine on mine.id = @Value
                         where r.block = s.id / 8192 and {database.Bit("r.readers", "s.id % 8192")} = 1 and e.issue_slug = mine.issue_slug and e.id <> mine.id and e.sandbox = '' and mine.sandbox = '') then 'has it already'
            end as exclusion
        from subscribers s where s.state <> 'erased'
        """;

    /// <summary>Why some candidates are not mailed, and how many.</summary>
    public Task<IReadOnlyDictionary<string, long>> ExclusionsAsync(EditionId id, CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<string, long>>(async connection =>
        (await connection.QueryAsync<(string Reason, long Subscribers)>("select reason, subscribers from exclusions where edition_id = @Value order by reason", id))
            .ToDictionary(row => row.Reason, row => row.Subscribers), ct);

    /// <summary>Sets a running edition complete, if no delivery of it is waiting, claimed, deferred or in doubt.</summary>
    public Task<bool> CompleteAsync(EditionId id, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
        // Two statements: one alone would ask, after its wait for a retry, what it saw before. By the small indexes first: a million sent ones are looked through once, when nothing else is left.
        await transaction.Connection!.ExecuteScalarAsync<long?>($"select id from editions where id = @Value and state = 'running' {database.ForChange}", id, transaction) is not null
        && await transaction.Connection!.ExecuteAsync("""
            update editions set state = 'complete', state_at = @now, state_reason = '', completed_at = @now where id = @Value
            and (select min(due_at) from deliveries where edition_id = @Value and state in ('waiting', 'deferred')) is null
            and (select min(claimed_until) from deliveries where edition_id = @Value and state = 'claimed') is null
            and not exists (select 1 from deliveries where edition_id = @Value and state = 'in doubt')
            """, new { id.Value, now = now.Ms() }, transaction) > 0, ct);

    private static List<Edition> Editions(IEnumerable<Row> rows) => rows.Select(row => row.Edition()).ToList();
}
