using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

public sealed partial class SignUpStore
{
    /// <summary>Every sign-up of a subscriber, or of their address before they were one, the oldest first.</summary>
    public Task<IReadOnlyList<Consent>> ConsentsAsync(SubscriberId subscriber, EmailAddress address, CancellationToken ct) => database.ReadAsync<IReadOnlyList<Consent>>(async connection =>
        [.. (await connection.QueryAsync<ConsentRow>("""
            select s.id, s.address, s.form, w.language, w.text, w.first_at, s.state, s.asked_at, s.asked_from, s.asked_agent, s.topics, s.mails, s.sent_at, s.confirmed_at, s.confirmed_from, s.confirmed_agent
            from signups s join wordings w on w.id = s.wording_id where s.subscriber_id = @id or s.address_key = @Key order by s.id
            """, new { id = subscriber.Value, address.Key })).Select(row => row.ToConsent())], ct);

    private sealed record ConsentRow
    {
        public required long Id { get; init; }
        public required string Address { get; init; }
        public required string Form { get; init; }
        public required string Language { get; init; }
        public required string Text { get; init; }
        public required long FirstAt { get; init; }
        public required string State { get; init; }
        public required long AskedAt { get; init; }
        public required string AskedFrom { get; init; }
        public required string AskedAgent { get; init; }
        public required string Topics { get; init; }
        public required long Mails { get; init; }
        public long? SentAt { get; init; }
        public long? ConfirmedAt { get; init; }
        public required string ConfirmedFrom { get; init; }
        public required string ConfirmedAgent { get; init; }

        public Consent ToConsent() => new(Id, Address, new(Form, Language, Text), FirstAt.Instant(), Enum.Parse<SignUpState>(State, ignoreCase: true), AskedAt.Instant(), AskedFrom, AskedAgent,
            SubscriberRow.List(Topics), (int)Mails, SentAt.Instant(), ConfirmedAt.Instant(), ConfirmedFrom, ConfirmedAgent);
    }
}
