using System.Data.Common;
using System.Globalization;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Looks whether a bounce belongs to a wave: one that is known, or one that it makes visible. Inside the transaction that takes the bounce in.</summary>
internal sealed class IncidentWatch(Database database, IncidentRules rules)
{
    /// <summary>Of those alike no more are counted for each new one: a wave is seen long before, and a stale list of tens of thousands would cost their square.</summary>
    private const int MostCounted = 2_000;

    private sealed record Wave(string Key, string Provider, string Evidence, string Address)
    {
        public string Answer => StoredText.Of(WaveWords.Answer(Evidence, EmailAddress.Read(Address)));
    }

    /// <summary>Puts the bounce of a delivery under its incident, where there is one or should be one.</summary>
    public async Task LookAsync(DbTransaction transaction, BounceFact fact)
    {
        var wave = await transaction.Connection!.QuerySingleAsync<Wave>(
            "select b.wave as key, b.provider, b.evidence, s.address from bounces b join subscribers s on s.id = b.subscriber_id where b.subscriber_id = @subscriber and b.edition_id = @edition", Ids(fact), transaction);
        if (await JoinAsync(transaction, fact, wave) || !rules.Watch)
            return;
        foreach (var everywhere in (bool[])[false, true])
            if (await FoundAsync(transaction, fact, wave, everywhere) is { } found)
            {
                await OpenAsync(transaction, fact, everywhere ? wave with { Provider = "" } : wave, found);
                return;
            }
    }

    private async Task<bool> JoinAsync(DbTransaction transaction, BounceFact fact, Wave wave)
    {
        var names = new { wave.Key, wave.Provider, edition = fact.Delivery.Edition.Value, quiet = (fact.At - rules.Quiet).Ms(), at = fact.At.Ms(), subscriber = fact.Delivery.Subscriber.Value };
        var incident = await transaction.Connection!.QueryFirstOrDefaultAsync<long?>("""
            select id from incidents where by_hand = 0 and wave = @Key and provider in ('', @Provider)
              and (state = 'open' and (edition_id = @edition or last_at >= @quiet and first_at <= @at) or state = 'undone' and edition_id = @edition and last_at >= @quiet)
            order by id desc limit 1
            """, names, transaction);
        if (incident is null)
            return false;
        await transaction.Connection!.ExecuteAsync("update bounces set incident_id = @incident where subscriber_id = @subscriber and edition_id = @edition", new { incident, names.subscriber, names.edition }, transaction);
        // Not each of them: all workers would wait for this one row.
        await transaction.Connection!.ExecuteAsync("update incidents set last_at = @at where id = @incident and last_at < @at - 60000", new { incident, names.at }, transaction);
        return true;
    }

    /// <summary>Why it is a wave; null where it is none.</summary>
    private async Task<string?> FoundAsync(DbTransaction transaction, BounceFact fact, Wave wave, bool everywhere)
    {
        var since = fact.At - rules.Window;
        var names = new { wave.Key, wave.Provider, since = since.Ms(), at = fact.At.Ms(), before = (since - rules.Before).Ms(), edition = fact.Delivery.Edition.Value };
        var alike = $"wave = @Key{(everywhere ? "" : " and provider = @Provider")} and incident_id is null";
        var (readers, reached) = await transaction.Connection!.QuerySingleAsync<(long, long)>(
            $"select count(distinct subscriber_id), coalesce(cast(sum(reached) as bigint), 0) from (select subscriber_id, reached from bounces where {alike} and at >= @since and at <= @at order by at desc limit {MostCounted}) counted", names, transaction);
        if (!rules.IsWorthCounting(readers, everywhere))
            return null;
        var earlier = await transaction.Connection!.QuerySingleAsync<(long Reached, long Editions)>($"""
            select (select count(*) from bounces where {alike} and reached = 1 and at >= @before and at < @since),
                   (select count(*) from editions where sandbox = '' and id <> @edition and started_at >= @before and started_at < @since)
            """, names, transaction);
        var letters = await LettersAsync(transaction, fact, everywhere ? "" : wave.Provider, since, readers);
        return rules.Look(new(readers, reached, letters, earlier.Reached, earlier.Editions), everywhere);
    }

    /// <summary>Of the window; where reports come long after their letters, of the whole edition. No more are counted than matter.</summary>
    private async Task<long> LettersAsync(DbTransaction transaction, BounceFact fact, string provider, DateTimeOffset since, long readers)
    {
        var names = new DynamicParameters(new { edition = fact.Delivery.Edition.Value, since = since.Ms(), most = rules.MostLetters(readers) });
        var domains = provider.Length == 0 ? [] : Providers.DomainsOf(provider).Select((domain, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"@domain{i}"), Value: $"%@{domain}")).ToList();
        foreach (var (name, value) in domains)
            names.Add(name, value);
        var theirs = domains.Count == 0 ? "" : $"and exists (select 1 from subscribers s where s.id = d.subscriber_id and ({string.Join(" or ", domains.Select(domain => $"s.address_key like {domain.Name}"))}))";
        Task<long> CountAsync(string time) => transaction.Connection!.ExecuteScalarAsync<long>($"""
            select count(*) from (select 1 as one from deliveries d where d.edition_id = @edition and d.state in ('sent', 'failed') {time} {theirs} limit @most) counted
            """, names, transaction);
        var letters = await CountAsync("and d.state_at >= @since");
        return letters >= readers ? letters : await CountAsync("");
    }

    private async Task OpenAsync(DbTransaction transaction, BounceFact fact, Wave wave, string found)
    {
        var since = (fact.At - rules.Window).Ms();
        var names = new { wave.Key, wave.Provider, edition = fact.Delivery.Edition.Value, words = wave.Answer, found, since, at = fact.At.Ms() };
        var id = await transaction.Connection!.ExecuteScalarAsync<long?>("""
            insert into incidents (state, wave, provider, edition_id, words, found, first_at, last_at, opened_at) values ('open', @Key, @Provider, @edition, @words, @found, @since, @at, @at)
            on conflict do nothing returning id
            """, names, transaction)
            ?? await transaction.Connection!.QuerySingleAsync<long>("select id from incidents where state = 'open' and wave = @Key and provider = @Provider and edition_id = @edition", names, transaction);
        await transaction.Connection!.ExecuteAsync($"""
            update bounces set incident_id = @id where wave = @Key{(wave.Provider.Length > 0 ? " and provider = @Provider" : "")} and at >= @since and incident_id is null;
            update incidents set first_at = coalesce((select min(at) from bounces where incident_id = @id), first_at) where id = @id;
            """, new { id, wave.Key, wave.Provider, since }, transaction);
        var back = await GiveBackAsync(transaction, id, fact.At);
        await StopAsync(transaction, id, fact, wave, found, back);
    }

    /// <summary>Takes back what the wave did before it was seen.</summary>
    private async Task<long> GiveBackAsync(DbTransaction transaction, long incident, DateTimeOffset at)
    {
        var back = 0L;
        foreach (var reader in await IncidentReaders.SuspendedByAsync(transaction, incident, after: 0, int.MaxValue))
            if (await Standings.ChangeAsync(database, transaction, new(reader), new(SubscriptionState.Active, IncidentReaders.Text($"incident {incident}: a wave of the same refusal, seen after this one"), Actor.Undo, at, Incident: incident)) is ChangeOutcome.Changed)
                back++;
        await transaction.Connection!.ExecuteAsync("update probes set state = 'void', due = null, ended_at = @at where state = 'due' and subscriber_id in (select subscriber_id from bounces where incident_id = @incident)", new { incident, at = at.Ms() }, transaction);
        return back;
    }

    /// <summary>Pauses the edition, unless a person's hand is on it, and puts down what the editor is to be told.</summary>
    private async Task StopAsync(DbTransaction transaction, long id, BounceFact fact, Wave wave, string found, long back)
    {
        var edition = fact.Delivery.Edition;
        var isPaused = rules.Pauses && await EditionStore.PauseAsync(transaction, edition, IncidentReaders.Text($"incident {id}: {found}"),
            "state = 'running' or state = 'paused' and by_person = 0", fact.At); // between two waves as well: the clock would release the next
        await EditionStore.TellEditorAsync(transaction, edition, IncidentReaders.Text($"Incident {id}: many readers are refused alike"),
            IncidentNotice.Words(id, edition.Value, wave.Provider, wave.Answer, found, isPaused, back), fact.At);
    }

    private static object Ids(BounceFact fact) => new { subscriber = fact.Delivery.Subscriber.Value, edition = fact.Delivery.Edition.Value };
}
