using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>Moves the times at which deliveries are due, without a word to any relay: no attempt is counted.</summary>
public sealed class DueTimes(Database database)
{
    /// <summary>Gives back what was claimed and may not go yet: due again at its time. Takes no token: a worker that stops still gives back.</summary>
    public Task PutOffAsync(IReadOnlyCollection<(Claim Claim, DateTimeOffset Due)> claims, DateTimeOffset now) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("""
            update deliveries set state = case when attempt > 1 then 'deferred' else 'waiting' end, state_at = @now, due_at = @due, attempt = attempt - 1, claimed_by = null, claimed_until = null
            where edition_id = @edition and subscriber_id = @subscriber and state = 'claimed' and fence = @Fence
            """, claims.Select(one => new { edition = one.Claim.Id.Edition.Value, subscriber = one.Claim.Id.Subscriber.Value, one.Claim.Fence, due = one.Due.Ms(), now = now.Ms() }), transaction), CancellationToken.None);

    /// <summary>The zones of readers whose letters are due since the start, or since their wave's turn came; neither tried nor put off yet.</summary>
    public Task<IReadOnlyList<string>> UntouchedZonesAsync(EditionId edition, DateTimeOffset since, CancellationToken ct) => database.ReadAsync<IReadOnlyList<string>>(async connection =>
        (await connection.QueryAsync<string>("""
            select distinct s.time_zone from deliveries d join subscribers s on s.id = d.subscriber_id
            where d.edition_id = @Value and d.state in ('waiting', 'deferred') and d.state = 'waiting' and d.attempt = 0 and d.due_at = @since and s.time_zone <> ''
            """, new { edition.Value, since = since.Ms() })).AsList(), ct);

    /// <summary>Puts off the letters of a zone that are due since then and untouched. Returns how many.</summary>
    public Task<int> MoveZoneAsync(EditionId edition, DateTimeOffset since, string zone, DateTimeOffset due, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("""
            update deliveries set due_at = @due, state_at = @now
            where edition_id = @Value and state in ('waiting', 'deferred') and state = 'waiting' and attempt = 0 and due_at = @since
              and subscriber_id in (select id from subscribers where time_zone = @zone)
            """, new { edition.Value, since = since.Ms(), zone, due = due.Ms(), now = now.Ms() }, transaction), ct);
}
