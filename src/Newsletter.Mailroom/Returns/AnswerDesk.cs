using System.Globalization;
using System.Text;
using Newsletter.Addresses;
using Newsletter.Replies;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What became of the wish to answer.</summary>
/// <param name="Id">The answer that is written down; null where it is refused.</param>
/// <param name="Refusal">Why, and what can be done; empty where it is not.</param>
public sealed record WrittenAnswer(long? Id, string Refusal);

/// <summary>Takes down what the editor answers a reader. Who wrote is answered though they have unsubscribed: they asked, and this is no letter of the list. An address that is barred gets nothing.</summary>
public sealed class AnswerDesk(InboxStore inbox, AnswerStore answers, OurAddresses ours, EditorAddresses editor, SubscriberStore subscribers, TimeProvider clock)
{
    private const int Longest = 100_000;
    private const int LookedAt = 50;

    /// <summary>Writes an answer to the last mail of a conversation that can be answered. It is due at once; <see cref="AnswerSender"/> sends it.</summary>
    /// <param name="thread">The conversation.</param>
    /// <param name="text">Plain text.</param>
    /// <param name="quote">Whether what is answered stands below it.</param>
    /// <param name="key">The form's own: sent twice, it is one answer; sent again with other words, it is refused.</param>
    /// <param name="to">To whom it was written; refused where somebody else has written since. Empty: to whoever wrote last.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<WrittenAnswer> WriteAsync(long thread, string text, bool quote, string key, string to, CancellationToken ct)
    {
        var body = text.ReplaceLineEndings("\n").Trim();
        if (await inbox.FindAsync(thread, ct) is null)
            return new(null, string.Create(CultureInfo.InvariantCulture, $"there is no conversation {thread}; newsletter inbox lists them"));
        if (body.Length is 0 or > Longest)
            return new(null, body.Length == 0 ? "the answer is empty; write something" : $"the answer is longer than {Longest} characters; make it shorter");
        if (await LastAsync(thread, ct) is not { AnswerTo: { } last } reply)
            return new(null, "no mail of this conversation has an address that can be answered");
        if (to.Length > 0 && !last.Equals(EmailAddress.Read(to)))
            return new(null, $"{last.Value} has written since, and the answer was meant for {to}; look at the conversation again");
        if (await subscribers.FindSuppressionAsync(last, ct) is { } bar)
            return new(null, Barred(last, bar));
        var (id, isTheSame) = await answers.AddAsync(
            new(key, reply, last, ReplySubject.Answer(reply.Subject), quote ? body + Quoted(reply) : body, ours.AnswerId(reply.Id, key), reply.Conversation), clock.GetUtcNow(), ct);
        return isTheSame ? new(id, "") : new(null, "this form was used before, for other words; look at the conversation, and send these too if they are still to go");
    }

    /// <summary>The mail that is answered: the last of a conversation that can be. Null where there is none.</summary>
    public async Task<InboxReply?> LastAsync(long thread, CancellationToken ct)
    {
        long? before = null;
        while (await inbox.ThreadAsync(thread, before, LookedAt, ct) is { Count: > 0 } replies)
        {
            if (replies.LastOrDefault(CanBeAnswered) is { } reply)
                return reply;
            before = replies[0].Id;
        }
        return null;
    }

    /// <summary>Why an address is not answered, and what can be done.</summary>
    internal static string Barred(EmailAddress to, Suppression bar) => bar.Reason switch
    {
        SuppressionReason.Complaint => $"{to.Value} gets no mail from here, for they called it spam",
        SuppressionReason.Erased => $"{to.Value} gets no mail from here, for they had themselves forgotten",
        _ => $"{to.Value} gets no mail from here, for somebody of the house barred it",
    } + "; if they have to be answered all the same, write from a mail program of your own";

    /// <summary>Not a machine's report, and not to ourselves: that answer would come back and be answered again.</summary>
    private bool CanBeAnswered(InboxReply reply) =>
        reply.AnswerTo is { } to && reply.Kind is not ("bounce" or "complaint" or "delayed" or "delivered") && !ours.AreOurs(to) && !editor.All.Contains(to);

    private static string Quoted(InboxReply reply)
    {
        var who = reply.SenderName.Length > 0 ? reply.SenderName : reply.Sender;
        var quote = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"\n\nOn {reply.At:d MMMM yyyy HH:mm} UTC, {who} wrote:\n"));
        foreach (var line in reply.Written.Split('\n'))
            quote.Append(line.StartsWith('>') || line.Length == 0 ? $">{line}" : $"> {line}").Append('\n');
        return quote.ToString();
    }
}
