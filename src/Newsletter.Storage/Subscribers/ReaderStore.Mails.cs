using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A mail that a reader asked for.</summary>
/// <param name="Id">Its row, and who asked.</param>
/// <param name="Kind">What it is.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Language">The reader's; may be empty.</param>
/// <param name="At">When they asked.</param>
public sealed record OwedReaderMail(ReaderMailId Id, ReaderMailKind Kind, EmailAddress To, string Language, DateTimeOffset At);

public sealed partial class ReaderStore
{
    /// <summary>The most mails of one kind that a reader may ask for within a day.</summary>
    public const int MailsPerDay = 3;

    /// <summary>Later than this a mail would surprise more than help.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    private const string Barred = "exists (select 1 from suppressions s where s.address_key = reader_mails.address_key)";

    /// <summary>Owes a reader the link to their own page, unless they had it often enough today or get no mail.</summary>
    public Task<bool> OweOwnPageAsync(SubscriberId subscriber, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
        await LockAsync(transaction, subscriber) is { Profile: { } reader, State: not SubscriptionState.Complained }
        && await CountAsync(transaction, subscriber, ReaderMailKind.OwnPage, at) < MailsPerDay
        && await OweAsync(transaction, subscriber, ReaderMailKind.OwnPage, reader.Address, reader.Address.Key, at), ct);

    /// <summary>Owes an address that is to become a reader's the question whether it may: not where it is somebody's or barred, was asked today, or the reader asked for many.</summary>
    public Task<bool> OweNewAddressAsync(SubscriberId subscriber, EmailAddress to, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await LockAsync(transaction, subscriber) is not { Profile: { } reader, State: not SubscriptionState.Complained } || await CountAsync(transaction, subscriber, ReaderMailKind.NewAddress, at) >= MailsPerDay)
            return false;
        if (reader.Address.Equals(to) || !await IsFreeAsync(transaction, to))
            return false;
        var asked = await transaction.Connection!.ExecuteScalarAsync<long>("select count(*) from reader_mails where address_key = @Key and kind = @kind and made_at > @since",
            new { to.Key, kind = Word(ReaderMailKind.NewAddress), since = (at - Day).Ms() }, transaction);
        return asked == 0 && await OweAsync(transaction, subscriber, ReaderMailKind.NewAddress, to, reader.Address.Key, at);
    }, ct);

    /// <summary>Takes the next mail that is due, for so long: nobody else takes it until then. Null where none is due, or a day's worth has been tried.</summary>
    public async Task<OwedReaderMail?> ClaimAsync(DateTimeOffset now, TimeSpan lease, int perDay, CancellationToken ct)
    {
        // Asked every few seconds: who only looks takes no lock.
        if (await database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select count(*) from reader_mails where due <= @now", new { now = now.Ms() }), ct) == 0)
            return null;
        return await database.WriteAsync(async transaction =>
        {
            var values = new { now = now.Ms(), until = (now + lease).Ms(), since = (now - Day).Ms(), oldest = (now - Patience).Ms(), perDay };
            await DropAsync(transaction, values);
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<MailRow>($"""
                update reader_mails set due = @until, tried_at = @now
                where id = (select d.id from reader_mails d where d.due <= @now and (select count(*) from reader_mails t where t.tried_at > @since and t.id <> d.id) < @perDay
                            order by d.due, d.id limit 1 {database.SkipLocked})
                returning id, subscriber_id, kind, address, made_at, (select language from subscribers where id = subscriber_id) as language
                """, values, transaction);
            return row is null ? null : new OwedReaderMail(new(row.Id, new(row.SubscriberId)), Enum.Parse<ReaderMailKind>(row.Kind.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                EmailAddress.Read(row.Address)!, row.Language, row.MadeAt.Instant());
        }, ct);
    }

    /// <summary>It is sent, or, with words, never will be.</summary>
    public Task SettleAsync(ReaderMailId mail, DateTimeOffset at, string words = "") => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
        "update reader_mails set due = null, sent_at = case when @words = '' then @at end, words = @words where id = @Value", new { mail.Value, at = at.Ms(), words }, transaction), CancellationToken.None);

    /// <summary>Whose own page a mail's link opens; null where it is too old, or the reader has another address since or is gone.</summary>
    public Task<Subscriber?> FindOwnPageAsync(ReaderMailId mail, DateTimeOffset oldest, CancellationToken ct) => database.ReadAsync(async connection =>
        (await connection.QuerySingleOrDefaultAsync<SubscriberRow>($"""
            select {SubscriberRow.Columns} from subscribers where id = @subscriber and state <> 'erased' and exists (
                select 1 from reader_mails m where m.id = @Value and m.subscriber_id = @subscriber and m.kind = 'own-page' and m.made_at > @oldest and m.of_key = subscribers.address_key)
            """, Names(mail, oldest)))?.ToSubscriber(), ct);

    /// <summary>Whether the link of a mail to a new address still is good, and whose it is.</summary>
    public Task<Subscriber?> FindNewAddressAsync(ReaderMailId mail, DateTimeOffset oldest, CancellationToken ct) => database.ReadAsync(async connection =>
        (await connection.QuerySingleOrDefaultAsync<SubscriberRow>($"select {SubscriberRow.Columns} from subscribers where id = @subscriber and exists (select 1 {NewAddress})", Names(mail, oldest)))?.ToSubscriber(), ct);

    /// <summary>Takes the new address in the place of the old one, and owes the old one word of it. Once, and the last one that was asked for alone.</summary>
    /// <returns><see cref="ChangeOutcome.NotAllowed"/> in every case in which it is not done: the page says the same of all.</returns>
    public async Task<ChangeOutcome> TakeAddressAsync(ReaderMailId mail, DateTimeOffset oldest, ReaderAct act, CancellationToken ct)
    {
        try
        {
            return await database.WriteAsync(transaction => TakeAddressAsync(transaction, mail, oldest, act), ct);
        }
        catch (DbException e) when (e.SqlState == "23505") // somebody else was given it at the same moment
        {
            return ChangeOutcome.NotAllowed;
        }
    }

    private async Task<ChangeOutcome> TakeAddressAsync(DbTransaction transaction, ReaderMailId mail, DateTimeOffset oldest, ReaderAct act)
    {
        var connection = transaction.Connection!;
        if (await LockAsync(transaction, mail.Subscriber) is not { Profile: { } before } found
            || EmailAddress.Read(await connection.QuerySingleOrDefaultAsync<string>($"select m.address {NewAddress}", Names(mail, oldest), transaction)) is not { } address
            || !await IsFreeAsync(transaction, address))
            return ChangeOutcome.NotAllowed;
        await connection.ExecuteAsync("update subscribers set address = @Value, address_key = @Key where id = @id; update reader_mails set used_at = @at where id = @mail",
            new { address.Value, address.Key, id = mail.Subscriber.Value, at = act.At.Ms(), mail = mail.Value }, transaction);
        await NoteAsync(transaction, mail.Subscriber, act);
        await OweAsync(transaction, mail.Subscriber, ReaderMailKind.Notice, before.Address, address.Key, act.At);
        // Mail to the old address came back; somebody reads the new one.
        if (found.State is SubscriptionState.Suspended)
            await Standings.ChangeAsync(database, transaction, mail.Subscriber, new(SubscriptionState.Active, act.Act, Actor.Reader, act.At, act.Evidence));
        return ChangeOutcome.Changed;
    }

    /// <summary>The mail of a new address while its link is good: not used, not too old, no later one asked for, and the reader still has the address that it is to replace.</summary>
    private const string NewAddress = """
        from reader_mails m join subscribers o on o.id = m.subscriber_id
        where m.id = @Value and m.subscriber_id = @subscriber and m.kind = 'new-address' and m.used_at is null and m.made_at > @oldest and m.of_key = o.address_key and o.state <> 'erased'
          and not exists (select 1 from reader_mails later where later.subscriber_id = m.subscriber_id and later.kind = 'new-address' and later.id > m.id)
        """;

    private static object Names(ReaderMailId mail, DateTimeOffset oldest) => new { mail.Value, subscriber = mail.Subscriber.Value, oldest = oldest.Ms() };

    private async Task<bool> IsFreeAsync(DbTransaction transaction, EmailAddress address) => await transaction.Connection!.ExecuteScalarAsync<long>(
        $"select (select count(*) from subscribers where address_key = @Key) + (select count(*) from suppressions where address_key {database.IsOneOf("@keys")})",
        new { address.Key, keys = database.Many(erased.Marks(address).Append(address.Key)) }, transaction) == 0;

    private static Task<long> CountAsync(DbTransaction transaction, SubscriberId subscriber, ReaderMailKind kind, DateTimeOffset now) => transaction.Connection!.ExecuteScalarAsync<long>(
        "select count(*) from reader_mails where subscriber_id = @id and kind = @kind and made_at > @since", new { id = subscriber.Value, kind = Word(kind), since = (now - Day).Ms() }, transaction);

    private static async Task<bool> OweAsync(DbTransaction transaction, SubscriberId subscriber, ReaderMailKind kind, EmailAddress to, string of, DateTimeOffset at) => await transaction.Connection!.ExecuteAsync(
        "insert into reader_mails (subscriber_id, kind, address, address_key, of_key, made_at, due) values (@id, @kind, @Value, @Key, @of, @at, @at)",
        new { id = subscriber.Value, kind = Word(kind), to.Value, to.Key, of, at = at.Ms() }, transaction) == 1;

    /// <summary>What is too late, or would go to a barred address, or to one that the reader no longer has, is settled without being sent.</summary>
    private static Task<int> DropAsync(DbTransaction transaction, object values) => transaction.Connection!.ExecuteAsync($"""
        update reader_mails set due = null, words = 'too late' where due <= @now and made_at < @oldest;
        update reader_mails set due = null, words = 'barred' where due <= @now and {Barred};
        update reader_mails set due = null, words = 'the address has changed' where due <= @now and not exists (select 1 from subscribers s where s.id = subscriber_id and s.address_key = of_key)
        """, values, transaction);

    private static string Word(ReaderMailKind kind) => kind switch { ReaderMailKind.OwnPage => "own-page", ReaderMailKind.NewAddress => "new-address", _ => "notice" };

    private sealed record MailRow
    {
        public required long Id { get; init; }
        public required long SubscriberId { get; init; }
        public required string Kind { get; init; }
        public required string Address { get; init; }
        public required long MadeAt { get; init; }
        public required string Language { get; init; }
    }
}
