using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Newsletter.Mailroom;

/// <summary>All places to which mail comes back, read once through: what waits is taken in, and what readers wrote is handed on.</summary>
public sealed partial class Mailboxes(IReadOnlyList<IMailbox> mailboxes, ReturnDesk desk, ReplyForwarder forwarder, ILogger<Mailboxes> log)
{
    /// <summary>Reads every mailbox once, and hands on what readers wrote.</summary>
    /// <param name="taken">Told of each mail, after its commit.</param>
    /// <param name="stop">Between two mails one may stop.</param>
    /// <exception cref="MailboxException">A mailbox could not be read, or a mail not be handled. All the others were before this is thrown.</exception>
    public async Task<int> ReceiveAsync(Action<TakenMail> taken, CancellationToken stop)
    {
        var faults = new List<string>();
        foreach (var id in await desk.UnfinishedAsync(stop))
            await GuardAsync($"mail {id}", () => desk.FinishAsync(id, stop), taken, faults);
        var count = 0;
        foreach (var mailbox in mailboxes)
        {
            try { count += await ReceiveAsync(mailbox, taken, stop); }
            catch (MailboxException e)
            {
                Unreadable(log, mailbox.Name, e);
                faults.Add(e.Message);
            }
        }
        await forwarder.ForwardAsync(stop);
        return faults.Count == 0 ? count : throw new MailboxException(string.Join("; ", faults));
    }

    /// <summary>Reads one mailbox once; hands nothing on.</summary>
    /// <inheritdoc cref="ReceiveAsync(Action{TakenMail}, CancellationToken)"/>
    public async Task<int> ReceiveAsync(IMailbox mailbox, Action<TakenMail> taken, CancellationToken stop)
    {
        var (count, faults) = (0, new List<string>());
        await mailbox.ReceiveAsync(async raw =>
        {
            if (await GuardAsync(mailbox.Name, async () => await desk.TakeAsync(raw, mailbox.Name, [], stop), taken, faults) is not { } mail)
                return null;
            count++;
            return mail.IsUnmatched ? Filing.Unmatched : Filing.Processed;
        }, stop);
        return faults.Count == 0 ? count : throw new MailboxException(string.Join("; ", faults));
    }

    /// <summary>A mail that trips a fault of ours waits, and those behind it do not: whoever can write to us could else stop all mail with one.</summary>
    private async Task<TakenMail?> GuardAsync(string where, Func<Task<TakenMail?>> take, Action<TakenMail> taken, List<string> faults)
    {
        try
        {
            if (await take() is not { } mail)
                return null;
            if (mail.Fault is { } fault)
                Marked(log, mail.Id, fault);
            else
                Took(log, mail.Id, mail.Mail.Kind, mail.Handled?.Consequence.Word ?? "again");
            taken(mail);
            return mail;
        }
        catch (Exception e) when (e is not (OperationCanceledException or DbException or IOException))
        {
            Faulty(log, where, e);
            faults.Add($"{where}: a mail could not be handled, by a fault of this program ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}); it waits there");
            return null;
        }
    }

    [LoggerMessage(4000, LogLevel.Debug, "Returned mail {Id} is a {Kind}: {Consequence}")]
    private static partial void Took(ILogger log, long id, string kind, string consequence);

    [LoggerMessage(4003, LogLevel.Error, "Mail {Id} could not be handled and is marked; newsletter returns --failed shows it, newsletter receive --again {Id} tries it once more")]
    private static partial void Marked(ILogger log, long id, Exception exception);

    [LoggerMessage(4001, LogLevel.Warning, "The mailbox {Mailbox} could not be read")]
    private static partial void Unreadable(ILogger log, string mailbox, Exception exception);

    [LoggerMessage(4002, LogLevel.Error, "A mail of {Where} could not be handled")]
    private static partial void Faulty(ILogger log, string where, Exception exception);
}
