using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Returns;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>A worker's right to a delivery until a time, with what its letter needs.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
/// <param name="Fence">Carried by the result, so that one from an older claim does not overwrite.</param>
/// <param name="Address">As the subscriber gave it.</param>
/// <param name="Name">May be empty, may hold anything.</param>
/// <param name="Fields">The subscriber's own columns.</param>
public sealed record Claim(DeliveryId Id, int Attempt, long Fence, string Address, string Name, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>The zone that the subscriber named; may be empty, may be none.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>a or b: the subject that this reader gets, where the issue has two; else empty.</summary>
    public string Variant { get; init; } = "";

    /// <summary>Since when the edition runs: started, resumed, its next wave released, or tried again by a person, be it in the middle of a pass.</summary>
    public DateTimeOffset RunsSince { get; init; }
}

/// <summary>The ledger: one row for each edition and subscriber, claimed by workers, settled by results.</summary>
/// <remarks>Attempts that count are those that a relay judged: a waiting delivery has none, a deferred one has some.</remarks>
/// <param name="database">Which of the two.</param>
/// <param name="policy">Decides what a refused letter does to its reader; null: the usual one.</param>
/// <param name="rules">Decide what is a wave of them; null: the usual ones.</param>
public sealed partial class DeliveryStore(Database database, BouncePolicy? policy = null, IncidentRules? rules = null)
{
    private readonly BounceLedger bounces = new(database, policy ?? BouncePolicy.Usual, rules ?? IncidentRules.Usual);

    private sealed record DueRow(long Id, long Attempt, long Fence, string Address, string Name, string Fields, string TimeZone, string Variant);

    private static readonly IReadOnlyDictionary<string, string> NoFields = new Dictionary<string, string>();

    /// <summary>Takes up to <paramref name="count"/> due deliveries of a running edition. The suppression check is in this transaction, the last before the wire.</summary>
    public Task<IReadOnlyList<Claim>> ClaimAsync(EditionId edition, string owner, DateTimeOffset until, DateTimeOffset now, int count, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<Claim>>(async transaction =>
        {
            var connection = transaction.Connection!;
            // Until the commit: an issue that is cancelled and sent anew waits for this claim.
            if (await connection.ExecuteScalarAsync<long?>($"select state_at from editions where id = @Value and state = 'running' {database.InUse}", edition, transaction) is not { } runsSince)
                return [];
            var due = (await connection.QueryAsync<DueRow>($"""
                select s.id, d.attempt, d.fence, s.address, s.name, s.fields, s.time_zone, d.variant
                from deliveries d join subscribers s on s.id = d.subscriber_id
                where d.edition_id = @Value and d.state in ('waiting', 'deferred') and d.due_at <= @now
                  and s.state = 'active' and not exists (select 1 from suppressions x where x.address_key = s.address_key)
                order by d.due_at, d.subscriber_id limit @count {database.SkipLocked}
                """, new { edition.Value, now = now.Ms(), count }, transaction)).AsList();
            if (due.Count > 0)
                await connection.ExecuteAsync($"""
                    update deliveries set state = 'claimed', state_at = @now, attempt = attempt + 1, fence = fence + 1, claimed_by = @owner, claimed_until = @until
                    where edition_id = @Value and subscriber_id {database.IsOneOf("@ids")}
                    """, new { edition.Value, owner, until = until.Ms(), now = now.Ms(), ids = database.Many(due.Select(row => row.Id)) }, transaction);
            return due.ConvertAll(row => ClaimOf(edition, row) with { RunsSince = runsSince.Instant() });
        }, ct);

    /// <summary>Whether a claim still holds and its letter may go: nobody has taken it over, the edition runs, the reader has not left.</summary>
    public Task<bool> HoldsAsync(Claim claim, CancellationToken ct) => database.ReadAsync(async connection =>
        await connection.ExecuteScalarAsync<long>("""
            select count(*) from deliveries d join editions e on e.id = d.edition_id join subscribers s on s.id = d.subscriber_id
            where d.edition_id = @edition and d.subscriber_id = @subscriber and d.state = 'claimed' and d.fence = @Fence and e.state = 'running' and s.state = 'active'
              and not exists (select 1 from suppressions x where x.address_key = s.address_key)
            """, new { edition = claim.Id.Edition.Value, subscriber = claim.Id.Subscriber.Value, claim.Fence }) > 0, ct);

    /// <summary>Gives back what was claimed and not tried. Takes no token: a worker that stops still gives back.</summary>
    public Task ReleaseAsync(IReadOnlyCollection<Claim> claims, DateTimeOffset now) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("""
            update deliveries set state = case when attempt > 1 then 'deferred' else 'waiting' end, state_at = @now, attempt = attempt - 1, claimed_by = null, claimed_until = null
            where edition_id = @edition and subscriber_id = @subscriber and state = 'claimed' and fence = @Fence
            """, claims.Select(claim => new { edition = claim.Id.Edition.Value, subscriber = claim.Id.Subscriber.Value, claim.Fence, now = now.Ms() }), transaction), CancellationToken.None);

    /// <summary>Makes the claims of a worker that lives last longer.</summary>
    public Task RenewAsync(EditionId edition, string owner, DateTimeOffset until, CancellationToken ct) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("update deliveries set claimed_until = @until where edition_id = @Value and state = 'claimed' and claimed_by = @owner",
            new { edition.Value, owner, until = until.Ms() }, transaction), ct);

    /// <summary>Frees what a worker that is gone had claimed, of whatever edition: due again under the same Message-ID.</summary>
    /// <param name="worker">The worker, all of whose results are recorded.</param>
    /// <param name="begun">Letters that it had begun to hand over: they are in doubt until a person decides. Empty: they go again with the others.</param>
    /// <param name="now">The time.</param>
    /// <param name="ct">Stops before anything is changed.</param>
    public Task<int> FreeAsync(string worker, IReadOnlyCollection<(DeliveryId Delivery, long Fence)> begun, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var names = new { worker, now = now.Ms(), begun = JsonSerializer.Serialize(begun.Select(one => new { edition = one.Delivery.Edition.Value, subscriber = one.Delivery.Subscriber.Value, fence = one.Fence })) };
        var held = begun.Count == 0 ? 0 : await transaction.Connection!.ExecuteAsync($"""
            update deliveries as d set state = 'in doubt', state_at = @now, due_at = @now, claimed_by = null, claimed_until = null
            from (select cast(r.value ->> 'edition' as bigint) as edition, cast(r.value ->> 'subscriber' as bigint) as subscriber, cast(r.value ->> 'fence' as bigint) as fence from {database.Elements("@begun")}) begun
            where d.edition_id = begun.edition and d.subscriber_id = begun.subscriber and d.fence = begun.fence and d.state = 'claimed' and d.claimed_by = @worker
            """, names, transaction);
        return held + await transaction.Connection!.ExecuteAsync($"update deliveries set {Freed} where state = 'claimed' and claimed_by = @worker", names, transaction);
    }, ct);

    /// <summary>Workers whose claims of an edition have run out.</summary>
    public Task<IReadOnlyList<string>> OverdueAsync(EditionId edition, DateTimeOffset now, CancellationToken ct) => database.ReadAsync<IReadOnlyList<string>>(async connection =>
        (await connection.QueryAsync<string>("select distinct claimed_by from deliveries where edition_id = @Value and state = 'claimed' and claimed_until < @now", new { edition.Value, now = now.Ms() })).AsList(), ct);

    /// <summary>Frees claims of an edition that ran out, whoever has them: due again, or in doubt until a person decides. Those of <paramref name="own"/> are due again at once.</summary>
    /// <remarks>What another transaction holds stays for the next look: a worker that was stopped inside one must not stop the others.</remarks>
    public Task<int> RecoverAsync(EditionId edition, string own, bool hold, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var names = new { edition.Value, own, now = now.Ms() };
        return await transaction.Connection!.ExecuteAsync($"update deliveries set {Freed} where edition_id = @Value and state = 'claimed' and claimed_by = @own", names, transaction)
            + await transaction.Connection!.ExecuteAsync($"""
            update deliveries set {(hold ? "state = 'in doubt', state_at = @now, due_at = @now, claimed_by = null, claimed_until = null" : Freed)}
            where edition_id = @Value and subscriber_id in (
                select d.subscriber_id from deliveries d where d.edition_id = @Value and d.state = 'claimed' and d.claimed_until < @now {database.SkipLocked})
            """, names, transaction);
    }, ct);

    private const string Freed = """
        state = case when attempt > 1 then 'deferred' else 'waiting' end, state_at = @now, due_at = @now, attempt = attempt - 1, claimed_by = null, claimed_until = null
        """;

    // Since it was sent: a letter that was sent again stays so until it comes back again. Of a reader who is not mailed it would end as skipped, though it was sent.
    private const string CameBack = """
        exists (select 1 from bounces c join subscribers s on s.id = c.subscriber_id
            where c.subscriber_id = d.subscriber_id and c.edition_id = d.edition_id and c.incident_id = @incident and c.at >= d.state_at and s.state = 'active')
        """;

    private static string Unsettled(DeliveryFilter which) => which switch
    {
        { State: not null } => "",
        { Incident: null } => " and d.state in ('failed', 'in doubt')",
        _ => $" and (d.state in ('failed', 'in doubt') or (d.state = 'sent' and {CameBack}))",
    };

    /// <summary>Makes deliveries that failed, are in doubt or came back, due once more, the edition running from now on, unless it is paused. Returns how many: none of an edition that was cancelled, or has not begun.</summary>
    /// <param name="edition">The edition.</param>
    /// <param name="which">Which of them; where it names no state, those that failed and those in doubt; of an incident also those that were sent and have come back since, of readers who are mailed.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<int> RetryAsync(EditionId edition, DeliveryFilter which, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var names = which.Names(edition.Value, now.Ms());
        // Locked first: whoever looks whether it is complete waits, and sees the letters that are due again.
        if (await transaction.Connection!.ExecuteScalarAsync<long?>($"select id from editions where id = @Value and state in ('running', 'paused', 'complete') {database.ForChange}", names, transaction) is null)
            return 0;
        // No subselect: of a row that another has locked the state is asked again when it lets go.
        var again = await transaction.Connection!.ExecuteAsync($"""
            update deliveries as d set state = 'waiting', attempt = 0, fence = fence + 1, state_at = @now, due_at = @now
            where d.edition_id = @Value{Unsettled(which)}{which.Sql}
            """, names, transaction);
        if (again > 0)
            await transaction.Connection!.ExecuteAsync("update editions set state = 'running', state_at = @now, completed_at = null where id = @Value and state in ('complete', 'running')", names, transaction);
        return again;
    }, ct);

    /// <summary>How many deliveries are in each state, counted from the rows, and of an old edition from what was rolled up as well.</summary>
    public Task<Tally> TallyAsync(EditionId edition, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var counts = (await connection.QueryAsync<(string State, long Count)>("""
            select state, count(*) from deliveries where edition_id = @Value group by state
            union all select state, cast(sum(deliveries) as bigint) from rollups where edition_id = @Value group by state
            """, edition)).GroupBy(row => SendingWords.ReadDelivery(row.State)).ToDictionary(rows => rows.Key, rows => rows.Sum(row => row.Count));
        long Of(DeliveryState state) => counts.GetValueOrDefault(state);
        return new Tally(Of(DeliveryState.Waiting), Of(DeliveryState.Claimed), Of(DeliveryState.Sent), Of(DeliveryState.Deferred), Of(DeliveryState.Failed), Of(DeliveryState.Skipped), Of(DeliveryState.InDoubt));
    }, ct);

    /// <summary>How fast an edition that runs goes, counted from the rows.</summary>
    public Task<SendingPace> PaceAsync(Edition edition, DateTimeOffset now, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var since = SendingPace.Since(edition, now);
        var settled = await connection.ExecuteScalarAsync<long>("select count(*) from deliveries where edition_id = @Value and state in ('sent', 'failed') and state_at >= @since", new { edition.Id.Value, since = since.Ms() });
        return new SendingPace(settled, now - since);
    }, ct);

    /// <summary>When the next delivery of an edition is due; null where none waits.</summary>
    public Task<DateTimeOffset?> NextDueAsync(EditionId edition, CancellationToken ct) => database.ReadAsync(async connection =>
        (await connection.ExecuteScalarAsync<long?>("select min(due_at) from deliveries where edition_id = @Value and state in ('waiting', 'deferred')", edition)).Instant(), ct);

    /// <summary>Deliveries in one state with the relay's last words, paged by subscriber.</summary>
    public Task<IReadOnlyList<DeliveryLine>> ListAsync(EditionId edition, DeliveryState state, SubscriberId after, int count, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<DeliveryLine>>(async connection => (await connection.QueryAsync<DeliveryLine>("""
            select d.subscriber_id, s.address, d.attempt, d.reply_code, d.reply_status, d.reply_words from deliveries d join subscribers s on s.id = d.subscriber_id
            where d.edition_id = @Value and d.state = @state and d.subscriber_id > @after order by d.subscriber_id limit @count
            """, new { edition.Value, state = state.Word(), after = after.Value, count })).AsList(), ct);

    private static Claim ClaimOf(EditionId edition, DueRow row) => new(new(edition, new(row.Id)), (int)row.Attempt + 1, row.Fence + 1, row.Address, row.Name,
        row.Fields is "{}" ? NoFields : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Fields) ?? NoFields) { TimeZone = row.TimeZone, Variant = row.Variant };
}

/// <summary>A delivery as a person reads it.</summary>
public sealed record DeliveryLine(long SubscriberId, string Address, long Attempt, long? ReplyCode, string? ReplyStatus, string? ReplyWords);
