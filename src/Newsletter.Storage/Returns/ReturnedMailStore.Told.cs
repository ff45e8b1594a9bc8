using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Storage;

/// <summary>What is asked about events that providers told: rows like mails, in other words.</summary>
public sealed partial class ReturnedMailStore
{
    /// <summary>Whose words a row is; null for a mail, and for no row.</summary>
    public Task<NotificationForm?> FormAsync(long id, CancellationToken ct) => database.ReadAsync<NotificationForm?>(async connection =>
        await connection.QuerySingleOrDefaultAsync<string>("select form from returned_mails where id = @id", new { id }) is { } word ? NotificationForms.Read(word) : null, ct);

    /// <summary>The newest delivery to an address that left since a time: what an event that bears no seal is most likely about. Null where there is none.</summary>
    public Task<DeliveryId?> NewestAsync(EmailAddress address, DateTimeOffset since, CancellationToken ct) => database.ReadAsync<DeliveryId?>(async connection =>
        await connection.QueryFirstOrDefaultAsync<(long Edition, long Subscriber)?>("""
            select d.edition_id, d.subscriber_id
            from subscribers s join deliveries d on d.subscriber_id = s.id join editions e on e.id = d.edition_id
            where s.address_key = @Key and d.state in ('sent', 'claimed', 'in doubt') and d.state_at >= @since and e.sandbox = ''
            order by d.state_at desc, d.edition_id desc limit 1
            """, new { address.Key, since = since.Ms() }) is { } found ? new DeliveryId(new(found.Edition), new(found.Subscriber)) : null, ct);

    /// <summary>Whether the editor was shown an event of a kind since a time.</summary>
    /// <param name="form">Whose words.</param>
    /// <param name="kind">What it was read as.</param>
    /// <param name="evidence">With these words as evidence; null: with any.</param>
    /// <param name="since">The time.</param>
    /// <param name="ct">Stops the query.</param>
    public Task<bool> WasShownAsync(NotificationForm form, string kind, string? evidence, DateTimeOffset since, CancellationToken ct) => database.ReadAsync(connection =>
        connection.QuerySingleAsync<bool>("""
            select exists (select 1 from returned_mails where form = @form and form <> 'mail' and received_at >= @since and consequence = 'show' and kind = @kind and (@any or evidence = @evidence))
            """, new { form = NotificationForms.WordOf(form), kind, any = evidence is null, evidence = StoredText.Of(evidence ?? ""), since = since.Ms() }), ct);
}
