using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Newsletter.Mailroom;

/// <summary>What kind of mailbox mail comes back to.</summary>
public enum MailboxKind
{
    /// <summary>A Maildir folder on this machine.</summary>
    Maildir,

    /// <summary>A mailbox on an IMAP server.</summary>
    Imap,

    /// <summary>A mailbox on a POP3 server.</summary>
    Pop3,

    /// <summary>None that waits: a mail server hands mail over by LMTP, to <c>serve</c>.</summary>
    Lmtp,
}

/// <summary>One mailbox to which mail comes back. <c>Returns:Mailboxes</c> is a list of them; where it is empty, the Maildir <c>inbox/</c> of the publication is read.</summary>
public sealed class ReturnsMailboxOptions : IValidatableObject
{
    /// <summary>Maildir, Imap, Pop3 or Lmtp.</summary>
    public MailboxKind Kind { get; init; } = MailboxKind.Maildir;

    /// <summary>Maildir: the folder that has <c>new</c> and <c>cur</c>. LMTP: the Unix socket to listen on; empty: <see cref="Host"/> and port. From the publication's folder.</summary>
    public string Path { get; init; } = "";

    /// <summary>IMAP, POP3: the server. LMTP: the address to listen on; empty: 127.0.0.1.</summary>
    public string Host { get; init; } = "";

    /// <summary>0: the usual port of the kind and of <see cref="Security"/>; for LMTP 2424.</summary>
    [Range(0, 65535)] public int Port { get; init; }

    /// <summary>The account.</summary>
    public string User { get; init; } = "";

    /// <summary>Its password: from the environment (<c>NEWSLETTER_Returns__Mailboxes__0__Password</c>) or a file kept from others.</summary>
    public string Password { get; init; } = "";

    /// <summary>Tokens in place of the password, as Google and Microsoft ask for.</summary>
    public OAuth2Options OAuth2 { get; init; } = new();

    /// <summary>IMAP: the folder that mail comes to. Beside it, or under it where the server wants that, Processed and Unmatched are made.</summary>
    public string Folder { get; init; } = "INBOX";

    /// <summary>StartTls, Tls or None. TLS from the first octet is the usual way to read mail (RFC 8314 §3.2).</summary>
    public RelaySecurity Security { get; init; } = RelaySecurity.Tls;

    /// <summary>How long an answer of the server may take; for LMTP, how long the other side may be silent.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often one looks where nobody tells of new mail. Null: 5 seconds in a Maildir (beside the kernel's word), half a minute by IMAP without IDLE, a minute by POP3.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")] public TimeSpan? Poll { get; init; }

    /// <summary>IMAP: how long an IDLE lasts before a new one is begun; servers may end one after 30 minutes (RFC 2177), and firewalls forget a silent line sooner.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:28:00")] public TimeSpan Renew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>POP3: how long after it was taken in a mail is deleted on the server; null: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")] public TimeSpan? DeleteAfter { get; init; }

    /// <summary>LMTP: the most connections at a time.</summary>
    [Range(1, 1000)] public int MaxConnections { get; init; } = 20;

    /// <summary>LMTP: whether to listen where other machines reach it. LMTP knows no sign-in: whoever reaches it can hand mail in.</summary>
    public bool FromAnywhere { get; init; }

    /// <summary>For people and logs, and by which it is known in the store.</summary>
    internal string Name => Kind switch
    {
        MailboxKind.Maildir => Path,
        MailboxKind.Imap => $"imap://{User}@{Host}:{ActualPort}/{Folder}",
        MailboxKind.Pop3 => $"pop3://{User}@{Host}:{ActualPort}",
        _ => Path.Length > 0 ? $"lmtp:{Path}" : $"lmtp://{Address}:{ActualPort}",
    };

    /// <summary>The port in use.</summary>
    public int ActualPort => Port is not 0 ? Port : (Kind, Security) switch
    {
        (MailboxKind.Lmtp, _) => 2424,
        (MailboxKind.Pop3, RelaySecurity.Tls) => 995,
        (MailboxKind.Pop3, _) => 110,
        (_, RelaySecurity.Tls) => 993,
        _ => 143,
    };

    /// <summary>How often one looks.</summary>
    internal TimeSpan ActualPoll => Poll ?? Kind switch
    {
        MailboxKind.Maildir => TimeSpan.FromSeconds(5),
        MailboxKind.Imap => TimeSpan.FromSeconds(30),
        _ => TimeSpan.FromMinutes(1),
    };

    /// <summary>LMTP: where to listen; null for a host that is no address.</summary>
    internal IPAddress? Address => Host is "" or "localhost" ? IPAddress.Loopback : IPAddress.TryParse(Host, out var address) ? address : null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Kind switch
    {
        MailboxKind.Maildir => ValidateMaildir(),
        MailboxKind.Lmtp => ValidateLmtp(),
        _ => ValidateAccount(),
    };

    private IEnumerable<ValidationResult> ValidateMaildir()
    {
        if (Path.Length == 0)
            yield return new("is missing: a Maildir needs its folder", [nameof(Path)]);
    }

    private IEnumerable<ValidationResult> ValidateLmtp()
    {
        if (Path.Length == 0 && Address is null)
            yield return new("is no address to listen on; write one such as 127.0.0.1, or name a socket in Path", [nameof(Host)]);
        if (Path.Length == 0 && Address is { } address && !IPAddress.IsLoopback(address) && !FromAnywhere)
            yield return new("is an address that other machines reach, and LMTP knows no sign-in; take 127.0.0.1 or a socket (Path), or set FromAnywhere to true behind a firewall", [nameof(Host)]);
    }

    private IEnumerable<ValidationResult> ValidateAccount()
    {
        var kind = Kind is MailboxKind.Imap ? "an IMAP mailbox" : "a POP3 mailbox";
        if (Host.Length == 0)
            yield return new($"is missing: {kind} needs its server", [nameof(Host)]);
        if (User.Length == 0)
            yield return new($"is missing: {kind} needs its account", [nameof(User)]);
        if (Security is RelaySecurity.None && !ThisMachine.Is(Host))
            yield return new($"the password for {Host} would cross the network in clear text: set Security to Tls or StartTls", [nameof(Security)]);
        if (OAuth2.ClientId.Length > 0 && OAuth2.Fault() is { } fault)
            yield return new(fault.Words, [$"{nameof(OAuth2)}:{fault.Key}"]);
    }
}
