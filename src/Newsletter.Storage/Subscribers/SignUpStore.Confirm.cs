using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

public sealed partial class SignUpStore
{
    /// <summary>How a wish stands for who has its link, without changing anything: <see cref="ConfirmOutcome.Confirmed"/> is one that can be confirmed.</summary>
    /// <param name="id">The wish.</param>
    /// <param name="within">For how long after its mail.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops.</param>
    public Task<(ConfirmOutcome Outcome, string Language)> LookAsync(SignUpId id, TimeSpan within, DateTimeOffset now, CancellationToken ct) => database.ReadAsync(async connection =>
        await FindAsync(connection, id) is { } row ? (row.Outcome(within, now), row.Language) : (ConfirmOutcome.Gone, ""), ct);

    /// <summary>Subscribes an address by the word of who reads its mailbox. A second call changes nothing.</summary>
    /// <param name="id">The wish.</param>
    /// <param name="within">For how long after its mail.</param>
    /// <param name="origin">Where the word came from.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    /// <returns>What became of it; the subscriber, where there is one.</returns>
    public Task<(ConfirmOutcome Outcome, SubscriberId? Subscriber)> ConfirmAsync(SignUpId id, TimeSpan within, SignUpOrigin origin, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync<(ConfirmOutcome, SubscriberId?)>(async transaction =>
        {
            // Locked first: of two that come at once the second sees what the first did.
            if (await FindAsync(transaction.Connection!, id, transaction, database.ForUpdate) is not { } row)
                return (ConfirmOutcome.Gone, null);
            if (row.Outcome(within, now) is not ConfirmOutcome.Confirmed and var other)
                return (other, null);
            if (await SubscribeAsync(transaction, row, now) is not { } subscriber)
                return (ConfirmOutcome.Barred, null);
            await transaction.Connection!.ExecuteAsync("""
                update signups set state = 'confirmed', state_at = @now, due = null, confirmed_at = @now, confirmed_from = @Address, confirmed_agent = @Agent, subscriber_id = @subscriber where id = @Id
                """, new { row.Id, now = now.Ms(), origin.Address, origin.Agent, subscriber = subscriber.Value }, transaction);
            return (ConfirmOutcome.Confirmed, subscriber);
        }, ct);

    /// <summary>Null where a person of the house has barred the address.</summary>
    private async Task<SubscriberId?> SubscribeAsync(DbTransaction transaction, WishRow row, DateTimeOffset now)
    {
        var wish = row.ToProfile();
        var change = new StandingChange(SubscriptionState.Active, "confirmed", Actor.Reader, now, Evidence(row.Id));
        if (await SubscriberStore.FindAsync(transaction.Connection!, wish.Address, transaction) is not { } known)
            return await SubscribeAnewAsync(transaction, row, wish, change);
        if (await Standings.ChangeAsync(database, transaction, known.Id, change) is not ChangeOutcome.Changed and var outcome)
            return outcome is ChangeOutcome.AlreadySo ? known.Id : null;
        await SubscriberStore.UpdateAsync(transaction, known.Id, Together(known.Profile!, wish));
        return known.Id;
    }

    /// <summary>Nobody is known at the address, or who was has been forgotten: by coming themselves they lift the mark that kept imports from reviving them.</summary>
    private async Task<SubscriberId?> SubscribeAnewAsync(DbTransaction transaction, WishRow row, Profile wish, StandingChange change)
    {
        await transaction.Connection!.ExecuteAsync($"delete from suppressions where reason in ('erased', 'complaint') and address_key {database.IsOneOf("@marks")}",
            new { marks = database.Many(erased.Marks(wish.Address).Append(wish.Address.Key)) }, transaction);
        if (await subscribers.FindSuppressionAsync(transaction.Connection!, wish.Address, transaction) is not null)
            return null;
        if (await SubscriberStore.InsertAsync(transaction, wish, change) is not { } id)
            return await SubscribeAsync(transaction, row, change.At); // somebody else was a moment sooner
        await Standings.LogAsync(transaction, new(id), null, change);
        return new(id);
    }

    /// <summary>What was known stays: the form may have been filled in by somebody else, and only the mailbox has said yes.</summary>
    private static Profile Together(Profile known, Profile wish) => known with
    {
        Name = known.Name.Length > 0 ? known.Name : wish.Name,
        Fields = wish.Fields.Concat(known.Fields).GroupBy(field => field.Key).ToDictionary(field => field.Key, field => field.Last().Value),
        Topics = [.. known.Topics, .. wish.Topics],
        TopicsLeft = [.. known.TopicsLeft.Except(wish.Topics)],
        Language = known.Language.Length > 0 ? known.Language : wish.Language,
        Source = known.Source.Length > 0 ? known.Source : wish.Source,
    };

    private static async Task<WishRow?> FindAsync(DbConnection connection, SignUpId id, DbTransaction? transaction = null, string locked = "") => await connection.QuerySingleOrDefaultAsync<WishRow>(
        $"select id, address, form, language, name, topics, fields, state, coalesce(sent_at, tried_at) as mailed_at from signups where id = @Value and made_at = @MadeAt {locked}", new { id.Value, id.MadeAt }, transaction);

    private sealed record WishRow
    {
        public required long Id { get; init; }
        public required string Address { get; init; }
        public required string Form { get; init; }
        public required string Language { get; init; }
        public required string Name { get; init; }
        public required string Topics { get; init; }
        public required string Fields { get; init; }
        public required string State { get; init; }
        public long? MailedAt { get; init; }

        /// <summary>A wish that was held after its mail had gone can be confirmed: the mailbox has answered.</summary>
        public ConfirmOutcome Outcome(TimeSpan within, DateTimeOffset now) => Enum.Parse<SignUpState>(State, ignoreCase: true) switch
        {
            SignUpState.Confirmed => ConfirmOutcome.AlreadyDone,
            SignUpState.Void => ConfirmOutcome.Expired,
            _ => MailedAt is { } at && now - at.Instant() <= within ? ConfirmOutcome.Confirmed : ConfirmOutcome.Expired,
        };

        public Profile ToProfile() => new(EmailAddress.Read(Address)!)
        {
            Name = Name, Topics = SubscriberRow.List(Topics), Fields = SubscriberRow.Dictionary(Fields), Language = Language, Source = $"form {Form}",
        };
    }
}
