using Dapper;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>How far a batch came.</summary>
/// <param name="Last">The last row looked at: the next batch begins behind it; 0: it was the last batch.</param>
/// <param name="Count">How many rows were changed.</param>
public readonly record struct RetentionBatch(long Last, int Count);

/// <summary>Finds what is older than it may be and takes it away, a batch in a transaction.</summary>
public sealed class RetentionStore(Database database)
{
    private const string NeverConfirmed = "from subscribers where state = 'pending' and state <> 'active' and state_at < @before";

    private const string NeverConfirmedWishes = "from signups u where u.state <> 'confirmed' and u.asked_last < @before";

    /// <summary>Only what readers' own acts left behind is network addresses and agents: of servers it is their words, of lists the line.</summary>
    private const string OldEvidence = """
        from subscriptions_log l join subscribers s on s.id = l.subscriber_id
        where l.actor = 'reader' and l.evidence <> '' and l.evidence not like 'sign-up %' and s.state in ('unsubscribed', 'suspended', 'complained') and s.state_at < @before
        """;

    /// <summary>An address that somebody wanted letters to, and whose mailbox has never said yes.</summary>
    private const string NeverUsedAddresses = "from reader_mails m where m.kind = 'new-address' and m.used_at is null and m.due is null and m.address <> '' and m.made_at < @before";

    private const string OldActs = """
        from reader_acts a join subscribers s on s.id = a.subscriber_id
        where a.evidence <> '' and s.state in ('unsubscribed', 'suspended', 'complained') and s.state_at < @before
        """;

    private const string OldOrigins = """
        from signups u join subscribers s on s.id = u.subscriber_id
        where (u.asked_from <> '' or u.asked_net <> '' or u.asked_agent <> '' or u.confirmed_from <> '' or u.confirmed_agent <> '')
          and s.state in ('unsubscribed', 'suspended', 'complained') and s.state_at < @before
        """;

    /// <summary>What was not understood, or not handled yet, is still needed; what a conversation shows is looked at there.</summary>
    private const string OldMails = """
        from returned_mails m
        where m.received_at < @before and m.handled_at is not null and m.error = '' and m.consequence <> 'show' and length(m.raw) > 0
          and not exists (select 1 from replies r where r.returned_mail_id = m.id) and not exists (select 1 from answers a where a.returned_mail_id = m.id)
        """;

    /// <summary>How many have been waiting to confirm since before then.</summary>
    public Task<long> CountNeverConfirmedAsync(DateTimeOffset before, CancellationToken ct) => CountAsync(NeverConfirmed, before, ct);

    /// <summary>How many wishes to subscribe, or to get letters at another address, were last asked for before then, and never confirmed.</summary>
    public async Task<long> CountWishesAsync(DateTimeOffset before, CancellationToken ct) => await CountAsync(NeverConfirmedWishes, before, ct) + await CountAsync(NeverUsedAddresses, before, ct);

    /// <summary>How many lines of the history, acts and sign-ups of readers who left before then have a network address or agent.</summary>
    public async Task<long> CountEvidenceAsync(DateTimeOffset before, CancellationToken ct) => await CountAsync(OldEvidence, before, ct) + await CountAsync(OldActs, before, ct) + await CountAsync(OldOrigins, before, ct);

    /// <summary>How many mails that came before then, and are read and done with, have their bytes.</summary>
    public Task<long> CountMailsAsync(DateTimeOffset before, CancellationToken ct) => CountAsync(OldMails, before, ct);

    /// <summary>Forgets who has not confirmed since before then, with all that is about them, and leaves no mark; who is barred by name stays barred.</summary>
    public async Task<RetentionBatch> ForgetNeverConfirmedAsync(DateTimeOffset before, long after, int count, DateTimeOffset now, CancellationToken ct)
    {
        var found = await database.ReadAsync(async connection => (await connection.QueryAsync<SubscriberRow>(
            $"select {SubscriberRow.Columns} {NeverConfirmed} and id > @after order by id limit @count", new { before = before.Ms(), after, count })).AsList(), ct);
        var people = new List<(Subscriber Person, IReadOnlyList<long> Naming)>();
        foreach (var person in found.Select(row => row.ToSubscriber()).Where(person => person.Profile is not null))
            people.Add((person, await Correspondence.NamingAsync(database, person.Profile!.Address, ct)));
        return found.Count == 0 ? default : await database.WriteAsync(async transaction =>
        {
            await Correspondence.BeginToForgetAsync(database, transaction);
            var forgotten = 0;
            foreach (var (person, naming) in people)
                // Who confirmed in this moment is a reader.
                if (await transaction.Connection!.ExecuteScalarAsync<long>($"select count(*) from (select id {NeverConfirmed} and id = @id {database.ForUpdate}) p", new { before = before.Ms(), id = person.Id.Value }, transaction) > 0
                    && await Erasure.EraseAsync(database, transaction, person, naming, new(SubscriptionState.Erased, "never confirmed", Actor.Editor, now), mark: null) is ChangeOutcome.Changed)
                    forgotten++;
            return new RetentionBatch(found.Count < count ? 0 : found[^1].Id, forgotten);
        }, ct);
    }

    /// <summary>Takes wishes to subscribe away that were last asked for before then, and never confirmed.</summary>
    public Task<RetentionBatch> ForgetWishesAsync(DateTimeOffset before, long after, int count, CancellationToken ct) => ChangeAsync(
        $"select u.id {NeverConfirmedWishes} and u.id > @after order by u.id limit @count",
        $"delete from signups where id {database.IsOneOf("@ids")} and id in (select u.id {NeverConfirmedWishes})", before, after, count, ct);

    /// <summary>Blanks addresses that were asked for before then, and whose mailboxes never said yes.</summary>
    public Task<RetentionBatch> ForgetAddressesAsync(DateTimeOffset before, long after, int count, CancellationToken ct) => ChangeAsync(
        $"select m.id {NeverUsedAddresses} and m.id > @after order by m.id limit @count",
        $"update reader_mails set address = '', address_key = '' where id {database.IsOneOf("@ids")} and id in (select m.id {NeverUsedAddresses})", before, after, count, ct);

    /// <summary>Blanks evidence of what readers did on their own pages who left before then.</summary>
    public Task<RetentionBatch> BlankActsAsync(DateTimeOffset before, long after, int count, CancellationToken ct) => ChangeAsync(
        $"select a.id {OldActs} and a.id > @after order by a.id limit @count",
        $"update reader_acts set evidence = '' where id {database.IsOneOf("@ids")} and id in (select a.id {OldActs})", before, after, count, ct);

    /// <summary>Blanks network addresses and agents of sign-ups whose readers left before then; when they agreed to which words stays.</summary>
    public Task<RetentionBatch> BlankOriginsAsync(DateTimeOffset before, long after, int count, CancellationToken ct) => ChangeAsync(
        $"select u.id {OldOrigins} and u.id > @after order by u.id limit @count",
        $"update signups set asked_from = '', asked_net = '', asked_agent = '', confirmed_from = '', confirmed_agent = '' where id {database.IsOneOf("@ids")} and id in (select u.id {OldOrigins})", before, after, count, ct);

    /// <summary>Blanks evidence of readers who left before then.</summary>
    public Task<RetentionBatch> BlankEvidenceAsync(DateTimeOffset before, long after, int count, CancellationToken ct) => ChangeAsync(
        $"select l.id {OldEvidence} and l.id > @after order by l.id limit @count",
        $"update subscriptions_log set evidence = '' where id {database.IsOneOf("@ids")} and id in (select l.id {OldEvidence})", before, after, count, ct);

    /// <summary>Takes the bytes of mails away that came before then.</summary>
    public Task<RetentionBatch> DropMailsAsync(DateTimeOffset before, long after, int count, CancellationToken ct) => ChangeAsync(
        $"select m.id {OldMails} and m.id > @after order by m.id limit @count",
        $"update returned_mails set raw = @nothing where id {database.IsOneOf("@ids")} and id in (select m.id {OldMails})", before, after, count, ct);

    /// <summary>What was deleted is not readable in the files of the database either.</summary>
    public Task FinishAsync() => database.EmptyLogAsync();

    private Task<long> CountAsync(string what, DateTimeOffset before, CancellationToken ct) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>($"select count(*) {what}", new { before = before.Ms() }), ct);

    /// <summary>Looked for before anything is locked: the search may take longer than others should wait.</summary>
    private async Task<RetentionBatch> ChangeAsync(string find, string change, DateTimeOffset before, long after, int count, CancellationToken ct)
    {
        var ids = await database.ReadAsync(async connection => (await connection.QueryAsync<long>(find, new { before = before.Ms(), after, count })).AsList(), ct);
        if (ids.Count == 0)
            return default;
        var names = new { ids = database.Many(ids), before = before.Ms(), nothing = Array.Empty<byte>() };
        return await database.WriteAsync(async transaction => new RetentionBatch(ids.Count < count ? 0 : ids[^1], await transaction.Connection!.ExecuteAsync(change, names, transaction)), ct);
    }
}
