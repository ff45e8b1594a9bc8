using System.Net.Sockets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Security;

namespace Newsletter.Mailroom;

/// <summary>The way into an account on a mail server, and the words for what goes wrong there.</summary>
/// <param name="options">Server and account.</param>
/// <param name="name">As people know the mailbox.</param>
/// <param name="tokens">Where the account is entered by OAuth2; null: by its password.</param>
internal sealed class MailServerDoor(ReturnsMailboxOptions options, string name, AccessTokens? tokens)
{
    /// <summary>Connects and signs in.</summary>
    public Task OpenAsync(MailService client, CancellationToken stop) => GuardAsync(async () =>
    {
        client.Timeout = (int)options.Timeout.TotalMilliseconds;
        await ConnectAsync(client, stop);
        if (tokens is null)
            await client.AuthenticateAsync(options.User, options.Password, stop);
        else
            await AuthenticateAsync(client, tokens, stop);
    });

    /// <inheritdoc cref="GuardAsync{T}"/>
    public Task GuardAsync(Func<Task> work) => GuardAsync(async () =>
    {
        await work();
        return true;
    });

    /// <summary>What goes wrong at the server becomes one line that names it and the remedy.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try { return await work(); }
        catch (AuthenticationException e) { throw new MailboxException($"{name}: the server refused the account or its {(tokens is null ? "password" : "token")}; correct Returns:Mailboxes", e); }
        catch (SslHandshakeException e) { throw new MailboxException($"{name}: no safe line: {e.Message.ReplaceLineEndings(" ").Split(". ")[0]}; see that Security and Port in Returns:Mailboxes fit the server", e); }
        catch (SocketException e) { throw new MailboxException($"{name}: the server cannot be reached ({e.Message}); see that it runs, and Host and Port in Returns:Mailboxes", e); }
        catch (FolderNotFoundException e) { throw new MailboxException($"{name}: there is no folder {e.FolderName}; correct Folder in Returns:Mailboxes", e); }
        catch (NotSupportedException e) { throw new MailboxException($"{name}: {e.Message}; set Security in Returns:Mailboxes to what the server offers", e); }
        catch (Exception e) when (e is ProtocolException or CommandException or TimeoutException or ServiceNotConnectedException or ServiceNotAuthenticatedException or (IOException and not MailboxException))
        {
            throw new MailboxException($"{name}: the server broke off: {e.Message.ReplaceLineEndings(" ")}; what was not handled waits there", e);
        }
    }

    private Task ConnectAsync(MailService client, CancellationToken stop) => client.ConnectAsync(options.Host, options.ActualPort, options.Security switch
    {
        RelaySecurity.Tls => SecureSocketOptions.SslOnConnect,
        RelaySecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    }, stop);

    /// <summary>A token that was at hand may have been taken back: then once more with a new one, over a new line, since some servers hang up.</summary>
    private async Task AuthenticateAsync(MailService client, AccessTokens access, CancellationToken stop)
    {
        var token = await access.GetAsync(stop);
        try
        {
            await client.AuthenticateAsync(Mechanism(client, token), stop);
        }
        catch (AuthenticationException)
        {
            access.Drop(token);
            await client.DisconnectAsync(quit: false, stop);
            await ConnectAsync(client, stop);
            await client.AuthenticateAsync(Mechanism(client, await access.GetAsync(stop)), stop);
        }
    }

    /// <summary>RFC 7628 where the server has it, else the older form of Google and Microsoft.</summary>
    private SaslMechanism Mechanism(MailService client, string token) => Offered(client).Contains("OAUTHBEARER")
        ? new SaslMechanismOAuthBearer(options.User, token)
        : new SaslMechanismOAuth2(options.User, token);

    private static HashSet<string> Offered(MailService client) => client switch
    {
        ImapClient imap => imap.AuthenticationMechanisms,
        Pop3Client pop3 => pop3.AuthenticationMechanisms,
        _ => [],
    };
}
