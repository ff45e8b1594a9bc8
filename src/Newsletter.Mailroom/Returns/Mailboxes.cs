using Microsoft.Extensions.Logging;

namespace Newsletter.Mailroom;

/// <summary>All places to which mail comes back, read once through: what waits is taken in, and what readers wrote is handed on.</summary>
public sealed partial class Mailboxes(IReadOnlyList<IMailbox> mailboxes, ReturnDesk desk, ReplyForwarder forwarder, ILogger<Mailboxes> log)
{
    /// <summary>Reads every mailbox once.</summary>
    /// <param name="taken">Told of each mail, after its commit.</param>
    /// <param name="stop">Between two mails one may stop.</param>
    /// <exception cref="MailboxException">A mailbox could not be read. The others were read before this is thrown.</exception>
    public async Task<int> ReceiveAsync(Action<TakenMail> taken, CancellationToken stop)
    {
        var count = 0;
        var faults = new List<MailboxException>();
        foreach (var finished in await desk.FinishAsync(stop))
            taken(finished);
        foreach (var mailbox in mailboxes)
        {
            try { count += await ReceiveAsync(mailbox, taken, stop); }
            catch (MailboxException e)
            {
                Unreadable(log, mailbox.Name, e);
                faults.Add(e);
            }
        }
        await forwarder.ForwardAsync(stop);
        return faults.Count == 0 ? count : throw new MailboxException(string.Join("; ", faults.Select(fault => fault.Message)));
    }

    /// <summary>Reads one mailbox once; hands nothing on.</summary>
    public async Task<int> ReceiveAsync(IMailbox mailbox, Action<TakenMail> taken, CancellationToken stop)
    {
        var count = 0;
        await mailbox.ReceiveAsync(async raw =>
        {
            var mail = await desk.TakeAsync(raw, mailbox.Name, [], stop);
            taken(mail);
            Took(log, mail.Id, mail.Mail.Kind, mail.Handled?.Consequence.Word ?? "again");
            count++;
            return mail.IsUnmatched ? Filing.Unmatched : Filing.Processed;
        }, stop);
        return count;
    }

    [LoggerMessage(4000, LogLevel.Debug, "Returned mail {Id} is a {Kind}: {Consequence}")]
    private static partial void Took(ILogger log, long id, string kind, string consequence);

    [LoggerMessage(4001, LogLevel.Warning, "The mailbox {Mailbox} could not be read")]
    private static partial void Unreadable(ILogger log, string mailbox, Exception exception);
}
