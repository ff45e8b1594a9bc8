using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>What was forgotten of an address that is no subscriber's.</summary>
/// <param name="Mails">Mails by them or about them.</param>
/// <param name="Wishes">Wishes to subscribe.</param>
public readonly record struct Forgotten(int Mails, int Wishes);

/// <summary>The subscribers, their standing with its history, and the addresses that get no mail.</summary>
public sealed class SubscriberStore(Database database, ErasedAddresses erased)
{
    private const int Page = 1000;

    /// <summary>The database begins to number at 1.</summary>
    private static readonly SubscriberId Nobody = new(0);

    /// <summary>Adds a subscriber where the address is unknown and not suppressed; of several at once one adds.</summary>
    /// <param name="profile">Who.</param>
    /// <param name="first">The first line of the history; its <c>To</c> is the standing.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<Addition> AddAsync(Profile profile, StandingChange first, CancellationToken ct) => database.WriteAsync<Addition>(async transaction =>
    {
        if (await FindSuppressionAsync(transaction.Connection!, profile.Address, transaction) is { } suppression)
            return new Addition.Suppressed(suppression);
        var id = await InsertAsync(transaction, profile, first);
        if (id is null)
            return new Addition.AlreadyThere((await FindAsync(transaction.Connection!, profile.Address, transaction))!);
        await Standings.LogAsync(transaction, new(id.Value), null, first);
        return new Addition.Added(new(id.Value));
    }, ct);

    /// <summary>Null where nobody has this address.</summary>
    public Task<Subscriber?> FindAsync(EmailAddress address, CancellationToken ct) => database.ReadAsync(connection => FindAsync(connection, address), ct);

    /// <summary>Null where there is no such subscriber.</summary>
    public Task<Subscriber?> FindAsync(SubscriberId id, CancellationToken ct) => database.ReadAsync(connection => FindAsync(connection, id), ct);

    /// <summary>All in the order in which the store numbered them, or those of one standing. Read in pages, so neither memory nor a long transaction grows with the list.</summary>
    public IAsyncEnumerable<Subscriber> ListAsync(SubscriptionState? state, CancellationToken ct)
    {
        // The second half for SQLite, which takes the index only where it reads its condition.
        var filter = state switch { null => "", SubscriptionState.Active => "and state = 'active'", { } other => $"and state = '{other.Word()}' and state <> 'active'" };
        return PagesAsync((last, connection) => connection.QueryAsync<SubscriberRow>(
            $"select {SubscriberRow.Columns} from subscribers where id > @last {filter} order by id limit {Page}", new { last = last?.Id ?? 0 }), ct);
    }

    /// <summary>All but the erased, in the order of their addresses' keys: the same in every store that has the same people. Read in pages.</summary>
    public IAsyncEnumerable<Subscriber> ByAddressAsync(CancellationToken ct) => PagesAsync(async (last, connection) =>
        (await connection.QueryAsync<SubscriberRow>($"select {SubscriberRow.Columns} from subscribers where address_key > @last order by address_key limit {Page}",
            new { last = last is null ? "" : EmailAddress.Read(last.Address)?.Key ?? $"erased {last.Id}" })), ct).Where(subscriber => subscriber.Profile is not null);

    private async IAsyncEnumerable<Subscriber> PagesAsync(Func<SubscriberRow?, DbConnection, Task<IEnumerable<SubscriberRow>>> page, [EnumeratorCancellation] CancellationToken ct)
    {
        for (SubscriberRow? last = null; ;)
        {
            var rows = (await database.ReadAsync(connection => page(last, connection), ct)).AsList();
            if (rows.Count == 0)
                yield break;
            last = rows[^1];
            foreach (var row in rows)
                yield return row.ToSubscriber();
        }
    }

    /// <summary>The names of all fields that anybody has, in order of the alphabet.</summary>
    public async Task<IReadOnlyList<string>> FieldNamesAsync(CancellationToken ct) => await database.ReadAsync(async connection =>
        (await connection.QueryAsync<string>($"select distinct r.key from subscribers, {database.Names("fields")}")).Order(StringComparer.Ordinal).ToList(), ct);

    /// <summary>How many stand how; states that nobody is in are left out.</summary>
    public Task<IReadOnlyDictionary<SubscriptionState, long>> CountAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyDictionary<SubscriptionState, long>>(async connection =>
        (await connection.QueryAsync<(string State, long Count)>("""
            with others as (select state, count(*) as number from subscribers where state <> 'active' group by state)
            select state, number from others
            union all select 'active', (select count(*) from subscribers) - coalesce((select sum(number) from others), 0)
            """)).Where(row => row.Count > 0).ToDictionary(row => SubscriptionStates.Read(row.State)!.Value, row => row.Count), ct);

    /// <summary>Changes a standing by one legal step; a second call changes nothing and says so.</summary>
    public Task<ChangeOutcome> ChangeAsync(SubscriberId subscriber, StandingChange change, CancellationToken ct) =>
        change.To is SubscriptionState.Erased
            ? throw new ArgumentException("erasing takes more than a change of standing: EraseAsync", nameof(change))
            : database.WriteAsync(transaction => Standings.ChangeAsync(database, transaction, subscriber, change), ct);

    /// <summary>Takes back a reader's own unsubscribe, or the one that the editor did for a mail: only where it is the last thing that happened to an active subscription, and not before <paramref name="since"/>.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="change">Back to active.</param>
    /// <param name="since">An earlier unsubscribe stays.</param>
    /// <param name="farewell">The farewell whose link is used: an unsubscribe that it did not tell of stays; null: no farewell's.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns><see cref="ChangeOutcome.NotAllowed"/> where it is not: what came before or after it (a complaint, an import's mistake) is not undone by it.</returns>
    public Task<ChangeOutcome> TakeBackUnsubscribeAsync(SubscriberId subscriber, StandingChange change, DateTimeOffset since, FarewellId? farewell, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        // Locked before the history is read, so that nothing comes in between.
        var state = SubscriptionStates.Read(await transaction.Connection!.QuerySingleOrDefaultAsync<string>($"select state from subscribers where id = @id {database.ForUpdate}", new { id = subscriber.Value }, transaction));
        var last = await transaction.Connection!.QueryFirstOrDefaultAsync<LogRow>(
            "select before, state, at, reason, actor, evidence, edition_id, returned_mail_id, incident_id from subscriptions_log where subscriber_id = @id order by id desc limit 1",
            new { id = subscriber.Value }, transaction);
        return last?.ToLine() switch
        {
            _ when state is null => ChangeOutcome.NobodyThere,
            _ when state is SubscriptionState.Active => ChangeOutcome.AlreadySo,
            // By themselves, or by the editor for a mail: that reader was told how to take it back.
            { Before: SubscriptionState.Active, Change: { To: SubscriptionState.Unsubscribed } left } when (left.Actor is Actor.Reader || left is { Actor: Actor.Editor, ReturnedMail: not null }) && left.At >= since
                    && (farewell is not { } told || await ToldOfAsync(transaction, told, left)) =>
                await Standings.ChangeAsync(database, transaction, subscriber, change),
            _ => ChangeOutcome.NotAllowed,
        };
    }, ct);

    /// <summary>Forgets the person: what names them is blanked, what they wrote and were answered goes, and the address is kept as a keyed hash alone so that nothing revives it.</summary>
    public async Task<ChangeOutcome> EraseAsync(SubscriberId subscriber, string reason, Actor actor, DateTimeOffset at, CancellationToken ct)
    {
        var naming = (await FindAsync(subscriber, ct))?.Profile is { } known ? await Correspondence.NamingAsync(database, known.Address, ct) : [];
        var outcome = await database.WriteAsync(transaction => EraseAsync(transaction, subscriber, naming, new(SubscriptionState.Erased, reason, actor, at)), ct);
        await database.EmptyLogAsync();
        return outcome;
    }

    /// <summary>Forgets what somebody wrote, was answered and asked for at forms who is no subscriber, or came again after they were erased.</summary>
    public async Task<Forgotten> ForgetAsync(EmailAddress address, DateTimeOffset at, CancellationToken ct)
    {
        var naming = await Correspondence.NamingAsync(database, address, ct);
        var forgotten = await database.WriteAsync(async transaction =>
        {
            await Correspondence.BeginToForgetAsync(database, transaction);
            return new Forgotten(await Correspondence.ForgetAsync(database, transaction, Nobody, address, naming, at), await Erasure.ForgetWishesAsync(database, transaction, address));
        }, ct);
        await database.EmptyLogAsync();
        return forgotten;
    }

    /// <summary>Bars an address, known or not, and ends its subscription; false where it was barred already. The first reason stays, but that a person's bar takes the place of a complaint's, which ends sooner.</summary>
    public Task<bool> SuppressAsync(EmailAddress address, Suppression suppression, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await FindAsync(transaction.Connection!, address, transaction) is { } subscriber)
            await Standings.ChangeAsync(database, transaction, subscriber.Id, new(
                suppression.Reason is SuppressionReason.Complaint ? SubscriptionState.Complained : SubscriptionState.Unsubscribed,
                "suppressed", suppression.Actor, suppression.At, suppression.Evidence));
        return await Standings.SuppressAsync(transaction, address, suppression);
    }, ct);

    /// <summary>Why an address gets no mail; null where it is not barred. An erased person's address is known by its mark.</summary>
    public Task<Suppression?> FindSuppressionAsync(EmailAddress address, CancellationToken ct) =>
        database.ReadAsync(connection => FindSuppressionAsync(connection, address), ct);

    /// <summary>What happened to a subscriber's standing, oldest first.</summary>
    public Task<IReadOnlyList<HistoryLine>> HistoryAsync(SubscriberId subscriber, CancellationToken ct) => database.ReadAsync<IReadOnlyList<HistoryLine>>(async connection =>
    {
        var lines = (await connection.QueryAsync<LogRow>(
            "select before, state, at, reason, actor, evidence, edition_id, returned_mail_id, incident_id from subscriptions_log where subscriber_id = @id order by id", new { id = subscriber.Value }))
            .Select(row => row.ToLine()).ToList();
        if (!lines.Exists(line => line.Before is null) && await SubscriberImport.FirstLineAsync(connection, subscriber) is { } first)
            lines.Insert(0, first);
        return lines;
    }, ct);

    private async Task<ChangeOutcome> EraseAsync(DbTransaction transaction, SubscriberId subscriber, IReadOnlyList<long> naming, StandingChange change)
    {
        await Correspondence.BeginToForgetAsync(database, transaction);
        return await FindAsync(transaction.Connection!, subscriber, transaction) is { } person
            ? await Erasure.EraseAsync(database, transaction, person, naming, change, person.Profile is { } profile ? erased.Mark(profile.Address) : null)
            : ChangeOutcome.NobodyThere;
    }

    /// <summary>Both were written at one time, in one transaction.</summary>
    private static async Task<bool> ToldOfAsync(DbTransaction transaction, FarewellId farewell, StandingChange left) => await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(
        "select id from farewells where id = @Value and subscriber_id = @subscriber and made_at = @at", new { farewell.Value, subscriber = farewell.Subscriber.Value, at = left.At.Ms() }, transaction) is not null;

    /// <summary>Null where somebody has the address.</summary>
    internal static async Task<long?> InsertAsync(DbTransaction transaction, Profile profile, StandingChange first) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("""
            insert into subscribers (address, address_key, name, fields, tags, topics, topics_left, language, time_zone, source, state, state_at, created_at)
            values (@Value, @Key, @Name, @fields, @tags, @topics, @left, @Language, @TimeZone, @Source, @state, @at, @since)
            on conflict (address_key) do nothing
            returning id
            """, new
        {
            profile.Address.Value,
            profile.Address.Key,
            profile.Name,
            fields = SubscriberRow.Text(profile.Fields),
            tags = SubscriberRow.Text(profile.Tags),
            topics = SubscriberRow.Text(profile.Topics),
            left = SubscriberRow.Text(profile.TopicsLeft),
            profile.Language,
            profile.TimeZone,
            profile.Source,
            state = first.To.Word(),
            at = first.At.ToUnixTimeMilliseconds(),
            since = (profile.Since ?? first.At).ToUnixTimeMilliseconds(),
        }, transaction);

    /// <summary>Writes what is known of a person.</summary>
    internal static Task UpdateAsync(DbTransaction transaction, SubscriberId id, Profile profile) => transaction.Connection!.ExecuteAsync(
        "update subscribers set name = @Name, fields = @fields, tags = @tags, topics = @topics, topics_left = @left, language = @Language, time_zone = @TimeZone, source = @Source where id = @id", new
        {
            id = id.Value, profile.Name, fields = SubscriberRow.Text(profile.Fields), tags = SubscriberRow.Text(profile.Tags), topics = SubscriberRow.Text(profile.Topics),
            left = SubscriberRow.Text(profile.TopicsLeft), profile.Language, profile.TimeZone, profile.Source,
        }, transaction);

    internal static async Task<Subscriber?> FindAsync(DbConnection connection, EmailAddress address, DbTransaction? transaction = null) =>
        (await connection.QuerySingleOrDefaultAsync<SubscriberRow>(
            $"select {SubscriberRow.Columns} from subscribers where address_key = @Key", new { address.Key }, transaction))?.ToSubscriber();

    private static async Task<Subscriber?> FindAsync(DbConnection connection, SubscriberId id, DbTransaction? transaction = null) =>
        (await connection.QuerySingleOrDefaultAsync<SubscriberRow>(
            $"select {SubscriberRow.Columns} from subscribers where id = @id", new { id = id.Value }, transaction))?.ToSubscriber();

    internal async Task<Suppression?> FindSuppressionAsync(DbConnection connection, EmailAddress address, DbTransaction? transaction = null) =>
        (await connection.QueryFirstOrDefaultAsync<SuppressionRow>(
            $"select reason, at, actor, evidence from suppressions where address_key {database.IsOneOf("@keys")}",
            new { keys = database.Many(erased.Marks(address).Append(address.Key)) }, transaction))?.ToSuppression();

    private sealed record LogRow
    {
        public required string Before { get; init; }
        public required string State { get; init; }
        public required long At { get; init; }
        public required string Reason { get; init; }
        public required string Actor { get; init; }
        public required string Evidence { get; init; }
        public long? EditionId { get; init; }
        public long? ReturnedMailId { get; init; }
        public long? IncidentId { get; init; }

        public HistoryLine ToLine() => new(
            SubscriptionStates.Read(Before),
            new(SubscriptionStates.Read(State)!.Value, Reason, Enum.Parse<Actor>(Actor, ignoreCase: true), DateTimeOffset.FromUnixTimeMilliseconds(At), Evidence,
                EditionId is { } edition ? new EditionId(edition) : null, ReturnedMailId, IncidentId));
    }

    private sealed record SuppressionRow(string Reason, long At, string Actor, string Evidence)
    {
        public Suppression ToSuppression() => new(
            Enum.Parse<SuppressionReason>(Reason, ignoreCase: true), Enum.Parse<Actor>(Actor, ignoreCase: true), DateTimeOffset.FromUnixTimeMilliseconds(At), Evidence);
    }
}
