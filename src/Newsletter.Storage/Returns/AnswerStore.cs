using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Replies;

namespace Newsletter.Storage;

/// <summary>An answer to a reader.</summary>
/// <param name="Id">Its row.</param>
/// <param name="ThreadId">The conversation.</param>
/// <param name="ReplyId">What it answers.</param>
/// <param name="MessageId">Without brackets; the same for every try.</param>
/// <param name="To">Whom it goes to.</param>
/// <param name="Subject">With its "Re: ".</param>
/// <param name="Body">Plain text.</param>
/// <param name="References">The conversation's Message-IDs, the oldest first; the last is what it answers.</param>
/// <param name="ReturnedMail">The editor's own mail, where it came by mail; its files go with it.</param>
/// <param name="At">When it was written.</param>
/// <param name="State">waiting, sending, sent, failed, in doubt.</param>
/// <param name="Words">The relay's, of the last try.</param>
/// <param name="SentAt">When a relay took it.</param>
public sealed record Answer(
    long Id, long ThreadId, long ReplyId, string MessageId, EmailAddress To, string Subject, string Body, IReadOnlyList<string> References, long? ReturnedMail, DateTimeOffset At, string State, string Words, DateTimeOffset? SentAt);

/// <summary>An answer that is to be written down.</summary>
/// <param name="Key">Of the form or mail that it comes by: the same twice is one answer.</param>
/// <param name="Reply">What it answers.</param>
/// <param name="To">Whom it goes to.</param>
/// <param name="Subject">With its "Re: ".</param>
/// <param name="Body">Plain text.</param>
/// <param name="MessageId">Without brackets; made of the key.</param>
/// <param name="References">The conversation's Message-IDs, the oldest first.</param>
public sealed record NewAnswer(string Key, InboxReply Reply, EmailAddress To, string Subject, string Body, string MessageId, IReadOnlyList<string> References)
{
    /// <summary>The editor's own mail, where it came by mail.</summary>
    public long? ReturnedMail { get; init; }
}

/// <summary>Keeps what readers are answered: first the row, then the sending, so that none goes twice.</summary>
public sealed class AnswerStore(Database database)
{
    private const string Sql = "select id, thread_id, reply_id, message_id, address, subject, body, refs, returned_mail_id, at, state, words, sent_at from answers";

    /// <summary>Writes an answer down, due at once, and marks its conversation read. One of a key that is known changes nothing. Returns its number, and whether it is the words that the key was first used for.</summary>
    public Task<(long Id, bool IsTheSame)> AddAsync(NewAnswer answer, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        await Correspondence.KeepAsync(database, transaction);
        return await AddAsync(transaction, answer, at);
    }, ct);

    internal static async Task<(long Id, bool IsTheSame)> AddAsync(DbTransaction transaction, NewAnswer answer, DateTimeOffset at)
    {
        var values = new
        {
            Key = StoredText.Of(answer.Key),
            thread = answer.Reply.ThreadId,
            reply = answer.Reply.Id,
            answer.MessageId,
            address = answer.To.Value,
            Subject = StoredText.Of(answer.Subject),
            Body = StoredText.Of(answer.Body),
            search = StoredText.Of(SearchText.Of(answer.Body)),
            refs = string.Join(' ', answer.References),
            mail = answer.ReturnedMail,
            at = at.Ms(),
        };
        var id = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>($"""
            insert into answers (id, thread_id, reply_id, key, message_id, address, subject, body, search, refs, returned_mail_id, at, state, due)
            values ({SpentIds.Next(transaction, "answers")}, @thread, @reply, @Key, @MessageId, @address, @Subject, @Body, @search, @refs, @mail, @at, 'waiting', @at) on conflict (key) do nothing returning id
            """, values, transaction);
        if (id is null)
            return await transaction.Connection!.QuerySingleAsync<(long, bool)>("select id, body = @Body and thread_id = @thread and address = @address from answers where key = @Key", values, transaction);
        await transaction.Connection!.ExecuteAsync("update threads set state = 'read' where id = @thread and state = 'unread'", values, transaction);
        return (id.Value, true);
    }

    /// <summary>The answers of a conversation, oldest first.</summary>
    public Task<IReadOnlyList<Answer>> ListAsync(long thread, CancellationToken ct) => database.ReadAsync<IReadOnlyList<Answer>>(async connection =>
        (await connection.QueryAsync<Row>($"{Sql} where thread_id = @thread order by id", new { thread })).Select(row => row.ToAnswer()).ToList(), ct);

    /// <summary>The answers to some mails of a conversation, oldest first.</summary>
    /// <param name="thread">The conversation.</param>
    /// <param name="from">The first of the mails; null: from the beginning.</param>
    /// <param name="before">The first one that is not meant; null: to the end.</param>
    /// <param name="ct">Stops the query.</param>
    public Task<IReadOnlyList<Answer>> ListAsync(long thread, long? from, long? before, CancellationToken ct) => database.ReadAsync<IReadOnlyList<Answer>>(async connection =>
        (await connection.QueryAsync<Row>($"{Sql} where thread_id = @thread and reply_id >= @first and reply_id < @end order by id", new { thread, first = from ?? 0, end = before ?? long.MaxValue })).Select(row => row.ToAnswer()).ToList(), ct);

    /// <summary>One answer; null where there is none.</summary>
    public Task<Answer?> FindAsync(long id, CancellationToken ct) => database.ReadAsync(async connection => (await connection.QuerySingleOrDefaultAsync<Row>($"{Sql} where id = @id", new { id }))?.ToAnswer(), ct);

    /// <summary>Takes the next answer that is due; until it is begun (<see cref="BeginAsync"/>) whatever breaks leaves it waiting, and it is due again when the lease is over. A try that was begun and cut short is in doubt from its end on: a person decides whether it goes again.</summary>
    public Task<Answer?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var values = new { now = now.Ms(), until = (now + lease).Ms() };
        foreach (var thread in (await transaction.Connection!.QueryAsync<long>(
            "update answers set state = 'in doubt', due = null, words = 'the sending was cut short' where state = 'sending' and due <= @now returning thread_id", values, transaction)).ToList())
            await UnreadAsync(transaction, thread);
        var id = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>($"""
            update answers set due = @until
            where id = (select d.id from answers d where d.state = 'waiting' and d.due <= @now order by d.due, d.id limit 1 {database.SkipLocked}) returning id
            """, values, transaction);
        return id is null ? null : (await transaction.Connection!.QuerySingleAsync<Row>($"{Sql} where id = @id", new { id }, transaction)).ToAnswer();
    }, ct);

    /// <summary>Notes that it is handed to a relay from now on; false where it is gone, or was taken by another since.</summary>
    /// <param name="id">The answer.</param>
    /// <param name="taken">Until when it was taken.</param>
    /// <param name="until">When a try that has not ended was cut short.</param>
    public Task<bool> BeginAsync(long id, DateTimeOffset taken, DateTimeOffset until) => database.WriteAsync(async transaction => await transaction.Connection!.ExecuteAsync(
        "update answers set state = 'sending', due = @until where id = @id and state = 'waiting' and due = @taken", new { id, taken = taken.Ms(), until = until.Ms() }, transaction) == 1, CancellationToken.None);

    /// <summary>It is not to be sent, or cannot be written: no relay was asked.</summary>
    public Task RefuseAsync(long id, string words) => database.WriteAsync(async transaction =>
    {
        if (await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(
            "update answers set state = 'failed', words = @words, due = null where id = @id and state = 'waiting' returning thread_id", new { id, words = StoredText.Of(words) }, transaction) is { } thread)
            await UnreadAsync(transaction, thread);
    }, CancellationToken.None);

    /// <summary>What became of a try.</summary>
    /// <param name="id">The answer.</param>
    /// <param name="state">sent, failed, in doubt; waiting: it is due again.</param>
    /// <param name="words">The relay's.</param>
    /// <param name="due">When it is due again; null for the other states.</param>
    /// <param name="at">When.</param>
    public Task RecordAsync(long id, string state, string words, DateTimeOffset? due, DateTimeOffset at) => database.WriteAsync(async transaction =>
    {
        if (await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(
            "update answers set state = @state, words = @words, due = @due, sent_at = case when @state = 'sent' then @at else sent_at end where id = @id and state = 'sending' returning thread_id",
            new { id, state, words = StoredText.Of(words), due = due?.Ms(), at = at.Ms() }, transaction) is { } thread && state is ("failed" or "in doubt"))
            await UnreadAsync(transaction, thread);
    }, CancellationToken.None);

    /// <summary>An answer that did not arrive, or perhaps not, is for a person to see: its conversation comes back.</summary>
    private static Task<int> UnreadAsync(DbTransaction transaction, long thread) =>
        transaction.Connection!.ExecuteAsync("update threads set state = 'unread' where id = @thread", new { thread }, transaction);

    /// <summary>Has an answer that failed or is in doubt sent once more, under the same Message-ID; false where there is no such one.</summary>
    public Task<bool> AgainAsync(long id, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("update answers set state = 'waiting', due = @now where id = @id and state in ('failed', 'in doubt')", new { id, now = now.Ms() }, transaction) == 1, ct);

    private sealed record Row(long Id, long ThreadId, long ReplyId, string MessageId, string Address, string Subject, string Body, string Refs, long? ReturnedMailId, long At, string State, string Words, long? SentAt)
    {
        public Answer ToAnswer() => new(Id, ThreadId, ReplyId, MessageId, EmailAddress.Read(Address)!, Subject, Body, Refs.Split(' ', StringSplitOptions.RemoveEmptyEntries), ReturnedMailId, At.Instant(), State, Words, SentAt.Instant());
    }
}
