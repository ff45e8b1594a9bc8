using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Replies;

namespace Newsletter.Storage;

/// <summary>Finds the conversation of a mail: by a seal of ours, by the Message-IDs it names, and at last by subject together with a sender known from it. What fits nowhere begins one.</summary>
internal static class ThreadPlace
{
    /// <summary>How long a subject stands for one conversation.</summary>
    private static readonly TimeSpan SubjectHolds = TimeSpan.FromDays(180);

    private const int MostCandidates = 50;

    /// <summary>The conversation, marked as having something new, and by what it was found: seal, thread, reference, subject; empty where it begins here.</summary>
    /// <param name="transaction">That handles the mail.</param>
    /// <param name="delivery">The delivery that the mail proves.</param>
    /// <param name="reply">What the mail says.</param>
    /// <param name="box">people or machines: the two never mix.</param>
    /// <param name="at">When.</param>
    public static async Task<(long Thread, string By)> FindAsync(DbTransaction transaction, DeliveryId? delivery, ReceivedReply reply, string box, DateTimeOffset at)
    {
        var subscriber = delivery?.Subscriber.Value ?? await SubscriberAsync(transaction, reply);
        if (await OfSealAsync(transaction, reply, box) is { } named)
            return (await TouchAsync(transaction, named, at), "thread");
        if (delivery is { } proven)
            return await OfDeliveryAsync(transaction, proven.Edition.Value, proven.Subscriber.Value, box) is { } begun
                ? (await TouchAsync(transaction, begun, at), "seal")
                : (await BeginAsync(transaction, proven.Edition.Value, proven.Subscriber.Value, reply, box, at), "seal");
        if (await OfReferencesAsync(transaction, reply, box) is { } answered)
            return (await TouchAsync(transaction, answered, at), "reference");
        if (await OfSubjectAsync(transaction, reply, box, at) is { } same)
            return (await TouchAsync(transaction, same, at), "subject");
        if (subscriber is { } known && await EditionOfSubjectAsync(transaction, known, reply) is { } edition)
            return await OfDeliveryAsync(transaction, edition, known, box) is { } begun
                ? (await TouchAsync(transaction, begun, at), "subject")
                : (await BeginAsync(transaction, edition, known, reply, box, at), "subject");
        return (await BeginAsync(transaction, null, subscriber, reply, box, at), "");
    }

    private static async Task<long> TouchAsync(DbTransaction transaction, long thread, DateTimeOffset at)
    {
        await transaction.Connection!.ExecuteAsync("update threads set last_at = @at, state = 'unread', state_before = '' where id = @thread", new { thread, at = at.Ms() }, transaction);
        return thread;
    }

    private static Task<long> BeginAsync(DbTransaction transaction, long? edition, long? subscriber, ReceivedReply reply, string box, DateTimeOffset at) => transaction.Connection!.QuerySingleAsync<long>(
        $"insert into threads (id, edition_id, subscriber_id, subject, state, last_at, box) values ({SpentIds.Next(transaction, "threads")}, @edition, @subscriber, @Subject, 'unread', @at, @box) returning id",
        new { edition, subscriber, Subject = StoredText.Of(reply.Subject), at = at.Ms(), box }, transaction);

    private static async Task<long?> OfSealAsync(DbTransaction transaction, ReceivedReply reply, string box) => reply.CameTo is { } seal
        ? await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("select id from threads where id = @Thread and box = @box", new { seal.Thread, box }, transaction)
        : null;

    private static Task<long?> OfDeliveryAsync(DbTransaction transaction, long edition, long subscriber, string box) => transaction.Connection!.QueryFirstOrDefaultAsync<long?>(
        "select id from threads where edition_id = @edition and subscriber_id = @subscriber and box = @box order by id", new { edition, subscriber, box }, transaction);

    /// <summary>The last one named is the mail that is answered.</summary>
    private static async Task<long?> OfReferencesAsync(DbTransaction transaction, ReceivedReply reply, string box)
    {
        foreach (var id in reply.References.Reverse())
            if (await transaction.Connection!.QueryFirstOrDefaultAsync<long?>("""
                select t.id from threads t where t.box = @box
                  and (t.id in (select r.thread_id from replies r where r.message_id = @id) or t.id in (select a.thread_id from answers a where a.message_id = @id))
                order by t.id
                """, new { id, box }, transaction) is { } found)
                return found;
        return null;
    }

    /// <summary>A subject alone proves nothing: the same address must have written in the conversation before.</summary>
    private static async Task<long?> OfSubjectAsync(DbTransaction transaction, ReceivedReply reply, string box, DateTimeOffset at)
    {
        if (EmailAddress.Read(reply.Sender) is not { } sender || !ReplySubject.IsAnswer(reply.Subject) || ReplySubject.Key(reply.Subject) is not { Length: > 0 } key)
            return null;
        var written = await transaction.Connection!.QueryAsync<(long Thread, string Subject)>($"""
            select t.id, r.subject from replies r join threads t on t.id = r.thread_id
            where lower(r.sender) = @address and t.box = @box and t.last_at >= @since order by r.id desc limit {MostCandidates}
            """, new { address = sender.Value.ToLowerInvariant(), box, since = (at - SubjectHolds).Ms() }, transaction);
        foreach (var (thread, subject) in written)
            if (ReplySubject.Key(subject) == key)
                return thread;
        return null;
    }

    /// <summary>The latest issue that went to this reader and whose title the subject answers.</summary>
    private static async Task<long?> EditionOfSubjectAsync(DbTransaction transaction, long subscriber, ReceivedReply reply)
    {
        if (!ReplySubject.IsAnswer(reply.Subject) || ReplySubject.Key(reply.Subject) is not { Length: > 0 } key)
            return null;
        var sent = await transaction.Connection!.QueryAsync<(long Edition, string Title)>($"""
            select e.id, e.title from deliveries d join editions e on e.id = d.edition_id
            where d.subscriber_id = @subscriber and d.state = 'sent' and e.sandbox = '' order by e.id desc limit {MostCandidates}
            """, new { subscriber }, transaction);
        foreach (var (edition, title) in sent)
            if (ReplySubject.Key(title) == key)
                return edition;
        return null;
    }

    /// <summary>Whose address stands in From, for the eye alone: a From can be forged, so it acts on nobody.</summary>
    private static async Task<long?> SubscriberAsync(DbTransaction transaction, ReceivedReply reply) =>
        EmailAddress.Read(reply.Sender) is { } sender
            ? await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("select id from subscribers where address_key = @Key", new { sender.Key }, transaction)
            : null;
}
