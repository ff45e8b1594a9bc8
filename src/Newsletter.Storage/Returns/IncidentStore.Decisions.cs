using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A person's word on an incident.</summary>
/// <param name="Why">In their words; may be empty.</param>
/// <param name="By">Who, and by which door.</param>
/// <param name="At">When.</param>
public sealed record Decision(string Why, string By, DateTimeOffset At);

/// <summary>How far a batch came.</summary>
/// <param name="Last">The last reader looked at: the next batch begins behind; 0: it was the last batch.</param>
/// <param name="Changed">How many were changed.</param>
/// <param name="LeftAlone">How many could not be: suppressed by a person of the house.</param>
public readonly record struct IncidentBatch(long Last, int Changed, int LeftAlone);

/// <content>Decisions: first the word itself, then its readers a batch in a transaction. A batch may be done again: whoever something else has happened to since is left alone.</content>
public sealed partial class IncidentStore
{
    private readonly BouncePolicy policy = policy ?? BouncePolicy.Usual;

    /// <summary>Puts down what it was; false where there is none, or it was decided so already.</summary>
    public Task<bool> DecideAsync(long id, IncidentState to, Decision decision, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("""
            update incidents set state = @state, decided_at = @at, decided_by = @By, why = @Why where id = @id and state <> @state
            """, new { id, state = to.ToString().ToLowerInvariant(), at = decision.At.Ms(), decision.By, decision.Why }, transaction) > 0, ct);

    /// <summary>Makes an incident of suspensions that a person takes back together.</summary>
    public Task<long> AddByHandAsync(SuspensionQuestion question, Decision decision, CancellationToken ct) => database.WriteAsync(transaction =>
        transaction.Connection!.QuerySingleAsync<long>("""
            insert into incidents (by_hand, state, words, first_at, last_at, opened_at, decided_at, decided_by, why) values (1, 'undone', @words, @from, @to, @at, @at, @By, @Why) returning id
            """, new { words = question.Text, from = (question.From ?? decision.At).Ms(), to = (question.To ?? decision.At).Ms(), at = decision.At.Ms(), decision.By, decision.Why }, transaction), ct);

    /// <summary>Gives back readers whom a question finds, and puts what suspended them under the incident.</summary>
    public Task<IncidentBatch> UndoAsync(long id, SuspensionQuestion question, SubscriberId after, int count, Decision decision, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var found = (await transaction.Connection!.QueryAsync<(long Id, long? Edition)>($"""
            select s.id, l.edition_id {SuspensionStore.Suspended}{(question with { IsOfThisHouse = true }).Sql} and s.id > @after order by s.id limit @count
            """, question.Names(after.Value, count), transaction)).ToList();
        foreach (var (subscriber, edition) in found)
            await transaction.Connection!.ExecuteAsync("update bounces set incident_id = @id where subscriber_id = @subscriber and edition_id = @edition and incident_id is null", new { id, subscriber, edition }, transaction);
        return await GiveBackAsync(transaction, id, [.. found.Select(one => one.Id)], count, decision);
    }, ct);

    /// <summary>Gives back readers whom the incident suspended.</summary>
    public Task<IncidentBatch> UndoAsync(long id, SubscriberId after, int count, Decision decision, CancellationToken ct) => database.WriteAsync(async transaction =>
        !await IsStillAsync(transaction, id, IncidentState.Undone) ? default : await GiveBackAsync(transaction, id, await IncidentReaders.SuspendedByAsync(transaction, id, after.Value, count), count, decision), ct);

    /// <summary>Does to readers what the bounces would have done: those that were given back are suspended again, of the others each bounce is judged now.</summary>
    public Task<IncidentBatch> AcceptAsync(long id, SubscriberId after, int count, Decision decision, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (!await IsStillAsync(transaction, id, IncidentState.Accepted))
            return default;
        var readers = await IncidentReaders.AllAsync(transaction, id, after.Value, count);
        var changed = 0;
        foreach (var reader in readers)
            if (!await HasLivedSinceAsync(transaction, id, new(reader), decision) && (await SuspendAgainAsync(transaction, id, new(reader), decision) || await JudgeAsync(transaction, id, new(reader), decision)))
                changed++;
        return new IncidentBatch(readers.Count < count ? 0 : readers[^1], changed, 0);
    }, ct);

    /// <summary>Whether nobody has decided otherwise meanwhile; until the end of the transaction nobody does.</summary>
    private async Task<bool> IsStillAsync(DbTransaction transaction, long id, IncidentState state) => await transaction.Connection!.QuerySingleOrDefaultAsync<string>(
        $"select state from incidents where id = @id {database.ForUpdate}", new { id }, transaction) is { } now && StateOf(now) == state;

    private async Task<IncidentBatch> GiveBackAsync(DbTransaction transaction, long id, IReadOnlyList<long> readers, int count, Decision decision)
    {
        var (changed, left) = (0, 0);
        foreach (var reader in readers)
            switch (await Standings.ChangeAsync(database, transaction, new(reader), new(SubscriptionState.Active, Reason(id, "undone", decision), Actor.Undo, decision.At, decision.By, Incident: id)))
            {
                case ChangeOutcome.Changed: changed++; break;
                case ChangeOutcome.Suppressed: left++; break;
                default: break; // something else has happened since
            }
        return new(readers.Count < count ? 0 : readers[^1], changed, left);
    }

    /// <summary>Whether the reader has answered, or a letter has stayed, after the bounce: whatever the wave was, this address lives.</summary>
    private async Task<bool> HasLivedSinceAsync(DbTransaction transaction, long id, SubscriberId reader, Decision decision)
    {
        var history = await Bounces.HistoryAsync(database, transaction.Connection!, transaction, reader, policy, decision.At);
        return history.Bounces.LastOrDefault(bounce => bounce.Incident == id) is { } bounce && history.Signs.Any(sign => sign.At > bounce.At);
    }

    private sealed record Before(string Reason, string Evidence, long? EditionId, long? ReturnedMailId);

    private async Task<bool> SuspendAgainAsync(DbTransaction transaction, long id, SubscriberId reader, Decision decision)
    {
        var names = new { id, reader.Value };
        var isBack = await transaction.Connection!.ExecuteScalarAsync<long>($"""
            select count(*) from subscriptions_log l where l.id = (select max(x.id) from subscriptions_log x where x.subscriber_id = @Value) and l.state = 'active' and l.incident_id = @id
            """, names, transaction) > 0;
        if (!isBack || await transaction.Connection!.QueryFirstOrDefaultAsync<Before>("""
            select reason, evidence, edition_id, returned_mail_id from subscriptions_log where subscriber_id = @Value and state = 'suspended' order by id desc limit 1
            """, names, transaction) is not { } before)
            return false;
        return await Standings.ChangeAsync(database, transaction, reader, new(SubscriptionState.Suspended, $"{Reason(id, "accepted", decision)}: {before.Reason}", Actor.Editor, decision.At,
            before.Evidence, before.EditionId is { } edition ? new EditionId(edition) : null, before.ReturnedMailId, id)) is ChangeOutcome.Changed;
    }

    private async Task<bool> JudgeAsync(DbTransaction transaction, long id, SubscriberId reader, Decision decision)
    {
        var history = await Bounces.HistoryAsync(database, transaction.Connection!, transaction, reader, policy, decision.At);
        if (history.Bounces.LastOrDefault(bounce => bounce.Incident == id) is not { } bounce || history.BackSince > bounce.At)
            return false;
        var fact = new BounceFact(new(bounce.Edition, reader), bounce.Verdict, bounce.Evidence, decision.At, ReturnedMail: bounce.ReturnedMail);
        var judgement = policy.Judge(bounce, history, decision.At);
        var ledger = new BounceLedger(database, policy, IncidentRules.Usual);
        return (await ledger.ApplyAsync(transaction, fact, judgement is Judgement.Suspend suspend ? suspend with { Why = $"{Reason(id, "accepted", decision)}: {suspend.Why}" } : judgement, id))
            is (Consequence.Suspend, "suspended");
    }

    private static string Reason(long id, string what, Decision decision) => IncidentReaders.Text($"incident {id} {what}{(decision.Why.Length > 0 ? $": {decision.Why}" : "")}");
}
