using System.Collections.Frozen;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>What can be seen of an ask, and how much it looks like abuse.</summary>
/// <remarks>No sign alone turns anybody away: what reaches the limit is held until a person has looked, and the page says nothing of it.</remarks>
/// <param name="Address">The address that was given.</param>
public sealed record SignUpSigns(EmailAddress Address)
{
    private static readonly FrozenDictionary<string, int> Roles = EmbeddedText.Sections("Subscribers.role-accounts.txt")
        .SelectMany(section => section, (section, name) => (name, points: section.Key is "hold" ? 3 : 1)).ToFrozenDictionary(each => each.name, each => each.points);

    /// <summary>Whether the field was filled in that no person sees.</summary>
    public bool IsTrapped { get; init; }

    /// <summary>How long the form was open; null: nobody knows, for it stands on another site or was open for days.</summary>
    public TimeSpan? Filled { get; init; }

    /// <summary>Whether the domain gives mailboxes for an hour.</summary>
    public bool IsDisposable { get; init; }

    /// <summary>Whether the domain has no mail server as far as can be seen.</summary>
    public bool HasNoMail { get; init; }

    /// <summary>Whether what was typed in holds a link, where no link belongs.</summary>
    public bool HasLink { get; init; }

    /// <summary>Whether the request names no program.</summary>
    public bool HasNoAgent { get; init; }

    /// <summary>The verdict.</summary>
    /// <param name="quickest">A form that was open for less was filled in by a machine.</param>
    /// <param name="holdFrom">The score from which a wish is held.</param>
    /// <param name="ofNetwork">How many addresses its network has asked for within the hour.</param>
    /// <param name="many">From how many on that is a burst.</param>
    public SignUpVerdict Judge(TimeSpan quickest, int holdFrom, long ofNetwork, long many)
    {
        var role = Roles.GetValueOrDefault(Address.Key.Split('@')[0].Split('+')[0]);
        (int Points, string Reason)[] all =
        [
            (IsTrapped ? 5 : 0, "trap"),
            (Filled < quickest ? 3 : 0, "filled in too quickly"),
            (Filled is null ? 1 : 0, "time not known"),
            (IsDisposable ? 3 : 0, "disposable domain"),
            (role, "role account"),
            (HasNoMail ? 2 : 0, "no mail server"),
            (HasLink ? 3 : 0, "link in a field"),
            (HasNoAgent ? 1 : 0, "no user agent"),
            (ofNetwork >= many ? 1 : 0, "busy network"),
        ];
        var score = all.Sum(each => each.Points);
        return new(score, [.. all.Where(each => each.Points > 0).Select(each => each.Reason)], score >= holdFrom);
    }
}
