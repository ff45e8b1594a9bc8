namespace Newsletter.Subscribers;

/// <summary>How a wish to be subscribed stands.</summary>
public enum SignUpState
{
    /// <summary>The address has been asked, or will be.</summary>
    Waiting,
    /// <summary>It looks like abuse: no mail goes until a person of the house has looked.</summary>
    Held,
    /// <summary>Who reads the mailbox has said yes.</summary>
    Confirmed,
    /// <summary>A person of the house has refused it.</summary>
    Void,
}

/// <summary>Where a request came from, as far as it can be known.</summary>
/// <param name="Address">Network address.</param>
/// <param name="Network">The network that it is counted in, such as <c>192.0.2.0/24</c>.</param>
/// <param name="Agent">The program that it names; anybody may write anything there.</param>
public sealed record SignUpOrigin(string Address, string Network, string Agent)
{
    /// <summary>The longest name of a program that is kept, in UTF-16 units.</summary>
    public const int MaxAgent = 300;

    /// <summary>As it came, made fit to keep.</summary>
    public string Agent { get; } = PersonalText.OneLine(Agent, MaxAgent);
}

/// <summary>How much an ask looks like abuse.</summary>
/// <param name="Score">0: not at all.</param>
/// <param name="Reasons">Why, in a word or two each.</param>
/// <param name="IsHeld">Whether a person has to look first.</param>
public sealed record SignUpVerdict(int Score, IReadOnlyList<string> Reasons, bool IsHeld)
{
    /// <summary>Nothing speaks against it.</summary>
    public static SignUpVerdict Good { get; } = new(0, [], false);
}

/// <summary>The limits that all processes share.</summary>
/// <param name="MailsEver">Mails to an address that has not confirmed.</param>
/// <param name="BetweenMails">The least time between two of them.</param>
/// <param name="PerNetwork">New wishes of one network in an hour.</param>
/// <param name="PerForm">New wishes at one form in an hour; what is over is held.</param>
/// <param name="InAll">New wishes at all forms in an hour; what is over is held.</param>
/// <param name="HeldPerDay">Wishes that are held in a day; what would be held then is sent away.</param>
public sealed record SignUpCaps(int MailsEver, TimeSpan BetweenMails, int PerNetwork, int PerForm, int InAll, int HeldPerDay);

/// <summary>What became of an ask. A page says nothing of it but <see cref="TooMany"/>, which does not depend on the address.</summary>
public enum AskOutcome
{
    /// <summary>A mail is owed to the address.</summary>
    Owed,
    /// <summary>It was asked for before: only that is counted.</summary>
    Counted,
    /// <summary>A person has to look first.</summary>
    Held,
    /// <summary>There were too many; nothing is kept of this one.</summary>
    TooMany,
}

/// <summary>What became of a confirmation.</summary>
public enum ConfirmOutcome
{
    /// <summary>Subscribed from now on.</summary>
    Confirmed,
    /// <summary>It was done before: nothing is written.</summary>
    AlreadyDone,
    /// <summary>The mail is too old, or the wish was refused.</summary>
    Expired,
    /// <summary>A person of the house has barred the address; nothing is written.</summary>
    Barred,
    /// <summary>There is no such wish any more.</summary>
    Gone,
}
