using MailKit.Net.Imap;

namespace Newsletter.Mailroom;

/// <summary>A folder of an IMAP account as mailbox (RFC 9051); what is done is moved to the folders Processed and Unmatched, which are made where they are missing.</summary>
public sealed class ImapMailbox : IMailbox
{
    private readonly ReturnsMailboxOptions options;
    private readonly MailServerDoor door;

    public ImapMailbox(ReturnsMailboxOptions options) : this(options, null)
    {
    }

    internal ImapMailbox(ReturnsMailboxOptions options, AccessTokens? tokens) => (this.options, door) = (options, new(options, options.Name, tokens));

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public async Task<IMailboxVisit> OpenAsync(CancellationToken stop)
    {
        var client = new ImapClient();
        try
        {
            await door.OpenAsync(client, stop);
            return await door.GuardAsync(() => ImapVisit.OpenAsync(client, options, door, stop));
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
