using System.Data.Common;
using Dapper;
using Newsletter.Replies;
using Newsletter.Returns;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

public sealed partial class ReturnedMailStore
{
    /// <summary>Ends a subscription, and owes the reader the way back where a program may answer that mail.</summary>
    private async Task<string> LeaveAsync(DbTransaction transaction, long id, TracedMail traced, ReceivedReply reply, Consequence.EndSubscription end, DateTimeOffset at)
    {
        var reader = traced.Reader!.Value;
        var reason = end.InWords ? "asked for in a mail" : "unsubscribe mail";
        var outcome = await Standings.ChangeAsync(database, transaction, reader, new(SubscriptionState.Unsubscribed, reason, Actor.Reader, at, traced.Mail.Evidence, traced.Delivery?.Edition, id));
        if (outcome is ChangeOutcome.Changed && end.Confirm && traced.Marks.NoAnswer is null && traced.Delivery is { } delivery)
            await FarewellStore.OweAsync(transaction, delivery, id, reply.Sender, reply.MessageId, at);
        if (end.InWords)
            await Replies.AddAsync(transaction, id, traced.Delivery, reply, new(Forward: false), at);
        return Standings.Words(outcome, SubscriptionState.Unsubscribed);
    }

    private static Task<int> NoteSenderAsync(DbTransaction transaction, long id, ReplySender from) =>
        transaction.Connection!.ExecuteAsync("update returned_mails set sender_proof = @Word, sender_words = @words where id = @id", new { id, from.Word, words = StoredText.Of(from.Words) }, transaction);
}
