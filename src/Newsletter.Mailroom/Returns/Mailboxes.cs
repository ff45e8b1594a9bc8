using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Newsletter.Mailroom;

/// <summary>All places to which mail comes back: what waits is taken in, and what readers wrote is handed on.</summary>
public sealed partial class Mailboxes(IReadOnlyList<IMailbox> mailboxes, ReturnDesk desk, OwedMail owed, MailboxRecord record, ILogger<Mailboxes> log)
{
    /// <summary>Those in which mail waits.</summary>
    public IReadOnlyList<IMailbox> All => mailboxes;

    /// <summary>Reads every mailbox once, and hands on what readers wrote.</summary>
    /// <param name="taken">Told of each mail, after its commit.</param>
    /// <param name="stop">Between two mails one may stop.</param>
    /// <exception cref="MailboxException">A mailbox could not be read, or a mail not be handled. All the others were before this is thrown.</exception>
    public async Task<int> ReceiveAsync(Action<TakenMail> taken, CancellationToken stop)
    {
        var faults = new List<string>();
        await FinishAsync(taken, faults, stop);
        var count = 0;
        foreach (var mailbox in mailboxes)
        {
            try { count += await ReceiveAsync(mailbox, taken, stop); }
            catch (MailboxException e)
            {
                await record.TroubleAsync(mailbox.Name, e.Message, e);
                faults.Add(e.Message);
            }
        }
        await owed.SendAsync(stop);
        return faults.Count == 0 ? count : throw new MailboxException(string.Join("; ", faults));
    }

    /// <summary>Reads one mailbox once; hands nothing on.</summary>
    /// <inheritdoc cref="ReceiveAsync(Action{TakenMail}, CancellationToken)"/>
    public async Task<int> ReceiveAsync(IMailbox mailbox, Action<TakenMail> taken, CancellationToken stop)
    {
        await using var visit = await mailbox.OpenAsync(stop);
        return await ReceiveAsync(mailbox.Name, visit, taken, stop);
    }

    /// <summary>Reads a mailbox at which one stays.</summary>
    /// <inheritdoc cref="ReceiveAsync(Action{TakenMail}, CancellationToken)"/>
    public async Task<int> ReceiveAsync(string name, IMailboxVisit visit, Action<TakenMail> taken, CancellationToken stop)
    {
        var (count, faults) = (0, new List<string>());
        await visit.ReceiveAsync(async raw =>
        {
            if (await GuardAsync(name, async () => await desk.TakeAsync(raw, name, [], stop), taken, faults) is not { } mail)
                return null;
            count++;
            return mail.IsUnmatched ? Filing.Unmatched : Filing.Processed;
        }, stop);
        if (faults.Count > 0)
            throw new MailboxException(string.Join("; ", faults));
        await record.ReadAsync(name, count, stop);
        return count;
    }

    /// <summary>Takes in one mail that is handed over and waits nowhere. When this returns, it is stored.</summary>
    /// <exception cref="DbException">The store is away.</exception>
    public async Task<TakenMail> TakeAsync(ReadOnlyMemory<byte> raw, string name, string recipient)
    {
        var mail = await desk.TakeAsync(raw, name, [recipient], CancellationToken.None); // between storing and answering nothing may come in between
        Told(mail);
        return mail;
    }

    /// <summary>Does what an earlier run left undone, and hands on what readers wrote.</summary>
    public async Task SettleAsync(CancellationToken stop)
    {
        await FinishAsync(_ => { }, [], stop);
        await owed.SendAsync(stop);
    }

    private async Task FinishAsync(Action<TakenMail> taken, List<string> faults, CancellationToken stop)
    {
        foreach (var id in await desk.UnfinishedAsync(stop))
            await GuardAsync($"mail {id}", () => desk.FinishAsync(id, stop), taken, faults);
    }

    /// <summary>A mail that trips a fault of ours waits, and those behind it do not: whoever can write to us could else stop all mail with one.</summary>
    private async Task<TakenMail?> GuardAsync(string where, Func<Task<TakenMail?>> take, Action<TakenMail> taken, List<string> faults)
    {
        try
        {
            if (await take() is not { } mail)
                return null;
            Told(mail);
            taken(mail);
            return mail;
        }
        catch (Exception e) when (e is not (OperationCanceledException or DbException or IOException))
        {
            Faulty(log, where, e);
            faults.Add($"{where}: a mail could not be handled, by a fault of this program ({ReturnDesk.WordsOf(e)}); it waits there");
            return null;
        }
    }

    private void Told(TakenMail mail)
    {
        if (mail.Fault is { } fault)
            Marked(log, mail.Id, fault);
        else
            Took(log, mail.Id, mail.Mail.Kind, mail.Handled?.Consequence.Word ?? "again");
    }

    [LoggerMessage(4000, LogLevel.Debug, "Returned mail {Id} is a {Kind}: {Consequence}")]
    private static partial void Took(ILogger log, long id, string kind, string consequence);

    [LoggerMessage(4003, LogLevel.Error, "Mail {Id} could not be handled and is marked; newsletter returns --failed shows such mails, newsletter receive --again tries them once more")]
    private static partial void Marked(ILogger log, long id, Exception exception);

    [LoggerMessage(4002, LogLevel.Error, "A mail of {Where} could not be handled")]
    private static partial void Faulty(ILogger log, string where, Exception exception);
}
