using System.ComponentModel.DataAnnotations;

namespace Newsletter.Mailroom;

/// <summary>What kind of mailbox mail comes back to.</summary>
public enum MailboxKind
{
    /// <summary>A Maildir folder on this machine.</summary>
    Maildir,

    /// <summary>A mailbox on an IMAP server.</summary>
    Imap,
}

/// <summary>One mailbox to which mail comes back. <c>Returns:Mailboxes</c> is a list of them; where it is empty, the Maildir <c>inbox/</c> of the publication is read.</summary>
public sealed class ReturnsMailboxOptions : IValidatableObject
{
    /// <summary>Maildir or Imap.</summary>
    public MailboxKind Kind { get; init; } = MailboxKind.Maildir;

    /// <summary>Maildir: the folder that has <c>new</c> and <c>cur</c>, from the publication's folder.</summary>
    public string Path { get; init; } = "";

    /// <summary>IMAP: the server.</summary>
    public string Host { get; init; } = "";

    /// <summary>0: the usual port of <see cref="Security"/>, 993 for Tls, 143 else.</summary>
    [Range(0, 65535)] public int Port { get; init; }

    /// <summary>The account.</summary>
    public string User { get; init; } = "";

    /// <summary>Its password: from the environment (<c>NEWSLETTER_Returns__Mailboxes__0__Password</c>) or a file kept from others.</summary>
    public string Password { get; init; } = "";

    /// <summary>The folder that mail comes to. Beside it, or under it where the server wants that, Processed and Unmatched are made.</summary>
    public string Folder { get; init; } = "INBOX";

    /// <summary>StartTls, Tls or None. TLS from the first octet is the usual way to read mail (RFC 8314 §3.2).</summary>
    public RelaySecurity Security { get; init; } = RelaySecurity.Tls;

    /// <summary>How long an answer of the server may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The port in use.</summary>
    public int ActualPort => Port is not 0 ? Port : Security is RelaySecurity.Tls ? 993 : 143;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind is MailboxKind.Maildir && Path.Length == 0)
            yield return new("is missing: a Maildir needs its folder", [nameof(Path)]);
        if (Kind is MailboxKind.Imap && Host.Length == 0)
            yield return new("is missing: an IMAP mailbox needs its server", [nameof(Host)]);
        if (Kind is MailboxKind.Imap && User.Length == 0)
            yield return new("is missing: an IMAP mailbox needs its account", [nameof(User)]);
        if (Kind is MailboxKind.Imap && Security is RelaySecurity.None && !IsThisMachine())
            yield return new($"the password for {Host} would cross the network in clear text: set Security to Tls or StartTls", [nameof(Security)]);
    }

    private bool IsThisMachine() => Host is "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));
}
