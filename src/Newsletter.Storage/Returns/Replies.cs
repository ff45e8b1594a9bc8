using System.Data.Common;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Returns;

namespace Newsletter.Storage;

/// <summary>Files what the editor is shown, inside the transaction that handles its mail.</summary>
internal static class Replies
{
    /// <summary>Adds a reply to the thread of its delivery, which a new reply makes unread again. What proves no delivery begins a thread of its own.</summary>
    public static async Task<string> AddAsync(DbTransaction transaction, long mailId, DeliveryId? delivery, ReceivedReply reply, bool forward, DateTimeOffset at)
    {
        var thread = await ThreadAsync(transaction, delivery, reply, at);
        await transaction.Connection!.ExecuteAsync("""
            insert into replies (thread_id, returned_mail_id, sender, sender_name, subject, body, at, answer_to, message_id, attachments, forward_due)
            values (@thread, @mailId, @Sender, @SenderName, @Subject, @body, @at, @answerTo, @MessageId, @attachments, @due)
            """, new
        {
            thread,
            mailId,
            Sender = StoredText.Of(reply.Sender),
            SenderName = StoredText.Of(reply.SenderName),
            Subject = StoredText.Of(reply.Subject),
            body = StoredText.Of(reply.Body),
            at = at.Ms(),
            answerTo = reply.AnswerTo?.Value ?? "",
            MessageId = StoredText.Of(reply.MessageId),
            attachments = StoredText.Of(JsonSerializer.Serialize(reply.Attachments)),
            due = forward ? at.Ms() : (long?)null,
        }, transaction);
        return forward ? "in the inbox, to be forwarded" : "in the inbox";
    }

    private static async Task<long> ThreadAsync(DbTransaction transaction, DeliveryId? delivery, ReceivedReply reply, DateTimeOffset at)
    {
        var values = new { edition = delivery?.Edition.Value, subscriber = delivery?.Subscriber.Value ?? await SubscriberAsync(transaction, reply), Subject = StoredText.Of(reply.Subject), at = at.Ms() };
        var found = delivery is null ? null : await transaction.Connection!.QueryFirstOrDefaultAsync<long?>(
            "update threads set last_at = @at, state = 'unread' where edition_id = @edition and subscriber_id = @subscriber returning id", values, transaction);
        return found ?? await transaction.Connection!.QuerySingleAsync<long>(
            "insert into threads (edition_id, subscriber_id, subject, state, last_at) values (@edition, @subscriber, @Subject, 'unread', @at) returning id", values, transaction);
    }

    /// <summary>Whose address stands in From, for the eye alone: a From can be forged, so it acts on nobody.</summary>
    private static async Task<long?> SubscriberAsync(DbTransaction transaction, ReceivedReply reply) =>
        EmailAddress.Read(reply.Sender) is { } sender
            ? await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("select id from subscribers where address_key = @Key", new { sender.Key }, transaction)
            : null;
}
