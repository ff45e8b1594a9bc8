using System.Net.Sockets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;

namespace Newsletter.Mailroom;

/// <summary>A folder of an IMAP account as mailbox (RFC 9051); what is done is moved to the folders Processed and Unmatched, which are made where they are missing.</summary>
public sealed class ImapMailbox(ReturnsMailboxOptions options) : IMailbox
{
    /// <inheritdoc/>
    public string Name => $"imap://{options.User}@{options.Host}:{options.ActualPort}/{options.Folder}";

    /// <inheritdoc/>
    public async Task ReceiveAsync(Func<ReadOnlyMemory<byte>, Task<Filing?>> take, CancellationToken stop)
    {
        using var client = new ImapClient { Timeout = (int)options.Timeout.TotalMilliseconds };
        await GuardAsync(() => OpenAsync(client, stop));
        var inbox = await GuardAsync(() => FolderAsync(client, stop));
        var targets = await GuardAsync(() => TargetsAsync(client, inbox, stop));
        await GuardAsync(() => inbox.OpenAsync(FolderAccess.ReadWrite, stop));
        foreach (var uid in await GuardAsync(() => inbox.SearchAsync(MailKit.Search.SearchQuery.NotDeleted, stop)))
        {
            stop.ThrowIfCancellationRequested();
            if (await GuardAsync(() => ReadAsync(inbox, uid, stop)) is { } raw && await take(raw) is { } filing) // its exceptions are not the server's
                await GuardAsync(() => MoveAsync(inbox, uid, targets[filing]));
        }
        await GuardAsync(() => client.DisconnectAsync(quit: true, stop));
    }

    private async Task OpenAsync(ImapClient client, CancellationToken stop)
    {
        var security = options.Security switch
        {
            RelaySecurity.Tls => SecureSocketOptions.SslOnConnect,
            RelaySecurity.StartTls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };
        await client.ConnectAsync(options.Host, options.ActualPort, security, stop);
        await client.AuthenticateAsync(options.User, options.Password, stop);
    }

    private Task<IMailFolder> FolderAsync(ImapClient client, CancellationToken stop) =>
        options.Folder.Equals("INBOX", StringComparison.OrdinalIgnoreCase) ? Task.FromResult<IMailFolder>(client.Inbox!) : client.GetFolderAsync(options.Folder, stop);

    private async Task<Dictionary<Filing, IMailFolder>> TargetsAsync(ImapClient client, IMailFolder inbox, CancellationToken stop)
    {
        var root = client.GetFolder(client.PersonalNamespaces[0]);
        var targets = new Dictionary<Filing, IMailFolder>();
        foreach (var filing in Enum.GetValues<Filing>())
            targets[filing] = await FindOrMakeAsync(root, $"{filing}", stop) ?? await FindOrMakeAsync(inbox, $"{filing}", stop)
                ?? throw new MailboxException($"{Name}: the server lets no folder {filing} be made; make it by hand");
        return targets;
    }

    /// <summary>Null where the server allows no folder there: some keep all folders under INBOX.</summary>
    private static async Task<IMailFolder?> FindOrMakeAsync(IMailFolder parent, string name, CancellationToken stop)
    {
        try { return await parent.GetSubfolderAsync(name, stop); }
        catch (FolderNotFoundException) { /* made below */ }
        try { return await parent.CreateAsync(name, isMessageFolder: true, stop); }
        catch (ImapCommandException) { return null; }
    }

    /// <summary>Null for a mail that another reader of this mailbox (<c>serve</c> beside <c>receive</c>) has filed meanwhile.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(IMailFolder inbox, UniqueId uid, CancellationToken stop)
    {
        try
        {
            await using var stream = await inbox.GetStreamAsync(uid, stop);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, stop);
            return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        }
        catch (MessageNotFoundException) { return null; }
    }

    /// <summary>Files a mail; one that is gone was filed by another reader of this mailbox, and Dovecot answers NO to a MOVE of it (RFC 6851 says nothing of it).</summary>
    private static async Task MoveAsync(IMailFolder inbox, UniqueId uid, IMailFolder target)
    {
        try { await inbox.MoveToAsync(uid, target, CancellationToken.None); }
        catch (ImapCommandException e) when (e.Response == ImapCommandResponse.No)
        {
            if ((await inbox.SearchAsync(MailKit.Search.SearchQuery.Uids([uid]), CancellationToken.None)).Count > 0)
                throw;
        }
    }

    private Task<bool> GuardAsync(Func<Task> work) => GuardAsync(async () =>
    {
        await work();
        return true;
    });

    /// <summary>What goes wrong at the server becomes one line that names it and the remedy.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try { return await work(); }
        catch (AuthenticationException e) { throw new MailboxException($"{Name}: the server refused the account or its password; correct Returns:Mailboxes", e); }
        catch (SslHandshakeException e) { throw new MailboxException($"{Name}: no safe line: {e.Message.ReplaceLineEndings(" ").Split(". ")[0]}; see that Security and Port in Returns:Mailboxes fit the server", e); }
        catch (SocketException e) { throw new MailboxException($"{Name}: the server cannot be reached ({e.Message}); see that it runs, and Host and Port in Returns:Mailboxes", e); }
        catch (FolderNotFoundException e) { throw new MailboxException($"{Name}: there is no folder {e.FolderName}; correct Folder in Returns:Mailboxes", e); }
        catch (NotSupportedException e) { throw new MailboxException($"{Name}: {e.Message}; set Security in Returns:Mailboxes to what the server offers", e); }
        catch (Exception e) when (e is ProtocolException or CommandException or TimeoutException or (IOException and not MailboxException))
        {
            throw new MailboxException($"{Name}: the server broke off: {e.Message.ReplaceLineEndings(" ")}; what was not handled waits there", e);
        }
    }
}
