using Newsletter.Sending;

namespace Newsletter.Storage;

/// <summary>Which deliveries of an edition are meant; what is null or empty does not matter.</summary>
/// <param name="State">Where they stand.</param>
/// <param name="Code">The reply code of their last attempt, such as 550.</param>
/// <param name="Status">Its enhanced status, such as 5.1.1.</param>
/// <param name="Domain">The readers' domain, as <see cref="Newsletter.Addresses.EmailAddress.Domain"/>.</param>
/// <param name="Incident">The incident that their bounce is under.</param>
public sealed record DeliveryFilter(DeliveryState? State = null, int? Code = null, string? Status = null, string Domain = "", long? Incident = null)
{
    /// <summary>The conditions, after others, on a delivery <c>d</c>.</summary>
    internal string Sql => string.Concat(
        State is null ? "" : " and d.state = @state",
        Code is null ? "" : " and d.reply_code = @code",
        Status is null ? "" : " and d.reply_status = @status",
        Domain is "" ? "" : " and exists (select 1 from subscribers who where who.id = d.subscriber_id and who.address_key like @domain escape '\\')",
        Incident is null ? "" : " and exists (select 1 from bounces b where b.subscriber_id = d.subscriber_id and b.edition_id = d.edition_id and b.incident_id = @incident)");

    /// <summary>Their parameters, and those of the statement around.</summary>
    internal object Names(long edition, long now = 0, long after = 0, int count = 0) => new
    {
        Value = edition, now, after, count, state = State?.Word(), code = (long?)Code, status = Status,
        domain = $"%@{Like.Literal(Domain)}", incident = Incident,
    };
}
