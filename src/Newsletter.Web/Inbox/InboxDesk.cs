using Newsletter.Mailroom;
using Newsletter.Replies;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What the pages of the inbox show.</summary>
internal sealed class InboxDesk(InboxStore inbox, AnswerStore answers, ReturnedMailStore mails, AnswerDesk desk, SitePaths paths)
{
    /// <summary>Conversations on a page of the list.</summary>
    public const int Shown = 40;

    private const int ShownMails = 20;

    /// <summary>The list that was asked for, with what there is to choose from.</summary>
    public async Task<InboxView> ListAsync(InboxQuery query, CancellationToken ct)
    {
        var threads = await inbox.ListAsync(query with { Count = Shown + 1 }, ct);
        return new(query, [.. threads.Take(Shown)], threads.Count > Shown, await inbox.CountAsync(ct), await inbox.IssuesAsync(ct), await inbox.TagsAsync(ct));
    }

    /// <summary>The newest mails of one conversation, folded; null where there is none.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="before">Only mails before this one; null: from the end.</param>
    /// <param name="ct">Stops the queries.</param>
    public async Task<ThreadView?> ThreadAsync(long id, long? before, CancellationToken ct)
    {
        if (await inbox.FindAsync(id, ct) is not { } thread)
            return null;
        var replies = await inbox.ThreadAsync(id, before, ShownMails + 1, ct);
        var hasEarlier = replies.Count > ShownMails;
        var shown = replies.Skip(hasEarlier ? 1 : 0).ToList();
        var read = new List<MailView>();
        foreach (var reply in shown)
            read.Add(reply.IsEvent ? OfEvent(thread, reply) : Read(thread, reply, await mails.RawAsync(reply.ReturnedMail, ct) ?? []));
        long? earliest = hasEarlier ? shown[0].Id : null;
        return new(thread, read, await answers.ListAsync(id, earliest, before, ct), before is null ? [.. (await desk.WritersAsync(id, ct)).Select(writer => writer.Address.Value)] : [], ThreadNotices.Of(thread))
        {
            Earlier = earliest,
            IsEarlier = before is not null,
        };
    }

    private static MailView OfEvent(InboxThread thread, InboxReply reply) => new(reply, [new(BlockKind.Written, reply.Body, "")], [], default, ThreadNotices.Of(thread, reply));

    private MailView Read(InboxThread thread, InboxReply reply, byte[] raw)
    {
        var mail = ReplyMail.Read(raw);
        var notices = ThreadNotices.Of(thread, reply, mail.IsCut, CutMail.Words(raw));
        if (mail.Html.Length == 0)
            return new(reply, [.. mail.Fold().Select(block => new FoldedMarkup(block.Kind, block.Text, ""))], mail.Files, default, notices) { Dated = mail.Dated(reply.At) };
        var shown = new HashSet<int>();
        var reading = mail.FoldHtml(file =>
        {
            shown.Add(file.Index);
            return paths.MailImage(reply.ReturnedMail, file.Index);
        });
        return new(reply, reading.Blocks, [.. mail.Files.Where(file => !shown.Contains(file.Index))], reading.Remote, notices) { Dated = mail.Dated(reply.At) };
    }
}

/// <summary>The list of conversations.</summary>
public sealed record InboxView(InboxQuery Query, IReadOnlyList<InboxThread> Threads, bool HasMore, InboxCounts Counts, IReadOnlyList<InboxIssue> Issues, IReadOnlyList<(string Tag, long Threads)> Tags);

/// <summary>A conversation.</summary>
/// <param name="Thread">What the list says of it.</param>
/// <param name="Mails">What came, the oldest first, as many as a page shows.</param>
/// <param name="Answers">What was answered to them.</param>
/// <param name="AnswerTo">Whom an answer can go to; empty: it cannot be answered, or not from here.</param>
/// <param name="Notices">What is to be said about it, with what can be done.</param>
public sealed record ThreadView(InboxThread Thread, IReadOnlyList<MailView> Mails, IReadOnlyList<Answer> Answers, IReadOnlyList<string> AnswerTo, IReadOnlyList<ThreadNotice> Notices)
{
    /// <summary>The mail before which there are more; null: there are none.</summary>
    public long? Earlier { get; init; }

    /// <summary>Whether there are newer mails than those.</summary>
    public bool IsEarlier { get; init; }

    /// <summary>Mails and answers by their time.</summary>
    public IEnumerable<object> Entries => Mails.Select(mail => (mail.Reply.At, Entry: (object)mail)).Concat(Answers.Select(answer => (answer.At, Entry: (object)answer))).OrderBy(each => each.At).Select(each => each.Entry);
}

/// <summary>A mail as its reader sees it.</summary>
/// <param name="Reply">What is kept of it.</param>
/// <param name="Blocks">Its parts; of one without HTML, text alone.</param>
/// <param name="Files">Attached files that do not stand in its text.</param>
/// <param name="Remote">What it would have loaded.</param>
/// <param name="Notices">What is to be said about it.</param>
public sealed record MailView(InboxReply Reply, IReadOnlyList<FoldedMarkup> Blocks, IReadOnlyList<AttachedFile> Files, RemoteContent Remote, IReadOnlyList<ThreadNotice> Notices)
{
    /// <summary>What it says of when it was written, where that is not when it came.</summary>
    public DateTimeOffset? Dated { get; init; }

    /// <summary>Whether there is anything that the person wrote; else nothing is folded.</summary>
    public bool HasWritten => Blocks.Any(block => block.Kind is BlockKind.Written && !string.IsNullOrWhiteSpace(block.Text));
}
