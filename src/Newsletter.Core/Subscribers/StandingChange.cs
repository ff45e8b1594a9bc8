using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>Who or what changed a standing.</summary>
public enum Actor
{
    /// <summary>The person themselves: link, one-click POST, page or mail.</summary>
    Reader,
    /// <summary>A person of the house: command or page.</summary>
    Editor,
    /// <summary>A list that was read in.</summary>
    Import,
    /// <summary>A server's answer: a bounce or a feedback report.</summary>
    Server,
    /// <summary>A person of the house who takes back what an incident did; the reason names it.</summary>
    Undo,
    /// <summary>The time that a person set: a pause is over.</summary>
    Clock,
}

/// <summary>One change of a subscriber's standing, with what a person asks about it later.</summary>
/// <param name="To">The standing from now on.</param>
/// <param name="Reason">Why, in a few words: <c>one-click</c>, <c>hard bounce</c>, the incident's name.</param>
/// <param name="Actor">By whom.</param>
/// <param name="At">When.</param>
/// <param name="Evidence">The words that show it: a server's answer, a network address, a line of a file. May be empty.</param>
/// <param name="Edition">The edition that it came by, where there is one.</param>
/// <param name="ReturnedMail">The row of the returned mail that caused it, where there is one.</param>
/// <param name="Incident">The incident that it belongs to, where there is one.</param>
public sealed record StandingChange(
    SubscriptionState To, string Reason, Actor Actor, DateTimeOffset At, string Evidence = "", EditionId? Edition = null, long? ReturnedMail = null, long? Incident = null)
{
    /// <summary>Of a pause: when it is over; null: when the reader says so.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What became of a <see cref="StandingChange"/>.</summary>
public enum ChangeOutcome
{
    /// <summary>The standing is new and its row is in the log.</summary>
    Changed,
    /// <summary>The subscriber stood so already: nothing is written.</summary>
    AlreadySo,
    /// <summary>No legal step from where the subscriber stands, or not for this actor: nothing is written.</summary>
    NotAllowed,
    /// <summary>There is no such subscriber.</summary>
    NobodyThere,
    /// <summary>Back to active is barred by a suppression that this step does not lift.</summary>
    Suppressed,
    /// <summary>More was changed within a day by this reader's links than a person does: nothing is written.</summary>
    TooMany,
}

/// <summary>One line of a subscriber's history.</summary>
/// <param name="Before">The standing before; null in the first line.</param>
/// <param name="Change">What changed it.</param>
public sealed record HistoryLine(SubscriptionState? Before, StandingChange Change);
