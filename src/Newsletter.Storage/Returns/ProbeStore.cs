using System.Data.Common;
using System.Globalization;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A probe that is to be handed over.</summary>
/// <param name="Id">Which, and to whom.</param>
/// <param name="Address">The reader's.</param>
/// <param name="Name">As the reader gave it; may be empty.</param>
/// <param name="Language">BCP 47; may be empty.</param>
/// <param name="Edition">Whose bounce made it due.</param>
/// <param name="MadeAt">Since when it is due.</param>
public sealed record Probe(ProbeId Id, EmailAddress Address, string Name, string Language, EditionId Edition, DateTimeOffset MadeAt);

/// <summary>Keeps the probes: at most one under way a reader, and what became of each.</summary>
public sealed class ProbeStore(Database database, BouncePolicy? policy = null)
{
    private readonly BouncePolicy policy = policy ?? BouncePolicy.Usual;

    private sealed record Row(long Id, long SubscriberId, string Address, string Name, string Language, long EditionId, long MadeAt);

    /// <summary>Takes the next one that is due, for so long: nobody else takes it until then. Suppression, standing and score are asked in the same transaction; what does not hold any more is void. Null where none is due.</summary>
    public Task<Probe?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        await transaction.Connection!.ExecuteAsync("""
            update probes set state = 'void', due = null, ended_at = @now, words = 'nobody writes to this reader any more'
            where state = 'due' and due <= @now and subscriber_id in (
                select s.id from subscribers s where s.state <> 'active' or exists (select 1 from suppressions x where x.address_key = s.address_key))
            """, new { now = now.Ms() }, transaction);
        while (await transaction.Connection!.QuerySingleOrDefaultAsync<Row>($"""
            update probes set due = @until where id = (select d.id from probes d where d.state = 'due' and d.due <= @now
                  and exists (select 1 from subscribers s where s.id = d.subscriber_id and s.state = 'active' and not exists (select 1 from suppressions x where x.address_key = s.address_key)) order by d.due, d.id limit 1 {database.SkipLocked})
            returning id, subscriber_id, (select address from subscribers s where s.id = subscriber_id) as address, (select name from subscribers s where s.id = subscriber_id) as name,
                (select language from subscribers s where s.id = subscriber_id) as language, edition_id, made_at
            """, new { now = now.Ms(), until = (now + lease).Ms() }, transaction) is { } row)
        {
            var history = await Bounces.HistoryAsync(database, transaction.Connection!, transaction, new(row.SubscriberId), policy, now);
            if (EmailAddress.Read(row.Address) is { } address && policy.Score(history, now).Value >= policy.SuspendAt)
                return new Probe(new(row.Id, new(row.SubscriberId)), address, row.Name, row.Language, new(row.EditionId), row.MadeAt.Instant());
            await EndAsync(transaction, row.Id, "void", "the score has fallen since", now);
        }
        return null;
    }, ct);

    /// <summary>A relay has it: from now on silence is an answer.</summary>
    /// <remarks>Takes no token: a probe that was sent and not recorded is sent twice.</remarks>
    public Task SentAsync(ProbeId probe, DateTimeOffset now) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "update probes set state = 'sent', sent_at = @now, due = @until where id = @Value and state = 'due'", new { probe.Value, now = now.Ms(), until = (now + policy.ProbeWait).Ms() }, transaction), CancellationToken.None);

    /// <summary>Not now, for a reason that is no reader's: it is due again then.</summary>
    public Task PostponeAsync(ProbeId probe, DateTimeOffset until) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "update probes set due = @until where id = @Value and state = 'due'", new { probe.Value, until = until.Ms() }, transaction), CancellationToken.None);

    /// <summary>No relay can take it, and that says nothing about the reader.</summary>
    public Task VoidAsync(ProbeId probe, string words, DateTimeOffset now) => database.WriteAsync(transaction => EndAsync(transaction, probe.Value, "void", words, now), CancellationToken.None);

    /// <summary>The relay refused it for good.</summary>
    public Task<string> CameBackAsync(ProbeId probe, BounceVerdict verdict, string evidence, DateTimeOffset now) =>
        database.WriteAsync(transaction => CameBackAsync(transaction, probe, verdict, evidence, returnedMail: null, now), CancellationToken.None);

    /// <summary>Those that nobody has sent back in all the time: the address takes mail, and its score falls. While a mailbox cannot be read, silence says nothing. Returns how many.</summary>
    public Task<int> EndSilentAsync(DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("update probes set state = 'stayed', due = null, ended_at = @now where state = 'sent' and due <= @heard",
            new { now = now.Ms(), heard = (await MailboxStore.HeardUntilAsync(transaction.Connection!, transaction, now)).Ms() }, transaction), ct);

    /// <summary>Inside the transaction of the report. It suspends however late it comes, but not who has been taken up again since.</summary>
    internal async Task<string> CameBackAsync(DbTransaction transaction, ProbeId probe, BounceVerdict verdict, string evidence, long? returnedMail, DateTimeOffset now)
    {
        var names = new { probe.Value, subscriber = probe.Subscriber.Value, now = now.Ms(), words = StoredText.Of(evidence) };
        if (await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("""
            update probes set state = 'came back', due = null, ended_at = @now, words = @words where id = @Value and subscriber_id = @subscriber and state in ('due', 'sent', 'stayed')
              and not exists (select 1 from subscriptions_log l where l.subscriber_id = @subscriber and l.state = 'active' and l.at > probes.made_at)
            returning edition_id
            """, names, transaction) is not { } edition)
            return "this probe is answered already";
        var score = policy.Score(await Bounces.HistoryAsync(database, transaction.Connection!, transaction, probe.Subscriber, policy, now), now);
        var why = string.Create(CultureInfo.InvariantCulture, $"the probe came back: {verdict.ReasonWord}; score {score.Words}");
        return Standings.Words(await Standings.ChangeAsync(database, transaction, probe.Subscriber,
            new(SubscriptionState.Suspended, why, Actor.Server, now, names.words, new(edition), returnedMail)), SubscriptionState.Suspended);
    }

    private static Task<int> EndAsync(DbTransaction transaction, long id, string state, string words, DateTimeOffset now) => transaction.Connection!.ExecuteAsync(
        "update probes set state = @state, due = null, ended_at = @now, words = @words where id = @id and state = 'due'", new { id, state, words = StoredText.Of(words), now = now.Ms() }, transaction);
}
