using System.Text.Json;
using Dapper;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>What became of a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Outcome">What the relay said.</param>
/// <param name="After">The delivery's state from now on.</param>
/// <param name="At">When.</param>
/// <param name="Revision">Which text of the issue the letter had (<see cref="RenderedIssue.Revision"/>); empty where it is not known.</param>
/// <param name="Bounce">What the refusal does to the subscription; null: nothing.</param>
public sealed record AttemptResult(Claim Claim, SmtpOutcome Outcome, AfterAttempt After, DateTimeOffset At, string Revision = "", StandingChange? Bounce = null);

public sealed partial class DeliveryStore
{
    private sealed record Key(long Edition, long Subscriber, long Fence);

    private sealed record ResultRow(long Edition, long Subscriber, long Fence, string State, long At, long? Due, long Attempt, string Outcome, long? Code, string? Status, string Words, string? Revision);

    /// <summary>The rows of <see cref="ResultRow"/>, as a table.</summary>
    private string Results => $"""
        (select cast(r.value ->> 'Edition' as bigint) as edition, cast(r.value ->> 'Subscriber' as bigint) as subscriber, cast(r.value ->> 'Fence' as bigint) as held,
            r.value ->> 'State' as state, cast(r.value ->> 'At' as bigint) as at, cast(r.value ->> 'Due' as bigint) as due, cast(r.value ->> 'Attempt' as bigint) as attempt,
            r.value ->> 'Outcome' as outcome, cast(r.value ->> 'Code' as bigint) as code, r.value ->> 'Status' as status, r.value ->> 'Words' as words,
            r.value ->> 'Revision' as revision
         from {database.Elements("@rows")}) result
        """;

    /// <summary>
    /// Settles what a group of attempts has become, in one commit; a second time nothing more happens. It counts as long as nobody has claimed the
    /// delivery since, even where the claim was freed meanwhile; else it becomes evidence and changes nothing.
    /// </summary>
    /// <remarks>Takes no token: a letter that was sent and not recorded is sent twice.</remarks>
    public Task RecordAsync(IReadOnlyCollection<AttemptResult> results) => database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var names = new { rows = JsonSerializer.Serialize(results.Select(RowOf)) };
        var settled = (await connection.QueryAsync<Key>($"""
            update deliveries as d set state = result.state, state_at = result.at, due_at = coalesce(result.due, d.due_at), attempt = result.attempt, claimed_by = null, claimed_until = null,
                reply_code = result.code, reply_status = result.status, reply_words = result.words, revision = coalesce(result.revision, d.revision)
            from {Results}
            where d.edition_id = result.edition and d.subscriber_id = result.subscriber and d.fence = result.held
              and d.state in ('claimed', 'waiting', 'deferred', 'in doubt')
            returning edition_id as edition, subscriber_id as subscriber, fence
            """, names, transaction)).ToHashSet();
        if (settled.Count < results.Count || results.Any(result => result.Outcome is not SmtpOutcome.Accepted))
            await connection.ExecuteAsync($"""
                insert into attempts (edition_id, subscriber_id, fence, at, outcome, reply_code, reply_status, reply_words)
                select edition, subscriber, held, at, outcome, code, status, words from {Results}
                where not exists (select 1 from attempts a where a.edition_id = edition and a.subscriber_id = subscriber and a.fence = held and a.outcome = result.outcome)
                  and (outcome <> 'Accepted' or not exists
                      (select 1 from deliveries d where d.edition_id = edition and d.subscriber_id = subscriber and d.fence = held and d.state = result.state))
                """, names, transaction);
        foreach (var result in results)
            if (result.Bounce is { } bounce && settled.Contains(KeyOf(result)))
                await Standings.ChangeAsync(database, transaction, result.Claim.Id.Subscriber, bounce);
    }, CancellationToken.None);

    private static Key KeyOf(AttemptResult result) => new(result.Claim.Id.Edition.Value, result.Claim.Id.Subscriber.Value, result.Claim.Fence);

    private static ResultRow RowOf(AttemptResult result)
    {
        var (key, claim, counts) = (KeyOf(result), result.Claim, result.After.State is not DeliveryState.Waiting);
        var state = !counts && claim.Attempt > 1 ? DeliveryState.Deferred : result.After.State;
        var (code, status) = result.Outcome.Numbers();
        return new(key.Edition, key.Subscriber, key.Fence, state.Word(), result.At.Ms(), result.After.DueAt?.Ms(), counts ? claim.Attempt : claim.Attempt - 1,
            result.Outcome.GetType().Name, code, status, result.Outcome.Words, result.Revision is "" ? null : result.Revision);
    }
}
