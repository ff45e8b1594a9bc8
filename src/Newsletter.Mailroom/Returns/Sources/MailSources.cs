using Microsoft.Extensions.Configuration;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>The ways in that the configuration names.</summary>
public sealed class MailSources(MailboxStore store, KeyRing ring, TimeProvider clock) : IDisposable
{
    // No redirection: the secrets in a request are for the address that the configuration names.
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    /// <summary>Those in which mail waits; the Maildir <c>inbox/</c> where nothing is configured.</summary>
    /// <exception cref="SettingException">One of them is not right.</exception>
    public IReadOnlyList<IMailbox> Mailboxes(IConfiguration configuration, PublicationFolder folder)
    {
        var configured = configuration.ReadList<ReturnsMailboxOptions>("Returns:Mailboxes");
        return configured.Count == 0
            ? [new Maildir(folder.Inbox)]
            : configured.Where(each => each.Kind is not MailboxKind.Lmtp).Select(each => Mailbox(each, folder)).ToList();
    }

    /// <summary>Those that are handed mail.</summary>
    /// <inheritdoc cref="Mailboxes"/>
    public static IReadOnlyList<LmtpListener> Listeners(IConfiguration configuration, PublicationFolder folder) =>
        configuration.ReadList<ReturnsMailboxOptions>("Returns:Mailboxes").Where(each => each.Kind is MailboxKind.Lmtp)
            .Select(each => new LmtpListener(each, each.Path.Length > 0 ? folder.Resolve(each.Path) : null)).ToList();

    public void Dispose() => http.Dispose();

    private IMailbox Mailbox(ReturnsMailboxOptions options, PublicationFolder folder) => options.Kind switch
    {
        MailboxKind.Maildir => new Maildir(folder.Resolve(options.Path), options.ActualPoll),
        MailboxKind.Imap => new ImapMailbox(options, Tokens(options)),
        MailboxKind.Pop3 => new Pop3Mailbox(options, Tokens(options), store, clock),
        _ => throw new System.Diagnostics.UnreachableException($"{options.Kind}"),
    };

    private AccessTokens? Tokens(ReturnsMailboxOptions options) =>
        options.OAuth2.ClientId.Length > 0 ? new(options.OAuth2, options.Name, new(store, ring), http, clock) : null;
}
