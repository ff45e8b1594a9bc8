using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Storage;

/// <summary>A row that is an event, and no mail.</summary>
/// <param name="Form">In whose words.</param>
/// <param name="At">When it was told.</param>
public readonly record struct ToldRow(NotificationForm Form, DateTimeOffset At);

/// <summary>What is asked about events that providers told: rows like mails, in other words.</summary>
public sealed partial class ReturnedMailStore
{
    /// <summary>In whose words a row is, and since when; null for a mail, and for no row.</summary>
    public Task<ToldRow?> ToldAsync(long id, CancellationToken ct) => database.ReadAsync<ToldRow?>(async connection =>
        await connection.QuerySingleOrDefaultAsync<(string Form, long At)>("select form, received_at from returned_mails where id = @id", new { id }) is ({ } word, var at) && NotificationForms.Read(word) is { } form
            ? new(form, at.Instant()) : null, ct);

    /// <summary>The newest delivery to an address that left between two times: what an event that bears no seal is most likely about. Null where there is none.</summary>
    public Task<DeliveryId?> NewestAsync(EmailAddress address, DateTimeOffset since, DateTimeOffset until, CancellationToken ct) => database.ReadAsync<DeliveryId?>(async connection =>
        await connection.QueryFirstOrDefaultAsync<(long Edition, long Subscriber)?>("""
            select d.edition_id, d.subscriber_id
            from subscribers s join deliveries d on d.subscriber_id = s.id join editions e on e.id = d.edition_id
            where s.address_key = @Key and d.state in ('sent', 'claimed', 'in doubt') and d.state_at between @since and @until and e.sandbox = ''
            order by d.state_at desc, d.edition_id desc limit 1
            """, new { address.Key, since = since.Ms(), until = until.Ms() }) is { } found ? new DeliveryId(new(found.Edition), new(found.Subscriber)) : null, ct);

    /// <summary>The newest probe to an address that left between two times. Null where there is none, or a letter left after it.</summary>
    public Task<ProbeId?> NewestProbeAsync(EmailAddress address, DateTimeOffset since, DateTimeOffset until, CancellationToken ct) => database.ReadAsync<ProbeId?>(async connection =>
        await connection.QueryFirstOrDefaultAsync<(long Id, long Subscriber)?>("""
            select p.id, p.subscriber_id from subscribers s join probes p on p.subscriber_id = s.id
            where s.address_key = @Key and p.sent_at between @since and @until
              and not exists (select 1 from deliveries d join editions e on e.id = d.edition_id
                  where d.subscriber_id = s.id and d.state in ('sent', 'claimed', 'in doubt') and d.state_at > p.sent_at and d.state_at <= @until and e.sandbox = '')
            order by p.sent_at desc, p.id desc limit 1
            """, new { address.Key, since = since.Ms(), until = until.Ms() }) is { } found ? new ProbeId(found.Id, new(found.Subscriber)) : null, ct);

    /// <summary>Whether the editor was shown an event of a kind before another, and since a time.</summary>
    /// <param name="form">Whose words.</param>
    /// <param name="kind">What it was read as.</param>
    /// <param name="evidence">With these words as evidence; null: with any.</param>
    /// <param name="before">The other's row.</param>
    /// <param name="since">The time.</param>
    /// <param name="ct">Stops the query.</param>
    public Task<bool> WasShownAsync(NotificationForm form, string kind, string? evidence, long before, DateTimeOffset since, CancellationToken ct) => database.ReadAsync(connection =>
        connection.QuerySingleAsync<bool>("""
            select exists (select 1 from returned_mails where form = @form and form <> 'mail' and received_at >= @since and id < @before and consequence = 'show' and kind = @kind and (@any or evidence = @evidence))
            """, new { form = NotificationForms.WordOf(form), kind, before, any = evidence is null, evidence = StoredText.Of(evidence ?? ""), since = since.Ms() }), ct);
}
