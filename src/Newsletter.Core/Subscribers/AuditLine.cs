using System.Globalization;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>Who acts, in the words of the audit log.</summary>
public sealed record Performer
{
    private const int LongestName = 64;

    private Performer(string words) => Words = words;

    /// <summary>The admin, by a page. People with logins of their own come with the editor's desk.</summary>
    public static Performer Page { get; } = new("page (admin)");

    /// <summary>Nobody: the time had come.</summary>
    public static Performer Clock { get; } = new("clock");

    /// <summary>A reader, in a right of theirs.</summary>
    public static Performer Reader { get; } = new("reader");

    /// <summary>What stands in the log.</summary>
    public string Words { get; }

    /// <summary>Somebody by a command.</summary>
    /// <param name="user">Their name on the machine.</param>
    public static Performer Command(string user) => new($"command {PersonalText.OneLine(user, LongestName)}".TrimEnd());
}

/// <summary>What was done, as the audit log keeps it: no address, no name, no words of a person's.</summary>
/// <param name="Act">The verb as the command line has it: <c>subscribers add</c>, <c>pause</c>.</param>
/// <param name="Subject">To whom or what, by its number; empty: to nothing in particular.</param>
/// <param name="Detail">What a JSON object can be made of: counts, states, numbers of rows. Null: nothing more is said.</param>
public sealed record Deed(string Act, string Subject, object? Detail = null)
{
    /// <summary>Done to a subscriber.</summary>
    public Deed(string act, SubscriberId subscriber, object? detail = null) : this(act, Numbered("subscriber", subscriber.Value), detail) { }

    /// <summary>Done to an edition.</summary>
    public Deed(string act, EditionId edition, object? detail = null) : this(act, Numbered("edition", edition.Value), detail) { }

    /// <summary>A thing and its number.</summary>
    public static string Numbered(string thing, long number) => string.Create(CultureInfo.InvariantCulture, $"{thing} {number}");
}

/// <summary>One line of the audit log.</summary>
/// <param name="Seq">Its place: 1, 2, 3 … without a gap.</param>
/// <param name="At">When, to the millisecond.</param>
/// <param name="Actor">Who: <see cref="Performer.Words"/>.</param>
/// <param name="Act">The verb.</param>
/// <param name="Subject">To whom or what; may be empty.</param>
/// <param name="Detail">A JSON object; empty where nothing more is said.</param>
/// <param name="Previous">The hash of the line before; empty in the first.</param>
public sealed record AuditLine(long Seq, DateTimeOffset At, string Actor, string Act, string Subject, string Detail, string Previous);
