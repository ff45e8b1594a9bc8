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
public sealed class AnswerDesk(InboxStore inbox, AnswerStore answers, OurAddresses ours, Publication publication, SubscriberStore subscribers, TimeProvider clock)
{
    private const int Longest = 100_000;
    private const int Named = 10;

    private readonly EditorAddresses editor = EditorAddresses.Of(publication);

    /// <summary>Writes an answer to the last mail of somebody who wrote in a conversation. It is due at once; <see cref="AnswerSender"/> sends it.</summary>
    /// <param name="thread">The conversation.</param>
    /// <param name="text">Plain text.</param>
    /// <param name="quote">Whether what is answered stands below it.</param>
    /// <param name="key">The form's own: sent twice, it is one answer; sent again with other words, it is refused.</param>
    /// <param name="to">Whom it is for, one of <see cref="WritersAsync"/>. Empty: the only one; refused where there are several, for it would be a guess who reads it.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<WrittenAnswer> WriteAsync(long thread, string text, bool quote, string key, string to, CancellationToken ct)
    {
        var body = text.ReplaceLineEndings("\n").Trim();
        if (await inbox.FindAsync(thread, ct) is null)
            return new(null, string.Create(CultureInfo.InvariantCulture, $"there is no conversation {thread}; newsletter inbox lists them"));
        if (body.Length is 0 or > Longest)
            return new(null, body.Length == 0 ? "the answer is empty; write something" : $"the answer is longer than {Longest} characters; make it shorter");
        var writers = await WritersAsync(thread, ct);
        if (Meant(writers, to) is not { Address: var reader } writer || await inbox.ReplyAsync(writer.Last, ct) is not { } reply)
            return new(null, Unclear(writers, to));
        if (await subscribers.FindSuppressionAsync(reader, ct) is { } bar)
            return new(null, Barred(reader, bar));
        var (id, isTheSame) = await answers.AddAsync(
            new(key, reply, reader, ReplySubject.Answer(reply.Subject), quote ? body + Quoted(reply) : body, ours.AnswerId(reply.Id, key), reply.Conversation), clock.GetUtcNow(), ct);
        return isTheSame ? new(id, "") : new(null, "this form was used before, for other words; look at the conversation, and send these too if they are still to go");
    }

    /// <summary>Who can be answered in a conversation, each with their last mail; who wrote first stands first.</summary>
    public async Task<IReadOnlyList<InboxWriter>> WritersAsync(long thread, CancellationToken ct) =>
        [.. (await inbox.WritersAsync(thread, ct)).Where(CanBeAnswered).GroupBy(writer => writer.Address).Select(each => each.MaxBy(writer => writer.Last)!)];

    /// <summary>Why an address is not answered, and what can be done.</summary>
    internal static string Barred(EmailAddress to, Suppression bar) => bar.Reason switch
    {
        SuppressionReason.Complaint => $"{to.Value} gets no mail from here, for they called it spam",
        SuppressionReason.Erased => $"{to.Value} gets no mail from here, for they had themselves forgotten",
        _ => $"{to.Value} gets no mail from here, for somebody of the house barred it",
    } + "; if they have to be answered all the same, write from a mail program of your own";

    /// <summary>Not a machine's report, and not to ourselves: that answer would come back and be answered again.</summary>
    private bool CanBeAnswered(InboxWriter writer) =>
        writer.Kind is not ("bounce" or "complaint" or "delayed" or "delivered") && !ours.AreOurs(writer.Address) && !editor.All.Contains(writer.Address);

    private static InboxWriter? Meant(IReadOnlyList<InboxWriter> writers, string to) =>
        to.Length > 0 ? writers.FirstOrDefault(writer => writer.Address.Equals(EmailAddress.Read(to))) : writers is [var only] ? only : null;

    private static string Unclear(IReadOnlyList<InboxWriter> writers, string to)
    {
        if (writers.Count == 0)
            return "no mail of this conversation has an address that can be answered";
        var all = string.Join(", ", writers.Take(Named).Select(writer => writer.Address.Value)) + (writers.Count > Named ? ", …" : "");
        return to.Length > 0 ? $"nobody in this conversation is answered at {to}; it can be {all}" : $"several have written in this conversation ({all}); say for whom it is (on the command line: --to ADDRESS)";
    }

    private string Quoted(InboxReply reply)
    {
        var who = reply.SenderName.Length > 0 ? reply.SenderName : reply.Sender;
        var quote = new StringBuilder($"\n\nOn {publication.Local(reply.At, "d MMMM yyyy HH:mm")}, {who} wrote:\n");
        foreach (var line in reply.Written.Split('\n'))
            quote.Append(line.StartsWith('>') || line.Length == 0 ? $">{line}" : $"> {line}").Append('\n');
        return quote.ToString();
    }
}
