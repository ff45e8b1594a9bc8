using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;

namespace Newsletter.Mailroom;

/// <summary>A stay at an IMAP mailbox: the server tells what comes (IDLE, RFC 2177), and where it cannot, it is asked (NOOP).</summary>
internal sealed class ImapVisit : IMailboxVisit
{
    private readonly ImapClient client;
    private readonly ReturnsMailboxOptions options;
    private readonly MailServerDoor door;
    private readonly IMailFolder inbox;
    private readonly Dictionary<Filing, IMailFolder> targets;
    private int known;
    private volatile bool hasArrived;
    private volatile CancellationTokenSource? waiting;

    private ImapVisit(ImapClient client, ReturnsMailboxOptions options, MailServerDoor door, IMailFolder inbox, Dictionary<Filing, IMailFolder> targets)
    {
        (this.client, this.options, this.door, this.inbox, this.targets) = (client, options, door, inbox, targets);
        inbox.CountChanged += (_, _) => Count();
    }

    /// <summary>Opens the folder of a client that has signed in.</summary>
    public static async Task<IMailboxVisit> OpenAsync(ImapClient client, ReturnsMailboxOptions options, MailServerDoor door, CancellationToken stop)
    {
        var inbox = options.Folder.Equals("INBOX", StringComparison.OrdinalIgnoreCase) ? client.Inbox! : await client.GetFolderAsync(options.Folder, stop);
        var targets = await TargetsAsync(client, inbox, options.Name, stop);
        var visit = new ImapVisit(client, options, door, inbox, targets);
        await inbox.OpenAsync(FolderAccess.ReadWrite, stop);
        return visit;
    }

    /// <inheritdoc/>
    public async Task ReceiveAsync(Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop)
    {
        // Again until nothing more is found: what came in the middle of a MOVE was seen not to be told by the IDLE after it.
        for (var (tried, isMore) = (new HashSet<UniqueId>(), true); isMore;)
        {
            hasArrived = isMore = false; // before the search: what comes after it began is told, and read the next time
            foreach (var uid in (await door.GuardAsync(() => inbox.SearchAsync(SearchQuery.NotDeleted, stop))).Where(tried.Add))
            {
                stop.ThrowIfCancellationRequested();
                if (await door.GuardAsync(() => ReadAsync(uid, stop)) is not { } raw)
                    continue;
                isMore = true;
                if (await take(raw) is { } filing) // its exceptions are not the server's
                    await door.GuardAsync(() => MoveAsync(uid, targets[filing]));
            }
        }
    }

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken stop) => client.Capabilities.HasFlag(ImapCapabilities.Idle) ? IdleAsync(stop) : AskAsync(stop);

    public async ValueTask DisposeAsync()
    {
        try { await client.DisconnectAsync(quit: true, CancellationToken.None); }
        catch (Exception e) when (e is IOException or ProtocolException or CommandException or OperationCanceledException) { /* the line is gone, and so are we */ }
        client.Dispose();
    }

    /// <summary>Until the server tells of a mail, or until it is time to begin anew: servers end an IDLE after half an hour, and a line that broke unseen is noticed by then.</summary>
    private async Task IdleAsync(CancellationToken stop)
    {
        using var done = new CancellationTokenSource(options.Renew);
        waiting = done;
        try
        {
            if (!hasArrived)
                await door.GuardAsync(() => client.IdleAsync(done.Token, stop));
        }
        finally
        {
            waiting = null;
        }
    }

    private async Task AskAsync(CancellationToken stop)
    {
        if (hasArrived)
            return;
        await Task.Delay(options.ActualPoll, stop);
        await door.GuardAsync(() => client.NoOpAsync(stop));
    }

    /// <summary>Called by the client whenever the server says how many there are; fewer are only what was moved away.</summary>
    private void Count()
    {
        if (inbox.Count > Interlocked.Exchange(ref known, inbox.Count))
        {
            hasArrived = true;
            try { waiting?.Cancel(); }
            catch (ObjectDisposedException) { /* its time was over just now */ }
        }
    }

    /// <summary>Null for a mail that another reader of this mailbox (<c>serve</c> beside <c>receive</c>) has filed meanwhile; Dovecot then answers with nothing, as if the mail were empty.</summary>
    private async Task<ReadOnlyMemory<byte>?> ReadAsync(UniqueId uid, CancellationToken stop)
    {
        try
        {
            await using var stream = await inbox.GetStreamAsync(uid, 0, CutMail.MostRead, stop);
            var raw = await CutMail.ReadAsync(stream, stop);
            return raw.IsEmpty ? default(ReadOnlyMemory<byte>?) : raw; // a bare null would become an empty memory by way of byte[]
        }
        catch (MessageNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Files a mail; one that is gone was filed by another reader of this mailbox, and Dovecot answers NO to a MOVE of it (RFC 6851 says nothing of it).</summary>
    private async Task MoveAsync(UniqueId uid, IMailFolder target)
    {
        try { await inbox.MoveToAsync(uid, target, CancellationToken.None); }
        catch (ImapCommandException e) when (e.Response == ImapCommandResponse.No)
        {
            if ((await inbox.SearchAsync(SearchQuery.Uids([uid]), CancellationToken.None)).Count > 0)
                throw;
        }
    }

    private static async Task<Dictionary<Filing, IMailFolder>> TargetsAsync(ImapClient client, IMailFolder inbox, string name, CancellationToken stop)
    {
        var root = client.GetFolder(client.PersonalNamespaces[0]);
        var targets = new Dictionary<Filing, IMailFolder>();
        foreach (var filing in Enum.GetValues<Filing>())
            targets[filing] = await FindOrMakeAsync(root, $"{filing}", stop) ?? await FindOrMakeAsync(inbox, $"{filing}", stop)
                ?? throw new MailboxException($"{name}: the server lets no folder {filing} be made; make it by hand");
        return targets;
    }

    /// <summary>Null where the server allows no folder there: some keep all folders under INBOX. Of two workers that make it at once one is told that it is there.</summary>
    private static async Task<IMailFolder?> FindOrMakeAsync(IMailFolder parent, string name, CancellationToken stop)
    {
        if (await FindAsync(parent, name, stop) is { } there)
            return there;
        try { return await parent.CreateAsync(name, isMessageFolder: true, stop); }
        catch (ImapCommandException) { return await FindAsync(parent, name, stop); }
    }

    private static async Task<IMailFolder?> FindAsync(IMailFolder parent, string name, CancellationToken stop)
    {
        try { return await parent.GetSubfolderAsync(name, stop); }
        catch (FolderNotFoundException) { return null; }
    }
}
