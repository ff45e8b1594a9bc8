namespace Newsletter.Mailroom;

/// <summary>Where a mail goes once it is stored and handled. Nothing is ever deleted.</summary>
public enum Filing
{
    /// <summary>Handled.</summary>
    Processed,

    /// <summary>Stored and shown, but it proves no letter of ours or is not understood.</summary>
    Unmatched,
}

/// <summary>A place to which mail comes back and where it waits: a Maildir folder, an IMAP or a POP3 mailbox.</summary>
public interface IMailbox
{
    /// <summary>For people and logs. Never a secret.</summary>
    string Name { get; }

    /// <summary>Goes there; whoever watches stays until there is trouble.</summary>
    /// <exception cref="MailboxException">The mailbox cannot be reached; the message says why and what to do.</exception>
    Task<IMailboxVisit> OpenAsync(CancellationToken stop);
}

/// <summary>A stay at a mailbox. After any exception it is over.</summary>
public interface IMailboxVisit : IAsyncDisposable
{
    /// <summary>Hands over every mail that waits, one after the other, and files each where <paramref name="take"/> says once that has returned; null: it stays.</summary>
    /// <remarks>A mail whose taking throws ends the reading; it stays where it is and comes again. Between two mails one may stop.</remarks>
    /// <exception cref="MailboxException">The mailbox cannot be read; the message says why and what to do.</exception>
    Task ReceiveAsync(Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop);

    /// <summary>Returns when something may have come since the last reading began, and at the latest when it is time to look again.</summary>
    /// <exception cref="MailboxException">As for reading.</exception>
    Task WaitAsync(CancellationToken stop);
}

/// <summary>A mailbox cannot be reached or read; the message names it and the remedy. What was not handled waits there.</summary>
public sealed class MailboxException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>What is the same for all mailboxes.</summary>
public static class MailboxReading
{
    /// <summary>Reads a mailbox once.</summary>
    /// <inheritdoc cref="IMailboxVisit.ReceiveAsync"/>
    public static async Task ReceiveAsync(this IMailbox mailbox, Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop)
    {
        await using var visit = await mailbox.OpenAsync(stop);
        await visit.ReceiveAsync(take, stop);
    }
}
