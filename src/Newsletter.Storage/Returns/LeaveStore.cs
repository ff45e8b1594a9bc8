using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>What became of ending the subscription that a conversation is about.</summary>
/// <param name="Outcome">As for any change of standing; <see cref="ChangeOutcome.NobodyThere"/> where no subscriber is known.</param>
/// <param name="Subscriber">Whose; null where nobody is known, or there is no such conversation.</param>
/// <param name="Address">The address that is off the list; empty likewise.</param>
/// <param name="IsProven">Whether a seal of ours proves whose conversation it is; else From alone names the reader, which anyone can write.</param>
public sealed record LeftByThread(ChangeOutcome Outcome, SubscriberId? Subscriber, string Address, bool IsProven)
{
    /// <summary>Who asked, where nothing was done because that is not the reader, or another was named than the reader; else null.</summary>
    public string? AskedBy { get; init; }
}

/// <summary>Ends subscriptions by what readers wrote, at the editor's word.</summary>
public sealed class LeaveStore(Database database)
{
    /// <summary>Ends the subscription of a conversation's reader and puts the conversation away; all or nothing. Twice is once.</summary>
    /// <param name="thread">The conversation.</param>
    /// <param name="reader">Whom the editor named; null: whoever asked. In a conversation anyone can ask who has its address, or the letter: the reader is taken off only where they asked themselves or are named.</param>
    /// <param name="mayConfirm">Whether a mail with the way back may be owed for a mail whose bytes are these.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public Task<LeftByThread> LeaveAsync(long thread, EmailAddress? reader, Func<byte[], bool> mayConfirm, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var wish = await transaction.Connection!.QueryFirstOrDefaultAsync<Wish>("""
            select t.subscriber_id, t.edition_id, coalesce(s.address, '') as address, r.sender, r.returned_mail_id, r.message_id, m.raw, m.subscriber_id as proven_id
            from threads t join replies r on r.thread_id = t.id join returned_mails m on m.id = r.returned_mail_id left join subscribers s on s.id = t.subscriber_id
            where t.id = @thread order by case when m.kind = 'unsubscribe' then 0 else 1 end, case when lower(r.sender) = lower(s.address) then 0 else 1 end, r.id desc limit 1
            """, new { thread }, transaction);
        if (wish?.SubscriberId is not { } id)
            return new LeftByThread(ChangeOutcome.NobodyThere, null, "", false);
        var delivery = DeliveryId.Of(wish.EditionId ?? 0, id);
        if (EmailAddress.Read(wish.Address)?.Equals(reader ?? EmailAddress.Read(wish.Sender)) is not true)
            return new(ChangeOutcome.NotAllowed, delivery.Subscriber, wish.Address, wish.ProvenId == id) { AskedBy = wish.Sender };
        var outcome = await EndAsync(transaction, delivery, wish, mayConfirm, at);
        if (outcome is ChangeOutcome.Changed or ChangeOutcome.AlreadySo)
            await transaction.Connection!.ExecuteAsync("update threads set state = 'done' where id = @thread", new { thread }, transaction);
        return new(outcome, delivery.Subscriber, wish.Address, wish.ProvenId == id);
    }, ct);

    private async Task<ChangeOutcome> EndAsync(DbTransaction transaction, DeliveryId delivery, Wish wish, Func<byte[], bool> mayConfirm, DateTimeOffset at)
    {
        var change = new StandingChange(SubscriptionState.Unsubscribed, "asked for in a mail, done by the editor", Actor.Editor, at, "", wish.EditionId is { } edition ? new EditionId(edition) : null, wish.ReturnedMailId);
        var outcome = await Standings.ChangeAsync(database, transaction, delivery.Subscriber, change);
        if (outcome is ChangeOutcome.Changed && mayConfirm(RawMail.Unpack(wish.Raw)))
            await FarewellStore.OweAsync(transaction, delivery, wish.ReturnedMailId, wish.Sender, wish.MessageId, at);
        return outcome;
    }

    private sealed record Wish
    {
        public long? SubscriberId { get; init; }
        public long? EditionId { get; init; }
        public required string Address { get; init; }
        public required string Sender { get; init; }
        public required long ReturnedMailId { get; init; }
        public required string MessageId { get; init; }
        public required byte[] Raw { get; init; }
        public long? ProvenId { get; init; }
    }
}
