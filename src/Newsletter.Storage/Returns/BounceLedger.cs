using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Takes in that a delivery came back, inside the transaction of the door that tells it: the event, its wave, and what it does to the reader, all or nothing.</summary>
/// <param name="database">Which of the two.</param>
/// <param name="policy">Decides what a bounce does.</param>
/// <param name="rules">Decide what is a wave.</param>
internal sealed class BounceLedger(Database database, BouncePolicy policy, IncidentRules rules)
{
    private const int LongestEvidence = 1_000;

    private sealed record Known
    {
        public required string Reason { get; init; }
        public required string Permanence { get; init; }
        public required string Confidence { get; init; }
        public required string Phrase { get; init; }
        public string? IncidentState { get; init; }
        public long WentAgain { get; init; }
    }

    /// <summary>Several bounces of one delivery are one: the first, unless a later one is the sure word, or the first was no fault of the reader's.</summary>
    /// <returns>What it did, and what became of that, in words.</returns>
    public async Task<(Consequence Consequence, string Outcome)> TakeAsync(DbTransaction transaction, BounceFact fact)
    {
        if (await transaction.Connection!.QuerySingleOrDefaultAsync<string>("select address from subscribers where id = @Value", fact.Delivery.Subscriber, transaction) is not { } text)
            return Nothing("there is no such subscriber any more");
        var address = EmailAddress.Read(text);
        // One after the other: of a wave each has to see those before it, or nobody sees the wave. Then the reader, whose two letters may come back at once.
        await database.AloneOnAsync(transaction, WaveOf(fact, address));
        await transaction.Connection!.ExecuteAsync($"select 1 from subscribers where id = @Value {database.ForUpdate}", fact.Delivery.Subscriber, transaction);
        if (!await AddAsync(transaction, fact, address))
            return Nothing("this letter's bounce is counted already");
        await new IncidentWatch(database, rules).LookAsync(transaction, fact);
        var history = await Bounces.HistoryAsync(database, transaction.Connection!, transaction, fact.Delivery.Subscriber, policy, fact.At);
        var newest = history.Bounces.LastOrDefault(bounce => bounce.Edition == fact.Delivery.Edition);
        return newest is null ? Nothing("older than what counts") : await ApplyAsync(transaction, fact, policy.Judge(newest, history, fact.At));
    }

    /// <summary>Several at once, in the order of the waves' locks: two groups with the same words would else wait for one another.</summary>
    public async Task TakeAllAsync(DbTransaction transaction, IEnumerable<BounceFact> facts)
    {
        var waves = new List<(string Wave, BounceFact Fact)>();
        foreach (var fact in facts)
            waves.Add((WaveOf(fact, EmailAddress.Read(await transaction.Connection!.QuerySingleOrDefaultAsync<string>("select address from subscribers where id = @Value", fact.Delivery.Subscriber, transaction) ?? "")), fact));
        foreach (var (_, fact) in waves.OrderBy(each => each.Wave, StringComparer.Ordinal))
            await TakeAsync(transaction, fact);
    }

    /// <summary>What a judgement on the bounce of a delivery does.</summary>
    public async Task<(Consequence Consequence, string Outcome)> ApplyAsync(DbTransaction transaction, BounceFact fact, Judgement judgement, long? incident = null)
    {
        var (subscriber, edition) = (fact.Delivery.Subscriber, fact.Delivery.Edition);
        var outcome = judgement switch
        {
            Judgement.Suspend suspend => Standings.Words(await Standings.ChangeAsync(database, transaction, subscriber,
                new(SubscriptionState.Suspended, suspend.Why, Actor.Server, fact.At, StoredText.Of(fact.Evidence), edition, fact.ReturnedMail, incident)), SubscriptionState.Suspended),
            Judgement.Probe probe => await RiskAsync(transaction, fact) && await AskAsync(transaction, fact) ? $"{probe.Why}; a probe goes out" : probe.Why,
            Judgement.Warn warn => await RiskAsync(transaction, fact) ? $"at risk: {warn.Why}" : warn.Why,
            Judgement.Count count => count.Why,
            Judgement.Nothing nothing => nothing.Why,
            _ => throw new System.Diagnostics.UnreachableException(judgement.GetType().Name),
        };
        return (Consequence.Of(judgement), outcome);
    }

    private static (Consequence, string) Nothing(string why) => (new Consequence.Nothing(why), why);

    private static async Task<bool> AddAsync(DbTransaction transaction, BounceFact fact, EmailAddress? address)
    {
        var ids = new { subscriber = fact.Delivery.Subscriber.Value, edition = fact.Delivery.Edition.Value };
        var known = await transaction.Connection!.QuerySingleOrDefaultAsync<Known>("""
            select b.reason, b.permanence, b.confidence, b.phrase, i.state as incident_state,
                   (select count(*) from deliveries d where d.subscriber_id = b.subscriber_id and d.edition_id = b.edition_id and d.state_at > coalesce(i.decided_at, i.opened_at)) as went_again
            from bounces b left join incidents i on i.id = b.incident_id where b.subscriber_id = @subscriber and b.edition_id = @edition
            """, ids, transaction);
        var isNews = known is null || known is { IncidentState: "undone", WentAgain: > 0 } // else it is a second report of the letter that was excused
            || (known.IncidentState is not ("open" or "undone") && BouncePolicy.IsSure(fact.Verdict) && !BouncePolicy.IsSure(Bounces.VerdictOf(known.Reason, known.Permanence, known.Confidence, known.Phrase)));
        if (isNews)
            await WriteAsync(transaction, fact, address);
        return isNews;
    }

    private static Task<int> WriteAsync(DbTransaction transaction, BounceFact fact, EmailAddress? address) => transaction.Connection!.ExecuteAsync("""
        insert into bounces (subscriber_id, edition_id, at, reason, permanence, confidence, phrase, evidence, returned_mail_id, provider, wave, reached)
        values (@subscriber, @edition, @at, @ReasonWord, @PermanenceWord, @confidence, @phrase, @evidence, @ReturnedMail, @provider, @wave,
            case when exists (
                select 1 from deliveries d join editions e on e.id = d.edition_id where d.subscriber_id = @subscriber and d.edition_id <> @edition and d.state = 'sent' and e.sandbox = ''
                  and not exists (select 1 from bounces b where b.subscriber_id = d.subscriber_id and b.edition_id = d.edition_id)) then 1 else 0 end)
        on conflict (subscriber_id, edition_id) do update set at = excluded.at, reason = excluded.reason, permanence = excluded.permanence, confidence = excluded.confidence, phrase = excluded.phrase,
            evidence = excluded.evidence, returned_mail_id = excluded.returned_mail_id, wave = excluded.wave, incident_id = null
        """, new
    {
        subscriber = fact.Delivery.Subscriber.Value, edition = fact.Delivery.Edition.Value, at = fact.At.Ms(),
        fact.Verdict.ReasonWord, fact.Verdict.PermanenceWord, confidence = fact.Verdict.Confidence.ToString().ToLowerInvariant(), phrase = Short(fact.Verdict.Words), evidence = Short(fact.Evidence), fact.ReturnedMail,
        provider = address is null ? "" : Providers.Of(address.Domain), wave = WaveOf(fact, address),
    }, transaction);

    /// <summary>Marks who is mailed as at risk; false where nobody writes to them anyway.</summary>
    private static async Task<bool> RiskAsync(DbTransaction transaction, BounceFact fact) => await transaction.Connection!.ExecuteAsync("""
        insert into risks (subscriber_id, since) select id, @at from subscribers where id = @subscriber and state in ('active', 'paused', 'pending')
        on conflict (subscriber_id) do update set since = risks.since
        """, new { subscriber = fact.Delivery.Subscriber.Value, at = fact.At.Ms() }, transaction) > 0;

    private static async Task<bool> AskAsync(DbTransaction transaction, BounceFact fact) => await transaction.Connection!.ExecuteAsync("""
        insert into probes (subscriber_id, edition_id, state, made_at, due) values (@subscriber, @edition, 'due', @at, @at) on conflict do nothing
        """, new { subscriber = fact.Delivery.Subscriber.Value, edition = fact.Delivery.Edition.Value, at = fact.At.Ms() }, transaction) > 0;

    private static string WaveOf(BounceFact fact, EmailAddress? address) => StoredText.Of(WaveWords.KeyOf(fact.Verdict, fact.Evidence, address));

    private static string Short(string text) => StoredText.Of(text.Length > LongestEvidence ? text[..LongestEvidence] : text);
}
