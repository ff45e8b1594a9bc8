using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Replies;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>Sends what the editor has answered. Each answer goes once: its row is taken before the relay is asked, and where the relay's answer is lost a person decides.</summary>
public sealed partial class AnswerSender(AnswerStore answers, ReturnedMailStore mails, SubscriberStore subscribers, CurrentPlan plans, AnswerLetters letters, TimeProvider clock, ILogger<AnswerSender> log)
{
    /// <summary>How long a try may take; one that is not over by then was cut short.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    /// <summary>Sends what is due. Returns how many went.</summary>
    public async Task<int> SendAsync(CancellationToken stop)
    {
        await using var lines = new HouseLines(plans.Value.For(letters.Domain));
        for (var count = 0; ;)
        {
            var now = clock.GetUtcNow();
            if (stop.IsCancellationRequested || await answers.ClaimAsync(now, Wait, stop) is not { } answer)
                return count;
            if (await WriteAsync(answer) is not { } letter || !await answers.BeginAsync(answer.Id, now + Wait, clock.GetUtcNow() + Lease))
                continue;
            // From here on to its end: an answer that is sent and not recorded would be in doubt.
            var (state, words, due) = After(await lines.SendAsync(letter), answer);
            await answers.RecordAsync(answer.Id, state, words, due, clock.GetUtcNow());
            Sent(log, answer.Id, state);
            count += state is "sent" ? 1 : 0;
        }
    }

    /// <summary>Its letter; null where none can go. Nothing is handed over yet: a database that is away leaves the answer waiting.</summary>
    private async Task<Letter?> WriteAsync(Answer answer)
    {
        string refusal;
        try
        {
            if (await subscribers.FindSuppressionAsync(answer.To, CancellationToken.None) is not { } bar)
                return letters.Write(answer, await FilesAsync(answer));
            refusal = AnswerDesk.Barred(answer.To, bar);
        }
        catch (Exception e) when (ReturnDesk.IsOfThisMail(e)) // it would come again each time, and nobody would see it
        {
            refusal = ReturnDesk.WordsOf(e);
        }
        await answers.RefuseAsync(answer.Id, refusal);
        Sent(log, answer.Id, "failed");
        return null;
    }

    private (string State, string Words, DateTimeOffset? Due) After(SmtpOutcome outcome, Answer answer) => outcome switch
    {
        SmtpOutcome.Accepted => ("sent", outcome.Words, null),
        SmtpOutcome.InDoubt => ("in doubt", outcome.Words, null),
        SmtpOutcome.Rejected or SmtpOutcome.Refused { Scope: SmtpScope.Recipient } => ("failed", outcome.Words, null),
        _ when clock.GetUtcNow() - answer.At > GiveUpAfter => ("failed", outcome.Words, null),
        _ => ("waiting", outcome.Words, clock.GetUtcNow() + Wait),
    };

    /// <summary>What the editor attached to the mail that the answer came by.</summary>
    private async Task<IReadOnlyList<NoteFile>> FilesAsync(Answer answer)
    {
        if (answer.ReturnedMail is not { } id || await mails.RawAsync(id, CancellationToken.None) is not { } raw)
            return [];
        var mail = ReplyMail.Read(raw);
        return [.. mail.Files.Where(file => file.Size <= AttachedFile.MaxSize).Select(file => new NoteFile(file.Name, file.DeclaredType, mail.Content(file)))];
    }

    [LoggerMessage(4007, LogLevel.Information, "Answer {Id} is {State}")]
    private static partial void Sent(ILogger log, long id, string state);
}

/// <summary>Makes the letter of an answer: from the publication, to the reader, in the reader's conversation; what is answered to it comes back into ours.</summary>
public sealed class AnswerLetters(NoteWriter notes, OurAddresses ours, EditorAddresses editor)
{
    /// <summary>The domain it is sent from.</summary>
    public string Domain => editor.Publication.Domain;

    internal Letter Write(Answer answer, IReadOnlyList<NoteFile> files) => notes.Write(new()
    {
        To = answer.To,
        ReplyTo = EmailAddress.Read(ours.Thread(answer.ThreadId)),
        Sender = ours.Thread(answer.ThreadId), // a bounce of it comes back into the conversation
        Subject = answer.Subject,
        Text = answer.Body,
        MessageId = answer.MessageId,
        Date = answer.At,
        InReplyTo = answer.References is [.., var last] ? last : "",
        References = answer.References,
        IsByPerson = true,
        Files = files,
    });
}
