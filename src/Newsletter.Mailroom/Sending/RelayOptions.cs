using System.ComponentModel.DataAnnotations;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>How the line to a relay is kept from listeners.</summary>
public enum RelaySecurity
{
    /// <summary>STARTTLS, and nothing is said without it (RFC 8314 §3.3; a stripped offer ends the attempt).</summary>
    StartTls,

    /// <summary>TLS from the first octet.</summary>
    Tls,

    /// <summary>Clear text: for a relay on this machine or a private network, without a password.</summary>
    None,
}

/// <summary>How letters are handed to a relay.</summary>
public enum RelayWay
{
    /// <summary>Bulk where the relay offers PIPELINING, else MailKit.</summary>
    Auto,

    /// <summary>Our own way, the commands of a letter in one go (RFC 2920), with CHUNKING where it is offered (RFC 3030).</summary>
    Bulk,

    /// <summary>MailKit: command by command, for relays that stumble over the other.</summary>
    MailKit,
}

/// <summary>One relay. Section <c>Relays</c> of the configuration is a list of them.</summary>
public sealed class RelayOptions : IValidatableObject
{
    /// <summary>The relay's host name. No default: sending to a wrong place is worse than not starting.</summary>
    [Required] public required string Host { get; init; }

    /// <summary>0: the usual port of <see cref="Security"/>, 587 for StartTls, 465 for Tls, 25 for None.</summary>
    [Range(0, 65535)] public int Port { get; init; }

    /// <summary>StartTls, Tls or None.</summary>
    public RelaySecurity Security { get; init; } = RelaySecurity.StartTls;

    /// <summary>The account at the relay. Empty: no sign-in.</summary>
    public string User { get; init; } = "";

    /// <summary>Its password: from the environment (<c>NEWSLETTER_Relays__0__Password</c>) or a file kept from others.</summary>
    public string Password { get; init; } = "";

    /// <summary>
    /// SHA-256 of the relay's certificate in hex (<c>openssl x509 -noout -fingerprint -sha256</c>), for one that no authority signed: this certificate
    /// alone is taken then. Empty: a valid certificate for <see cref="Host"/>.
    /// </summary>
    [RegularExpression("^([0-9A-Fa-f]{2}:?){32}$")] public string CertificateFingerprint { get; init; } = "";

    /// <summary>Auto, Bulk or MailKit.</summary>
    public RelayWay Way { get; init; } = RelayWay.Auto;

    /// <summary>Letters under way at a time, and so the most connections. Relays bear a few from one sender; each costs a process or thread there.</summary>
    [Range(1, 1000)] public int Connections { get; init; } = 4;

    /// <summary>Letters over one connection before a new one is opened. Many receivers close after 100; closing first costs no lost line.</summary>
    [Range(1, 1_000_000)] public int MaxPerConnection { get; init; } = 100;

    /// <summary>How long a connection is kept before a new one is opened, between two letters. 0: as long as it lasts.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")] public TimeSpan MaxConnectionAge { get; init; }

    /// <summary>Letters a second over all workers. 0: as fast as the relay takes them.</summary>
    [Range(0, 1_000_000)] public double Rate { get; init; }

    /// <summary>Letters per time over all workers, several separated by commas: <c>100/1h, 1000/1d</c>. Empty: none but <see cref="Rate"/>.</summary>
    public string Limits { get; init; } = "";

    /// <summary>Its part of the letters beside the other relays'. Where all weigh the same, each takes what it can; 0: it stands by until no other can take any.</summary>
    [Range(0, 1000)] public int Weight { get; init; } = 1;

    /// <summary>The sender domains whose letters it takes, separated by commas. Empty: of those that no other relay names.</summary>
    public string SenderDomains { get; init; } = "";

    /// <summary>Its first days. Null: it is known to the world.</summary>
    public WarmUpOptions? WarmUp { get; init; }

    /// <summary>How long an answer may take. RFC 5321 §4.5.3.2.6 wants 10 minutes after the final dot: less makes second copies.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The port in use.</summary>
    public int ActualPort => Port is not 0 ? Port : Security switch { RelaySecurity.Tls => 465, RelaySecurity.None => 25, _ => 587 };

    internal const string NoLimit = "holds what is no limit: write letters per time, such as 100/1h or 20/s, 5000/1d";

    /// <summary>How many letters it gets, and of whom.</summary>
    internal RelayPace Pace => new([.. Rate > 0 ? [PaceLimit.OfRate(Rate)] : (PaceLimit[])[], .. PaceLimit.ReadAll(Limits) ?? []])
    {
        Account = User, Weight = Weight, WarmUp = WarmUp?.Plan,
        SenderDomains = SenderDomains.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Password.Length > 0 && User.Length == 0)
            yield return new("a relay with a Password needs a User", [nameof(User)]);
        if (PaceLimit.ReadAll(Limits) is null)
            yield return new(NoLimit, [nameof(Limits)]);
        if (WarmUp?.Fault is { } fault)
            yield return new(fault, [nameof(WarmUp)]);
        if (User.Length > 0 && Security is RelaySecurity.None && !ThisMachine.Is(Host))
            yield return new($"the password for {Host} would cross the network in clear text: set Security to StartTls or Tls", [nameof(Security)]);
    }
}
