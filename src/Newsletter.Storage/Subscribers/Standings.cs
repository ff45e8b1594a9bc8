using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Changes of standing and suppressions inside a caller's transaction, so that what caused them commits with them or not at all. Every one of them may come twice.</summary>
internal static class Standings
{
    /// <summary>Changes a standing and writes its line of history; a second call changes nothing and says so.</summary>
    public static async Task<ChangeOutcome> ChangeAsync(Database database, DbTransaction transaction, SubscriberId subscriber, StandingChange change)
    {
        var connection = transaction.Connection!;
        // Locked first: of two that come at once the second sees what the first did.
        var word = await connection.QuerySingleOrDefaultAsync<string>($"select state from subscribers where id = @id {database.ForUpdate}", new { id = subscriber.Value }, transaction);
        if (SubscriptionStates.Read(word) is not { } before)
            return ChangeOutcome.NobodyThere;
        if (before == change.To)
            return ChangeOutcome.AlreadySo;
        if (!SubscriptionStates.Allows(before, change.To, change.Actor))
            return ChangeOutcome.NotAllowed;
        if (change.To is SubscriptionState.Active && !await LiftAsync(transaction, subscriber))
            return ChangeOutcome.Suppressed;

        await connection.ExecuteAsync("update subscribers set state = @state, state_at = @at, paused_until = @until where id = @id",
            new { state = change.To.Word(), at = change.At.Ms(), until = change.Until?.Ms(), id = subscriber.Value }, transaction);
        await LogAsync(transaction, subscriber, before, change);
        return ChangeOutcome.Changed;
    }

    /// <summary>Bars an address; false where it was barred already. The first reason stays, but that a person's bar takes the place of a complaint's, which ends sooner.</summary>
    public static async Task<bool> SuppressAsync(DbTransaction transaction, EmailAddress address, Suppression suppression) =>
        await SuppressAsync(transaction, address.Key, suppression);

    /// <summary>Bars a subscriber's address; false where it was barred already, or there is no such subscriber or no address any more.</summary>
    public static async Task<bool> SuppressAsync(DbTransaction transaction, SubscriberId subscriber, Suppression suppression) =>
        await transaction.Connection!.QuerySingleOrDefaultAsync<string>("select address_key from subscribers where id = @id and state <> 'erased'", new { id = subscriber.Value }, transaction) is { } key
        && await SuppressAsync(transaction, key, suppression);

    /// <summary>Writes one line of history.</summary>
    public static Task LogAsync(DbTransaction transaction, SubscriberId subscriber, SubscriptionState? before, StandingChange change) =>
        transaction.Connection!.ExecuteAsync("""
            insert into subscriptions_log (subscriber_id, before, state, at, reason, actor, evidence, edition_id, returned_mail_id, incident_id)
            values (@id, @before, @state, @at, @Reason, @actor, @Evidence, @edition, @ReturnedMail, @Incident)
            """, new
        {
            id = subscriber.Value,
            before = before?.Word() ?? "",
            state = change.To.Word(),
            at = change.At.ToUnixTimeMilliseconds(),
            change.Reason,
            actor = Word(change.Actor),
            change.Evidence,
            edition = change.Edition?.Value,
            change.ReturnedMail,
            change.Incident,
        }, transaction);

    /// <summary>What became of a change, in words.</summary>
    public static string Words(ChangeOutcome outcome, SubscriptionState to) => outcome switch
    {
        ChangeOutcome.Changed => to.Word(),
        ChangeOutcome.AlreadySo => $"{to.Word()} before",
        ChangeOutcome.NotAllowed => "a stronger standing stays",
        ChangeOutcome.NobodyThere => "there is no such subscriber any more",
        var other => other.ToString(),
    };

    /// <summary>The actor's word in the store.</summary>
    public static string Word(Actor actor) => actor.ToString().ToLowerInvariant();

    /// <inheritdoc cref="SuppressAsync(DbTransaction, EmailAddress, Suppression)"/>
    public static async Task<bool> SuppressAsync(DbTransaction transaction, string key, Suppression suppression) =>
        await transaction.Connection!.ExecuteAsync("""
            insert into suppressions (address_key, reason, at, actor, evidence) values (@key, @reason, @at, @actor, @Evidence)
            on conflict (address_key) do update set reason = excluded.reason, at = excluded.at, actor = excluded.actor, evidence = excluded.evidence
            where suppressions.reason = 'complaint' and excluded.reason = 'manual'
            """,
            new { key, reason = suppression.Reason.ToString().ToLowerInvariant(), at = suppression.At.ToUnixTimeMilliseconds(), actor = Word(suppression.Actor), suppression.Evidence },
            transaction) == 1;

    /// <summary>A return to active takes a complaint's bar away with it; what a person of the house barred stays barred, and then nothing is written: an address has one bar.</summary>
    private static async Task<bool> LiftAsync(DbTransaction transaction, SubscriberId subscriber)
    {
        await transaction.Connection!.ExecuteAsync(
            "delete from suppressions where reason = 'complaint' and address_key = (select address_key from subscribers where id = @id)", new { id = subscriber.Value }, transaction);
        return await transaction.Connection!.ExecuteScalarAsync<long>(
            "select count(*) from suppressions where address_key = (select address_key from subscribers where id = @id)", new { id = subscriber.Value }, transaction) == 0;
    }
}
