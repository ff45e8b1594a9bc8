using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Replies;

namespace Newsletter.Storage;

/// <summary>The editor's inbox: replies, and what was not recognised.</summary>
public sealed class InboxStore(Database database)
{
    private const string ReplySql = """
        select r.id, r.thread_id, r.returned_mail_id, m.kind, m.evidence, r.sender, r.sender_name, r.subject, r.body, r.at, r.answer_to, r.message_id, r.attachments, r.forwarded_at, m.sender_proof, m.sender_words,
               r.written, r.refs, r.filed_by, r.back_on, r.back_words, r.not_passed_on, coalesce(e.title, '') as issue_title, m.form, (select f.sender from replies f where f.thread_id = r.thread_id order by f.id limit 1) as began_by
        from replies r join returned_mails m on m.id = r.returned_mail_id join threads t on t.id = r.thread_id left join editions e on e.id = t.edition_id
        """;

    private const string ThreadSql = """
        select t.id, t.state, t.box, coalesce(e.issue_slug, '') as issue_slug, coalesce(e.title, '') as issue_title, t.edition_id, t.subscriber_id, coalesce(nullif(s.address, ''), r.sender) as address,
               coalesce(nullif(s.name, ''), r.sender_name) as name, r.sender, r.sender_name, m.kind, t.subject, t.last_at, (select count(*) from replies c where c.thread_id = t.id) as count,
               (select count(*) from answers a where a.thread_id = t.id and a.state = 'sent') as answered, substr(r.written, 1, 300) as written, r.attachments, r.back_on
        from threads t
        join replies r on r.id = (select max(l.id) from replies l where l.thread_id = t.id)
        join returned_mails m on m.id = r.returned_mail_id
        left join editions e on e.id = t.edition_id
        left join subscribers s on s.id = t.subscriber_id
        """;

    /// <summary>The newest first.</summary>
    /// <param name="state">unread, read or done; null: all that are not done.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="ct">Stops the query.</param>
    public Task<IReadOnlyList<InboxThread>> ListAsync(string? state, int count, CancellationToken ct) => ListAsync(new InboxQuery { State = state ?? "", Count = count }, ct);

    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<InboxThread>> ListAsync(InboxQuery query, CancellationToken ct) => database.ReadAsync<IReadOnlyList<InboxThread>>(async connection =>
    {
        var words = SearchText.Words(query.Words);
        var values = new DynamicParameters(new { query.State, box = query.Machines ? "machines" : "people", query.Issue, query.Tag, query.Count, query.Skip });
        for (var i = 0; i < words.Count; i++)
            values.Add($"w{i}", $"%{Like.Literal(words[i])}%");
        // Asked for each conversation, newest first, until there are enough: as a set of all that match it grows beyond PostgreSQL's memory for one and takes minutes.
        var found = string.Concat(words.Select((_, i) => $"""
            and (exists (select 1 from replies w where w.thread_id = t.id and w.search like @w{i} escape '\')
              or exists (select 1 from answers a where a.thread_id = t.id and a.search like @w{i} escape '\'))

            """));
        var rows = (await connection.QueryAsync<InboxThreadRow>($"""
            {ThreadSql}
            where t.id in (
              -- First which, then what they say: else all would be told before the newest are taken.
              select t.id from threads t left join editions e on e.id = t.edition_id
              where t.box = @box and (@State = 'all' or (@State = '' and t.state <> 'done') or t.state = @State) and (@Issue = '' or e.issue_slug = @Issue)
                and (@Tag = '' or t.id in (select g.thread_id from thread_tags g where g.tag = @Tag))
                {found}
              order by t.last_at desc, t.id desc limit @Count offset @Skip)
            order by t.last_at desc, t.id desc
            """, values)).ToList();
        var tags = (await connection.QueryAsync<(long Thread, string Tag)>($"select thread_id, tag from thread_tags where thread_id {database.IsOneOf("@ids")} order by tag", new { ids = database.Many(rows.Select(row => row.Id)) })).ToLookup(row => row.Thread, row => row.Tag);
        return rows.Select(row => row.ToThread([.. tags[row.Id]])).ToList();
    }, ct);

    /// <summary>One conversation; null where there is none.</summary>
    public Task<InboxThread?> FindAsync(long thread, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var row = await connection.QuerySingleOrDefaultAsync<InboxThreadRow>($"{ThreadSql} where t.id = @thread", new { thread });
        return row?.ToThread([.. await connection.QueryAsync<string>("select tag from thread_tags where thread_id = @thread order by tag", new { thread })]);
    }, ct);

    /// <summary>The mails of a conversation, oldest first; empty where there is none.</summary>
    public Task<IReadOnlyList<InboxReply>> ThreadAsync(long thread, CancellationToken ct) => database.ReadAsync<IReadOnlyList<InboxReply>>(async connection =>
        (await connection.QueryAsync<InboxReplyRow>($"{ReplySql} where r.thread_id = @thread order by r.id", new { thread })).Select(row => row.ToReply()).ToList(), ct);

    /// <summary>The newest mails of a conversation, the oldest of them first.</summary>
    /// <param name="thread">The conversation.</param>
    /// <param name="before">Only those before this one; null: from the end.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="ct">Stops the query.</param>
    public Task<IReadOnlyList<InboxReply>> ThreadAsync(long thread, long? before, int count, CancellationToken ct) => database.ReadAsync<IReadOnlyList<InboxReply>>(async connection =>
        (await connection.QueryAsync<InboxReplyRow>($"{ReplySql} where r.thread_id = @thread and r.id < @end order by r.id desc limit @count", new { thread, end = before ?? long.MaxValue, count })).Select(row => row.ToReply()).Reverse().ToList(), ct);

    /// <summary>The addresses at which mails of a conversation are answered, each with the last of them of each kind; who wrote first stands first.</summary>
    public Task<IReadOnlyList<InboxWriter>> WritersAsync(long thread, CancellationToken ct) => database.ReadAsync<IReadOnlyList<InboxWriter>>(async connection =>
        (await connection.QueryAsync<(string Address, string Kind, long Last)>("""
            select r.answer_to, m.kind, max(r.id) as last from replies r join returned_mails m on m.id = r.returned_mail_id
            where r.thread_id = @thread and r.answer_to <> '' group by r.answer_to, m.kind order by min(r.id)
            """, new { thread })).Select(row => new InboxWriter(EmailAddress.Read(row.Address)!, row.Kind, row.Last)).ToList(), ct);

    /// <summary>One mail; null where there is none.</summary>
    public Task<InboxReply?> ReplyAsync(long reply, CancellationToken ct) => database.ReadAsync(async connection =>
        (await connection.QuerySingleOrDefaultAsync<InboxReplyRow>($"{ReplySql} where r.id = @reply", new { reply }))?.ToReply(), ct);

    /// <summary>How many conversations stand where.</summary>
    public Task<InboxCounts> CountAsync(CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var counts = (await connection.QueryAsync<(string Box, string State, long Threads)>("select box, state, count(*) from threads group by box, state")).ToList();
        return Counts(counts);
    }, ct);

    /// <summary>How many conversations about an edition stand where.</summary>
    public Task<InboxCounts> OfEditionAsync(EditionId edition, CancellationToken ct) => database.ReadAsync(async connection =>
    {
        var counts = (await connection.QueryAsync<(string Box, string State, long Threads)>("select box, state, count(*) from threads where edition_id = @Value group by box, state", edition)).ToList();
        return Counts(counts);
    }, ct);

    /// <summary>What each issue has brought, the newest first; at last what is about none.</summary>
    public Task<IReadOnlyList<InboxIssue>> IssuesAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<InboxIssue>>(async connection =>
        (await connection.QueryAsync<(string Issue, string Title, long Newest, long Threads, long Unread, long Open, long Replies)>("""
            select coalesce(e.issue_slug, '') as issue, coalesce(max(e.title), '') as title, coalesce(max(e.id), 0) as newest, count(*) as threads, sum(case when t.state = 'unread' then 1 else 0 end) as unread,
                   sum(case when t.state <> 'done' then 1 else 0 end) as open, sum((select count(*) from replies r where r.thread_id = t.id)) as replies
            from threads t left join editions e on e.id = t.edition_id where t.box = 'people' group by coalesce(e.issue_slug, '') order by newest desc
            """)).Select(row => new InboxIssue(row.Issue, row.Title, row.Threads, row.Unread, row.Open, row.Replies)).ToList(), ct);

    /// <summary>The tags in use, with how many conversations bear each.</summary>
    public Task<IReadOnlyList<(string Tag, long Threads)>> TagsAsync(CancellationToken ct) => database.ReadAsync<IReadOnlyList<(string, long)>>(async connection =>
        (await connection.QueryAsync<(string, long)>("select tag, count(*) from thread_tags group by tag order by tag")).ToList(), ct);

    /// <summary>Marks a conversation unread, read or done; false where there is none.</summary>
    public Task<bool> MarkAsync(long thread, string state, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("update threads set state_before = case when state = @state then state_before else state end, state = @state where id = @thread", new { thread, state }, transaction) == 1, ct);

    /// <summary>Takes back the last mark, once; false where there is nothing to take back.</summary>
    public Task<bool> UnmarkAsync(long thread, CancellationToken ct) => database.WriteAsync(async transaction =>
        await transaction.Connection!.ExecuteAsync("update threads set state = state_before, state_before = '' where id = @thread and state_before <> ''", new { thread }, transaction) == 1, ct);

    /// <summary>Puts a tag on a conversation or takes it off; false where there is no such conversation, or no such tag on it.</summary>
    public Task<bool> TagAsync(long thread, string tag, bool on, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        if (await transaction.Connection!.QuerySingleOrDefaultAsync<long?>("select id from threads where id = @thread", new { thread }, transaction) is null)
            return false;
        var changed = await transaction.Connection!.ExecuteAsync(on
            ? "insert into thread_tags (thread_id, tag) values (@thread, @tag) on conflict (thread_id, tag) do nothing"
            : "delete from thread_tags where thread_id = @thread and tag = @tag", new { thread, tag = StoredText.Of(tag) }, transaction);
        return on || changed > 0;
    }, ct);

    /// <summary>Takes the next reply that is due to be forwarded, for so long: nobody else takes it until then. Null where none is due.</summary>
    public Task<InboxReply?> ClaimForwardAsync(DateTimeOffset now, TimeSpan lease, CancellationToken ct) => database.WriteAsync(async transaction =>
    {
        var id = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>($"""
            update replies set forward_due = @until
            where id = (select d.id from replies d where d.forward_due <= @now order by d.forward_due, d.id limit 1 {database.SkipLocked}) returning id
            """, new { now = now.Ms(), until = (now + lease).Ms() }, transaction);
        return id is null ? null : (await transaction.Connection!.QuerySingleAsync<InboxReplyRow>($"{ReplySql} where r.id = @id", new { id }, transaction)).ToReply();
    }, ct);

    /// <summary>It is with the editor's own mailbox now (or, with no time, never will be).</summary>
    public Task ForwardedAsync(long reply, DateTimeOffset? at) => database.WriteAsync(transaction =>
        transaction.Connection!.ExecuteAsync("""
            update replies set forward_due = null, forwarded_at = @at where id = @reply;
            update returned_mails set outcome = replace(outcome, @before, @after) where id = (select returned_mail_id from replies where id = @reply)
            """, new { reply, at = at?.Ms(), before = Replies.ToForward, after = at is null ? "" : ", forwarded" }, transaction), CancellationToken.None);

    internal static async Task<InboxReply?> ReplyAsync(DbTransaction transaction, long reply) =>
        (await transaction.Connection!.QuerySingleOrDefaultAsync<InboxReplyRow>($"{ReplySql} where r.id = @reply", new { reply }, transaction))?.ToReply();

    private static InboxCounts Counts(List<(string Box, string State, long Threads)> counts)
    {
        return new(Of("unread"), Of("read"), Of("done"), counts.Where(row => row.Box == "machines").Sum(row => row.Threads));

        long Of(string state) => counts.Where(row => row.Box == "people" && row.State == state).Sum(row => row.Threads);
    }
}
