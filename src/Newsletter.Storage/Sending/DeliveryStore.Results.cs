using System.Buffers;
using System.Text;
using System.Text.Json;
using Dapper;
using Newsletter.Composing;
using Newsletter.Returns;
using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>What became of a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Outcome">What the relay said.</param>
/// <param name="After">The delivery's state from now on.</param>
/// <param name="At">When.</param>
/// <param name="Revision">Which text of the issue the letter had (<see cref="RenderedIssue.Revision"/>); empty where it is not known.</param>
/// <param name="Bounce">That the delivery has come back with this; null: it has not.</param>
public sealed record AttemptResult(Claim Claim, SmtpOutcome Outcome, AfterAttempt After, DateTimeOffset At, string Revision = "", BounceFact? Bounce = null);

public sealed partial class DeliveryStore
{
    private sealed record Key(long Edition, long Subscriber, long Fence);

    /// <summary>The columns of <see cref="Rows"/>, as a table.</summary>
    private string Results => $"""
        (select cast(r.value ->> 0 as bigint) as edition, cast(r.value ->> 1 as bigint) as subscriber, cast(r.value ->> 2 as bigint) as held, r.value ->> 3 as state,
            cast(r.value ->> 4 as bigint) as at, cast(r.value ->> 5 as bigint) as due, cast(r.value ->> 6 as bigint) as attempt, r.value ->> 7 as outcome,
            cast(r.value ->> 8 as bigint) as code, r.value ->> 9 as status, r.value ->> 10 as words, r.value ->> 11 as revision
         from {database.Elements("@rows")}) result
        """;

    /// <summary>
    /// Settles what a group of attempts has become, in one commit; a second time nothing more happens. It counts as long as nobody has claimed the
    /// delivery since, even where the claim was freed meanwhile; else it becomes evidence and changes nothing.
    /// </summary>
    /// <remarks>Takes no token: a letter that was sent and not recorded is sent twice.</remarks>
    public Task RecordAsync(IReadOnlyCollection<AttemptResult> results) => results.Count == 0 ? Task.CompletedTask : database.WriteAsync(async transaction =>
    {
        var connection = transaction.Connection!;
        var names = new { rows = Rows(results) };
        var settle = $"""
            update deliveries as d set state = result.state, state_at = result.at, due_at = coalesce(result.due, d.due_at), attempt = result.attempt, claimed_by = null, claimed_until = null,
                reply_code = result.code, reply_status = result.status, reply_words = result.words, revision = coalesce(result.revision, d.revision)
            from {Results}
            where d.edition_id = result.edition and d.subscriber_id = result.subscriber and d.fence = result.held
              and d.state in ('claimed', 'waiting', 'deferred', 'in doubt')
            """;
        var areAccepted = results.All(result => result.Outcome is SmtpOutcome.Accepted); // nothing more is to be known of them than that all counted
        HashSet<Key> settled = areAccepted ? [] : [.. await connection.QueryAsync<Key>($"{settle} returning edition_id as edition, subscriber_id as subscriber, fence", names, transaction)];
        if (!areAccepted || await connection.ExecuteAsync(settle, names, transaction) < results.Count)
            await connection.ExecuteAsync($"""
                insert into attempts (edition_id, subscriber_id, fence, at, outcome, reply_code, reply_status, reply_words)
                select edition, subscriber, held, at, outcome, code, status, words from {Results}
                where not exists (select 1 from attempts a where a.edition_id = edition and a.subscriber_id = subscriber and a.fence = held and a.outcome = result.outcome)
                  and (outcome <> 'Accepted' or not exists
                      (select 1 from deliveries d where d.edition_id = edition and d.subscriber_id = subscriber and d.fence = held and d.state = result.state))
                """, names, transaction);
        await bounces.TakeAllAsync(transaction, results.Where(result => result.Bounce is not null && settled.Contains(KeyOf(result))).Select(result => result.Bounce!));
    }, CancellationToken.None);

    private static Key KeyOf(AttemptResult result) => new(result.Claim.Id.Edition.Value, result.Claim.Id.Subscriber.Value, result.Claim.Fence);

    /// <summary>As JSON, an array for each result.</summary>
    private static string Rows(IReadOnlyCollection<AttemptResult> results)
    {
        var text = new ArrayBufferWriter<byte>(results.Count * 128);
        using var json = new Utf8JsonWriter(text);
        json.WriteStartArray();
        foreach (var result in results)
            Write(json, result);
        json.WriteEndArray();
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, AttemptResult result)
    {
        var (key, claim, counts) = (KeyOf(result), result.Claim, result.After.State is not DeliveryState.Waiting);
        var (code, status) = result.Outcome.Numbers();
        json.WriteStartArray();
        json.WriteNumberValue(key.Edition);
        json.WriteNumberValue(key.Subscriber);
        json.WriteNumberValue(key.Fence);
        json.WriteStringValue((!counts && claim.Attempt > 1 ? DeliveryState.Deferred : result.After.State).Word());
        json.WriteNumberValue(result.At.Ms());
        WriteNumber(json, result.After.DueAt?.Ms());
        json.WriteNumberValue(counts ? claim.Attempt : claim.Attempt - 1);
        json.WriteStringValue(result.Outcome.GetType().Name);
        WriteNumber(json, code);
        json.WriteStringValue(status);
        json.WriteStringValue(result.Outcome.Words);
        json.WriteStringValue(result.Revision is "" ? null : result.Revision);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, long? value)
    {
        if (value is { } number)
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }
}
