using System.Text.Json;
using Dapper;
using Newsletter.Addresses;

namespace Newsletter.Storage;

/// <summary>One conversation in the editor's list.</summary>
/// <param name="Id">The thread.</param>
/// <param name="State">unread, read or done.</param>
/// <param name="IssueSlug">The issue it is about; empty where nothing proves one.</param>
/// <param name="IssueTitle">Its title; empty likewise.</param>
/// <param name="Subscriber">Whose; null where nobody is known.</param>
/// <param name="Address">The subscriber's address, else the last sender's.</param>
/// <param name="Kind">What the last mail is: reply, unsubscribe, bounce, complaint, other.</param>
/// <param name="Subject">Of the first mail.</param>
/// <param name="Last">When the last one came.</param>
/// <param name="Count">Mails in it.</param>
public sealed record InboxThread(long Id, string State, string IssueSlug, string IssueTitle, SubscriberId? Subscriber, string Address, string Kind, string Subject, DateTimeOffset Last, long Count);

/// <summary>One mail of a conversation.</summary>
public sealed record InboxReply(
    long Id, long ThreadId, long ReturnedMail, string Kind, string Evidence, string Sender, string SenderName, string Subject, string Body, DateTimeOffset At,
    EmailAddress? AnswerTo, string MessageId, IReadOnlyList<string> Attachments, DateTimeOffset? ForwardedAt, string IssueTitle);

/// <summary>The editor's inbox: replies, and what was not recognised.</summary>
public sealed class InboxStore(Database database)
{
    private const string ReplySql = """
        select r.id, r.thread_id, r.returned_mail_id, m.kind, m.evidence, r.sender, r.sender_name, r.subject, r.body, r.at, r.answer_to, r.message_id, r.attachments, r.forwarded_at,
               coalesce(e.title, '') as issue_title
        from replies r join returned_mails m on m.id = r.returned_mail_id join threads t on t.id = r.thread_id left join editions e on e.id = t.edition_id
        """;

    /// <summary>The newest first.</summary>
    /// <param name="state">unread, read or done; null: all that are not done.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="ct">Stops the query.</param>
    public Task<IReadOnlyList<InboxThread>> ListAsync(string? state, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<InboxThread>>(async connection =>
        (await connection.QueryAsync<ThreadRow>("""
            select t.id, t.state, coalesce(e.issue_slug, '') as issue_slug, coalesce(e.title, '') as issue_title, t.subscriber_id, coalesce(nullif(s.address, ''), r.sender) as address,
                   m.kind, t.subject, t.last_at, (select count(*) from replies c where c.thread_id = t.id) as count
            from threads t
            join replies r on r.id = (select max(l.id) from replies l where l.thread_id = t.id)
            join returned_mails m on m.id = r.returned_mail_id
            left join editions e on e.id = t.edition_id
            left join subscribers s on s.id = t.subscriber_id
            where (@state = '' and t.state <> 'done') or t.state = @state
            order by t.last_at desc, t.id desc limit @count
            """, new { state = state ?? "", count })).Select(row => row.ToThread()).ToList(), ct);

    /// <summary>The mails of a conversation, oldest first; empty where there is none.</summary>
    public Task<IReadOnlyList<InboxReply>> ThreadAsync(long thread, CancellationToken ct) => database.ReadAsync<IReadOnlyList<InboxReply>>(async connection =>
        (await connection.QueryAsync<ReplyRow>($"{ReplySql} where r.thread_id = @thread order by r.id", new { thread })).Select(row => row.ToReply()).ToList(), ct);

    /// <summary>Marks a conversation read or done; false where there is none.</summary>
    public Task<bool> MarkAsync(long thread, string state, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("update threads set state = @state where id = @thread", new { thread, state }, transaction) == 1, ct);

    /// <summary>Takes the next reply that is due to be forwarded, for so long: nobody else takes it until then. Null where none is due.</summary>
    public Task<InboxReply?> ClaimForwardAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var id = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>($"""
            update replies set forward_due = @until
            where id = (select d.id from replies d where d.forward_due <= @now order by d.forward_due, d.id limit 1 {database.SkipLocked}) returning id
            """, new { now = now.Ms(), until = (now + lease).Ms() }, transaction);
        return id is null ? null : (await transaction.Connection!.QuerySingleAsync<ReplyRow>($"{ReplySql} where r.id = @id", new { id }, transaction)).ToReply();
    }, ct);

    /// <summary>It is with the editor's own mailbox now (or, with no time, never will be).</summary>
    public Task ForwardedAsync(long reply, DateTimeOffset? at) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("update replies set forward_due = null, forwarded_at = @at where id = @reply", new { reply, at = at?.Ms() }, transaction), CancellationToken.None);

    private sealed record ThreadRow
    {
        public required long Id { get; init; }
        public required string State { get; init; }
        public required string IssueSlug { get; init; }
        public required string IssueTitle { get; init; }
        public long? SubscriberId { get; init; }
        public required string Address { get; init; }
        public required string Kind { get; init; }
        public required string Subject { get; init; }
        public required long LastAt { get; init; }
        public required long Count { get; init; }

        public InboxThread ToThread() =>
            new(Id, State, IssueSlug, IssueTitle, SubscriberId is { } id ? new SubscriberId(id) : null, Address, Kind, Subject, LastAt.Instant(), Count);
    }

    private sealed record ReplyRow
    {
        public required long Id { get; init; }
        public required long ThreadId { get; init; }
        public required long ReturnedMailId { get; init; }
        public required string Kind { get; init; }
        public required string Evidence { get; init; }
        public required string Sender { get; init; }
        public required string SenderName { get; init; }
        public required string Subject { get; init; }
        public required string Body { get; init; }
        public required long At { get; init; }
        public required string AnswerTo { get; init; }
        public required string MessageId { get; init; }
        public required string Attachments { get; init; }
        public long? ForwardedAt { get; init; }
        public required string IssueTitle { get; init; }

        public InboxReply ToReply() => new(Id, ThreadId, ReturnedMailId, Kind, Evidence, Sender, SenderName, Subject, Body, At.Instant(), EmailAddress.Read(AnswerTo), MessageId,
            JsonSerializer.Deserialize<List<string>>(Attachments)!, ForwardedAt.Instant(), IssueTitle);
    }
}
