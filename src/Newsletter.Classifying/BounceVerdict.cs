namespace Newsletter.Classifying;

/// <summary>What a failure says about the <b>address</b>, not about the mail: a mail refused as spam is lost for good, and its reader lives.</summary>
public enum Permanence
{
    /// <summary>The words do not tell.</summary>
    Unknown,
    /// <summary>This mail failed, the address may live.</summary>
    Transient,
    /// <summary>The address is dead: stop writing to it.</summary>
    Permanent,
}

/// <summary>Why a mail was not delivered.</summary>
public enum BounceReason
{
    /// <summary>No known words and no telling status.</summary>
    Other,
    /// <summary>No such mailbox, or one that cannot be written (RFC 3463 X.1.1, X.1.3).</summary>
    UserUnknown,
    /// <summary>The mailbox has moved away (X.1.6).</summary>
    Moved,
    /// <summary>No such domain, or one that takes no mail (X.1.2, X.4.4, RFC 7505).</summary>
    HostUnknown,
    /// <summary>X.2.2.</summary>
    MailboxFull,
    /// <summary>The account is disabled or expired (X.2.1).</summary>
    Suspended,
    /// <summary>This content: spam, virus, attachment, a link in it.</summary>
    ContentRejected,
    /// <summary>A rule of the receiver about the sender: authentication, relaying, permission (X.7.1, X.7.2, X.7.26).</summary>
    Policy,
    /// <summary>The sending host or domain is listed or has no good name.</summary>
    Blocked,
    /// <summary>Too much in too short a time.</summary>
    RateLimited,
    /// <summary>Too large (X.2.3, X.3.4).</summary>
    Size,
    /// <summary>Not reached, timed out, loops (X.4.x).</summary>
    Network,
    /// <summary>The receiving system is ill (X.3.x).</summary>
    System,
    /// <summary>Commands or headers not understood (X.5.x).</summary>
    Protocol,
    /// <summary>The reader's own filter, or a challenge.</summary>
    Filtered,
}

/// <summary>Reason and permanence together, and the words that gave them.</summary>
public sealed record BounceVerdict(BounceReason Reason, Permanence Permanence, string Words)
{
    /// <summary>How sure reason and permanence are.</summary>
    public Confidence Confidence { get; init; } = Confidence.Medium;

    /// <summary>Whether the failure is about us (our address, host, content or pace): never counts against the reader.</summary>
    public bool IsAboutSender => Reason is BounceReason.Policy or BounceReason.Blocked or BounceReason.ContentRejected or BounceReason.RateLimited
        or BounceReason.Protocol or BounceReason.Size;

    /// <summary>The reason as the contract spells it: <c>user-unknown</c>.</summary>
    public string ReasonWord => BounceReasons.WordOf(Reason);

    /// <summary>The permanence as the contract spells it.</summary>
    public string PermanenceWord => Permanence switch { Permanence.Permanent => "permanent", Permanence.Transient => "transient", _ => "unknown" };

    /// <summary>What a final failure with this reason says about the address.</summary>
    public static Permanence PermanenceOf(BounceReason reason, EnhancedStatus? status) => reason switch
    {
        BounceReason.HostUnknown when status is { Class: 4 } => Permanence.Transient, // name servers fail too
        BounceReason.UserUnknown when status is { Class: 4, Subject: not 1 } => Permanence.Transient, // "450 mailbox unavailable" is greylisting as well
        BounceReason.UserUnknown or BounceReason.Moved or BounceReason.HostUnknown => Permanence.Permanent,
        BounceReason.Suspended => Permanence.Unknown, // people differ; some accounts come back when a bill is paid
        BounceReason.Other => status is { Class: 4 } ? Permanence.Transient : Permanence.Unknown,
        _ => Permanence.Transient,
    };
}

/// <summary>The contract's spelling of the reasons.</summary>
public static class BounceReasons
{
    private static readonly Dictionary<string, BounceReason> ByWord = Enum.GetValues<BounceReason>().ToDictionary(WordOf);

    /// <summary><c>user-unknown</c>, <c>mailbox-full</c> and so on.</summary>
    public static string WordOf(BounceReason reason) =>
        string.Concat(reason.ToString().Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    /// <summary>Null for a word that is none of them.</summary>
    public static BounceReason? Read(string word) => ByWord.TryGetValue(word, out var reason) ? reason : null;
}
