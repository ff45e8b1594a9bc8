using System.Globalization;
using System.Text;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Replies;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Hands readers' replies on to the editor's own mailbox; an answer to one comes back to us, into the conversation, and goes to the reader from the publication's address.</summary>
/// <remarks>
/// No loop can arise: the note goes out from the null sender and says Auto-Submitted, so no server answers it, and should it come back to us it is read as a
/// machine's answer, which is not handed on. What the editor sends to us is shown and not handed on either.
/// </remarks>
public sealed class ReplyForwarder(InboxStore inbox, CurrentPlan plans, NoteWriter notes, Publication publication, OurAddresses ours, TimeProvider clock)
{
    /// <summary>How long a try may take before another may follow, and how long one waits after a refusal.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

    /// <summary>Hands on what is due. Returns how many went; stops at the first that no relay takes, which is due again later.</summary>
    public async Task<int> ForwardAsync(CancellationToken stop)
    {
        var (editor, us) = EditorAddresses.Of(publication);
        await using var lines = new HouseLines(plans.Value.For(us.Domain));
        for (var count = 0; ;)
        {
            if (stop.IsCancellationRequested || await inbox.ClaimForwardAsync(clock.GetUtcNow(), Lease, stop) is not { } reply)
                return count;
            if (EmailAddress.Read(reply.Sender) is { } sender && (sender.Equals(editor) || sender.Equals(us)))
            {
                await inbox.ForwardedAsync(reply.Id, null);
                continue;
            }
            if (await lines.SendAsync(notes.Write(Note(reply, await inbox.FindAsync(reply.ThreadId, stop), editor))) is not SmtpOutcome.Accepted)
                return count;
            await inbox.ForwardedAsync(reply.Id, clock.GetUtcNow());
            count++;
        }
    }

    private Note Note(InboxReply reply, InboxThread? thread, EmailAddress editor) => new()
    {
        To = editor,
        FromName = $"{(reply.SenderName.Length > 0 ? reply.SenderName : reply.Sender)} by {publication.Name}",
        ReplyTo = reply.AnswerTo is null ? null : EmailAddress.Read(ours.Forward(reply.ThreadId, reply.Id)),
        Subject = reply.Subject.Length > 0 ? reply.Subject : "(no subject)",
        Text = Text(reply, thread),
        MessageId = string.Create(CultureInfo.InvariantCulture, $"reply-{reply.Id}-{reply.At.ToUnixTimeMilliseconds()}@{EmailAddress.Read(publication.FromAddress)!.Domain}"),
        Date = reply.At,
        InReplyTo = reply.MessageId,
        AnswersMail = true,
    };

    private string Text(InboxReply reply, InboxThread? thread)
    {
        var text = new StringBuilder(reply.Body).Append($"\n\n{NoteMarks.First}\n");
        text.Append(CultureInfo.InvariantCulture, $"{(reply.SenderName.Length > 0 ? $"{reply.SenderName} <{reply.Sender}>" : reply.Sender)} wrote this");
        text.Append(reply.IssueTitle.Length > 0 ? $" about \"{reply.IssueTitle}\".\n" : ".\n");
        if (reply.Kind is "unsubscribe")
            text.Append(CultureInfo.InvariantCulture, $"It asks to be taken off the list: newsletter inbox unsubscribe {reply.ThreadId}\n");
        if (thread is { Subscriber: not null } && !reply.Sender.Equals(thread.Address, StringComparison.OrdinalIgnoreCase))
            text.Append(CultureInfo.InvariantCulture, $"Mind: it is in the conversation of {thread.Address}, and from another address.\n");
        if (reply.Attachments.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"Attached, and kept with the mail: {string.Join(", ", reply.Attachments)}.\n");
        if (reply.NotPassedOn.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"It was not passed on to the reader, because {reply.NotPassedOn}.\n");
        text.Append(reply.AnswerTo is null ? "It has no address that can be answered.\n" : $"Answer this mail, and {(reply.NotPassedOn.Length > 0 ? reply.AnswerTo.Value : "the reader")} gets your answer from {publication.FromAddress}.\n");
        if (reply.AnswerTo is { } to && !to.Equals(EmailAddress.Read(reply.Sender)))
            text.Append(CultureInfo.InvariantCulture, $"Mind: it asks for answers at {to.Value}, and yours goes there.\n");
        return text.Append(CultureInfo.InvariantCulture, $"{NoteMarks.Last}{reply.ThreadId}\n").ToString();
    }
}
