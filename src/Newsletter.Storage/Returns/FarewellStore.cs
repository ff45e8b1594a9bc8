using System.Data.Common;
using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>A mail that is owed to a reader who left.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Delivery">Who, and by which edition; edition 0 where none is proven.</param>
/// <param name="Answers">The Message-ID of the wish, where the reader's own address sent it; else empty.</param>
/// <param name="At">When the reader left.</param>
public sealed record OwedFarewell(long Id, DeliveryId Delivery, string Answers, DateTimeOffset At);

/// <summary>The mails to readers who left, and the limits that keep them from ever being many.</summary>
public sealed class FarewellStore(Database database)
{
    /// <summary>The least time between two to one reader.</summary>
    public static readonly TimeSpan BetweenTwo = TimeSpan.FromDays(1);

    /// <summary>Later than this it would surprise more than help.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    /// <summary>Takes the next that is due, for so long: nobody else takes it until then. Null where none is due, or a day's worth has been tried.</summary>
    public Task<OwedFarewell?> ClaimAsync(DateTimeOffset now, TimeSpan lease, int perDay, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var values = new { now = now.Ms(), until = (now + lease).Ms(), since = (now - BetweenTwo).Ms(), oldest = (now - Patience).Ms(), perDay };
        await DropAsync(transaction, values);
        var row = await transaction.Connection!.QuerySingleOrDefaultAsync<Row>($"""
            update farewells set due = @until, tried_at = @now
            where id = (select d.id from farewells d where d.due <= @now and (select count(*) from farewells t where t.tried_at > @since and t.id <> d.id) < @perDay
                        order by d.due, d.id limit 1 {database.SkipLocked})
            returning id, subscriber_id, edition_id, answers, made_at
            """, values, transaction);
        return row is null ? null : new OwedFarewell(row.Id, DeliveryId.Of(row.EditionId, row.SubscriberId), row.Answers, row.MadeAt.Instant());
    }, ct);

    /// <summary>It is sent, or, with words, never will be.</summary>
    public Task SettleAsync(long id, DateTimeOffset at, string words = "") => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("update farewells set due = null, sent_at = case when @words = '' then @at end, words = @words where id = @id", new { id, at = at.Ms(), words }, transaction),
        CancellationToken.None);

    /// <summary>Owes one, inside the transaction that ends the subscription. It answers the wish only where From is the reader's address: a stranger's mail would else stand in the reader's conversation.</summary>
    internal static Task OweAsync(DbTransaction transaction, DeliveryId delivery, long? mail, string from, string messageId, DateTimeOffset at) => transaction.Connection!.ExecuteAsync("""
        insert into farewells (subscriber_id, edition_id, returned_mail_id, answers, made_at, due)
        values (@subscriber, @edition, @mail, case when exists (select 1 from subscribers where id = @subscriber and address_key = @key) then @messageId else '' end, @at, @at)
        """, new
    {
        subscriber = delivery.Subscriber.Value,
        edition = delivery.Edition.Value,
        mail,
        key = EmailAddress.Read(from)?.Key ?? "",
        messageId = StoredText.Of(messageId),
        at = at.Ms(),
    }, transaction);

    /// <summary>What is too late, or the second within a day to one reader, is settled without being sent.</summary>
    private static Task<int> DropAsync(DbTransaction transaction, object values) => transaction.Connection!.ExecuteAsync("""
        update farewells set due = null, words = 'too late' where due <= @now and made_at < @oldest;
        update farewells set due = null, words = 'the second within a day' where due <= @now and tried_at is null
            and exists (select 1 from farewells t where t.subscriber_id = farewells.subscriber_id and t.id <> farewells.id and t.tried_at > @since)
        """, values, transaction);

    private sealed record Row
    {
        public required long Id { get; init; }
        public required long SubscriberId { get; init; }
        public required long EditionId { get; init; }
        public required string Answers { get; init; }
        public required long MadeAt { get; init; }
    }
}
