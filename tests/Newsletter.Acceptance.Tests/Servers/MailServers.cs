namespace Newsletter.Acceptance.Tests.Servers;

/// <summary>A mail world on loopback: Postfix in front, Dovecot behind it with the mailboxes, both private to the test that started them.</summary>
/// <remarks>
/// Three domains: <c>readers.test</c> for subscribers, <c>weekly.test</c> for the newsletter's own people, and <c>returns.test</c>, whose mail
/// all goes to one mailbox whatever stands before the @ (VERP), the recipient's address kept in Delivered-To. Postfix takes mail for anyone
/// there and learns from Dovecot who exists, so a letter to an unknown reader comes back later as a real DSN. Any other domain is refused at
/// RCPT, so that letter is rejected at once.
/// </remarks>
internal sealed class MailServers : IAsyncDisposable
{
    public const string ReadersDomain = "readers.test";
    public const string ReturnsDomain = "returns.test";

    /// <summary>The mailbox of all that comes back.</summary>
    public const string Bounces = "bounces@returns.test";

    public const string Editor = "editor@weekly.test";

    /// <summary>Of every mailbox, for IMAP.</summary>
    public const string Password = "secret";

    private readonly Postfix postfix;
    private readonly Dovecot dovecot;

    private MailServers(Postfix postfix, Dovecot dovecot) => (this.postfix, this.dovecot) = (postfix, dovecot);

    /// <summary>Postfix takes letters here, without TLS or password.</summary>
    public int SubmissionPort => postfix.Port;

    public int ImapPort => dovecot.ImapPort;

    /// <summary>What both servers said, for the message of a test that fails.</summary>
    public string Log => string.Join('\n', (string[])["Postfix:", .. postfix.Log, "Dovecot:", .. dovecot.Log]);

    /// <summary>Starts both, with the mailboxes <see cref="Bounces"/> and <see cref="Editor"/>. Where one is not installed, the test is skipped with the reason.</summary>
    public static async Task<MailServers> StartAsync()
    {
        if ((Postfix.Missing ?? Dovecot.Missing) is { } reason)
            Assert.Ignore(reason);
        var dovecot = await Dovecot.StartAsync(ReturnsDomain, Bounces);
        try
        {
            var servers = new MailServers(await Postfix.StartAsync(dovecot.LmtpPort, ReadersDomain, ReturnsDomain, "weekly.test"), dovecot);
            servers.AddUser(Bounces);
            servers.AddUser(Editor);
            return servers;
        }
        catch
        {
            await dovecot.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives someone a mailbox.</summary>
    public void AddUser(string address) => dovecot.AddUser(address, Password);

    /// <summary>The Maildir of a mailbox; not there before the first mail or login.</summary>
    public string MaildirOf(string address) => dovecot.MaildirOf(address);

    /// <summary>The mails in someone's inbox, read or not, oldest first.</summary>
    public IReadOnlyList<byte[]> MailboxOf(string address) =>
    [
        .. from folder in (string[])["new", "cur"]
           let path = Path.Combine(MaildirOf(address), folder)
           where Directory.Exists(path)
           from file in Directory.GetFiles(path)
           orderby Path.GetFileName(file)
           select File.ReadAllBytes(file),
    ];

    /// <inheritdoc cref="Postfix.WaitUntilQueueIsEmptyAsync"/>
    public Task WaitUntilQueueIsEmptyAsync() => postfix.WaitUntilQueueIsEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        await postfix.DisposeAsync();
        await dovecot.DisposeAsync();
    }
}
