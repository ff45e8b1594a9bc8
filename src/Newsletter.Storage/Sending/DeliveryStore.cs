using System.Data.Common;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A worker's right to a delivery until a time, with what its letter needs.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
/// <param name="Fence">Carried by the result, so that one from an older claim does not overwrite.</param>
/// <param name="Address">As the subscriber gave it.</param>
/// <param name="Name">May be empty, may hold anything.</param>
/// <param name="Fields">The subscriber's own columns.</param>
public sealed record Claim(DeliveryId Id, int Attempt, long Fence, string Address, string Name, IReadOnlyDictionary<string, string> Fields);

/// <summary>What became of a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Outcome">What the relay said.</param>
/// <param name="After">The delivery's state from now on.</param>
/// <param name="At">When.</param>
/// <param name="Bounce">What the refusal does to the subscription; null: nothing.</param>
public sealed record AttemptResult(Claim Claim, SmtpOutcome Outcome, AfterAttempt After, DateTimeOffset At, StandingChange? Bounce = null);

/// <summary>The ledger: one row for each edition and subscriber, claimed by workers, settled by results.</summary>
/// <remarks>Attempts that count are those that a relay judged: a waiting delivery has none, a deferred one has some.</remarks>
public sealed class DeliveryStore(Database database)
{
    private sealed record ClaimRow(long SubscriberId, long Attempt, long Fence);

    private sealed record PersonRow(long Id, string Address, string Name, string Fields);

    /// <summary>Takes up to <paramref name="count"/> due deliveries of a running edition. The suppression check is in this statement, the last before the wire.</summary>
    public Task<IReadOnlyList<Claim>> ClaimAsync(EditionId edition, string owner, DateTimeOffset until, DateTimeOffset now, int count, CancellationToken ct) =>
        database.WriteAsync<IReadOnlyList<Claim>>(async transaction =>
        {
            var connection = transaction.Connection!;
            var claimed = (await connection.QueryAsync<ClaimRow>($"""
                with due as materialized (
                    select d.subscriber_id from deliveries d
                    where d.edition_id = @Value and d.state in ('waiting', 'deferred') and d.due_at <= @now
                      and exists (select 1 from editions e where e.id = d.edition_id and e.state = 'running')
                      and exists (select 1 from subscribers s where s.id = d.subscriber_id and s.state = 'active'
                                  and not exists (select 1 from suppressions x where x.address_key = s.address_key))
                    order by d.due_at, d.subscriber_id limit @count {database.SkipLocked})
                update deliveries set state = 'claimed', state_at = @now, attempt = attempt + 1, fence = fence + 1, claimed_by = @owner, claimed_until = @until
                where edition_id = @Value and subscriber_id in (select subscriber_id from due)
                returning subscriber_id, attempt, fence
                """, new { edition.Value, owner, until = until.Ms(), now = now.Ms(), count }, transaction)).ToDictionary(row => row.SubscriberId);
            if (claimed.Count == 0)
                return [];
            var people = await connection.QueryAsync<PersonRow>($"select id, address, name, fields from subscribers where id {database.IsOneOf("@ids")} order by id", new { ids = database.Many(claimed.Keys) }, transaction);
            return people.Select(person => ClaimOf(edition, claimed[person.Id], person)).ToList();
        }, ct);

    /// <summary>Deliveries whose reader has left, was suspended or suppressed since the audience was frozen: they are skipped, with the reason.</summary>
    public Task<int> SkipEndedAsync(EditionId edition, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("""
            update deliveries set state = 'skipped', state_at = @now, reply_words = (
                select case when s.state <> 'active' then s.state else 'suppressed' end from subscribers s where s.id = subscriber_id)
            where edition_id = @Value and state in ('waiting', 'deferred')
              and exists (select 1 from subscribers s where s.id = subscriber_id
                          and (s.state <> 'active' or exists (select 1 from suppressions x where x.address_key = s.address_key)))
            """, new { edition.Value, now = now.Ms() }, transaction), ct);

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

    /// <summary>Settles what a group of attempts has become, in one commit. A result whose claim is over becomes evidence and changes nothing else.</summary>
    /// <remarks>Takes no token: a letter that was sent and not recorded is sent twice.</remarks>
    public Task RecordAsync(IReadOnlyCollection<AttemptResult> results) => database.WriteAsync(async transaction =>
    {
        foreach (var result in results)
            await RecordAsync(transaction, result);
    }, CancellationToken.None);

    private async Task RecordAsync(DbTransaction transaction, AttemptResult result)
    {
        var (code, status) = Reply(result.Outcome);
        var row = new
        {
            edition = result.Claim.Id.Edition.Value, subscriber = result.Claim.Id.Subscriber.Value, result.Claim.Fence, at = result.At.Ms(), state = result.After.State.Word(),
            due = result.After.DueAt?.Ms(), outcome = result.Outcome.GetType().Name, code, status, words = result.Outcome.Words,
        };
        var settled = await transaction.Connection!.ExecuteAsync("""
            update deliveries set state = case when @state = 'waiting' and attempt > 1 then 'deferred' else @state end, state_at = @at, due_at = coalesce(@due, due_at),
                attempt = case when @state = 'waiting' then attempt - 1 else attempt end, claimed_by = null, claimed_until = null,
                reply_code = @code, reply_status = @status, reply_words = @words
            where edition_id = @edition and subscriber_id = @subscriber and state = 'claimed' and fence = @Fence
            """, row, transaction) > 0;
        if (!settled || result.Outcome is not SmtpOutcome.Accepted)
            await transaction.Connection!.ExecuteAsync("""
                insert into attempts (edition_id, subscriber_id, fence, at, outcome, reply_code, reply_status, reply_words)
                values (@edition, @subscriber, @Fence, @at, @outcome, @code, @status, @words)
                """, row, transaction);
        if (settled && result.Bounce is { } bounce)
            await Standings.ChangeAsync(database, transaction, result.Claim.Id.Subscriber, bounce);
    }

    /// <summary>Those who hold claims of an edition.</summary>
    public Task<IReadOnlyList<string>> OwnersAsync(EditionId edition, CancellationToken ct) => database.ReadAsync<IReadOnlyList<string>>(async connection =>
        (await connection.QueryAsync<string>("select distinct claimed_by from deliveries where edition_id = @Value and state = 'claimed' and claimed_by is not null", edition)).AsList(), ct);

    /// <summary>Frees what is claimed by workers that are gone, or whose claim ran out: due again under the same Message-ID, or in doubt until a person decides.</summary>
    public Task<int> RecoverAsync(EditionId edition, IReadOnlyList<string> gone, bool hold, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync($"""
            update deliveries set state = case when @state = 'waiting' and attempt > 1 then 'deferred' else @state end, state_at = @now, due_at = @now,
                attempt = case when @state = 'waiting' then attempt - 1 else attempt end, claimed_by = null, claimed_until = null
            where edition_id = @Value and state = 'claimed' and (claimed_until < @now or claimed_by {database.IsOneOf("@gone")})
            """, new { edition.Value, state = (hold ? DeliveryState.InDoubt : DeliveryState.Waiting).Word(), now = now.Ms(), gone = database.Many(gone) }, transaction), ct);

    /// <summary>Makes failed deliveries, or those in doubt, due once more, the edition running. Returns how many.</summary>
    public Task<int> RetryAsync(EditionId edition, DeliveryState which, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var names = new { edition.Value, which = which.Word(), now = now.Ms() };
        var again = await transaction.Connection!.ExecuteAsync("update deliveries set state = 'waiting', attempt = 0, state_at = @now, due_at = @now where edition_id = @Value and state = @which", names, transaction);
        if (again > 0)
            await transaction.Connection!.ExecuteAsync("update editions set state = 'running', state_at = @now, completed_at = null where id = @Value and state = 'complete'", names, transaction);
        return again;
    }, ct);

    /// <summary>How many deliveries are in each state, counted from the rows.</summary>
    public Task<Tally> TallyAsync(EditionId edition, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var counts = (await connection.QueryAsync<(string State, long Count)>("select state, count(*) from deliveries where edition_id = @Value group by state", edition))
            .ToDictionary(row => SendingWords.ReadDelivery(row.State), row => row.Count);
        long Of(DeliveryState state) => counts.GetValueOrDefault(state);
        return new Tally(Of(DeliveryState.Waiting), Of(DeliveryState.Claimed), Of(DeliveryState.Sent), Of(DeliveryState.Deferred), Of(DeliveryState.Failed), Of(DeliveryState.Skipped), Of(DeliveryState.InDoubt));
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

    private static Claim ClaimOf(EditionId edition, ClaimRow row, PersonRow person) =>
        new(new(edition, new(row.SubscriberId)), (int)row.Attempt, row.Fence, person.Address, person.Name,
            JsonSerializer.Deserialize<Dictionary<string, string>>(person.Fields) ?? []);

    private static (long? Code, string? Status) Reply(SmtpOutcome outcome) => outcome switch
    {
        SmtpOutcome.Deferred deferred => (deferred.Code, deferred.Status),
        SmtpOutcome.Rejected rejected => (rejected.Code, rejected.Status),
        SmtpOutcome.Refused refused => (refused.Code, refused.Status),
        _ => (null, null),
    };
}

/// <summary>A delivery as a person reads it.</summary>
public sealed record DeliveryLine(long SubscriberId, string Address, long Attempt, long? ReplyCode, string? ReplyStatus, string? ReplyWords);
