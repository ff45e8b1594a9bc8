namespace Newsletter.Subscribers;

/// <summary>A question about one subscriber, answered by yes or no: what a segment is made of. Its text: <see cref="SegmentReader"/>.</summary>
/// <remarks>It holds values and no words of a query language: whoever asks a database makes a parameter of each.</remarks>
public abstract record SegmentFilter
{
    private SegmentFilter() { }

    /// <summary>The saved segments that it names itself.</summary>
    public IEnumerable<string> Names() => this switch
    {
        And(var one, var other) => one.Names().Concat(other.Names()),
        Or(var one, var other) => one.Names().Concat(other.Names()),
        Not(var of) => of.Names(),
        In(var name) => [name],
        _ => [],
    };

    /// <summary>Yes for everyone.</summary>
    public sealed record Everyone : SegmentFilter;

    /// <summary>Both.</summary>
    public sealed record And(SegmentFilter One, SegmentFilter Other) : SegmentFilter;

    /// <summary>One at least.</summary>
    public sealed record Or(SegmentFilter One, SegmentFilter Other) : SegmentFilter;

    /// <summary>The other answer.</summary>
    public sealed record Not(SegmentFilter Of) : SegmentFilter;

    /// <summary>Stands so.</summary>
    public sealed record Stands(SubscriptionState State) : SegmentFilter;

    /// <summary>A fact as text, without regard to letter case where it is ASCII.</summary>
    public sealed record Words(SegmentFact Fact, string Field, TextTest Test, string Value) : SegmentFilter;

    /// <summary>A field that holds a number. Who has none there: no.</summary>
    public sealed record Number(string Field, Comparison Than, decimal Value) : SegmentFilter;

    /// <summary>A fact that is a day, or a field that holds one (<c>2026-05-04</c>). Who has none there: no.</summary>
    public sealed record Day(SegmentFact Fact, string Field, Comparison Than, SegmentDay Value) : SegmentFilter;

    /// <summary>Has this tag, exactly.</summary>
    public sealed record Tag(string Value) : SegmentFilter;

    /// <summary>Chose this topic, exactly. Who never chose reads about all, and counts here too.</summary>
    public sealed record Topic(string Value) : SegmentFilter;

    /// <summary>Was sent an issue: a relay has taken the letter.</summary>
    public sealed record Got(SegmentIssue Issue) : SegmentFilter;

    /// <summary>Replied, to an issue or at all, ever or since a day. (A person's reply, not a machine's answer.)</summary>
    public sealed record Replied(SegmentIssue? To, SegmentDay? Since) : SegmentFilter;

    /// <summary>A letter to them came back, of an issue or at all, ever or since a day.</summary>
    public sealed record Bounced(SegmentIssue? Of, SegmentDay? Since) : SegmentFilter;

    /// <summary>Is in a saved segment.</summary>
    public sealed record In(string Segment) : SegmentFilter;
}

/// <summary>What a question may be about.</summary>
public enum SegmentFact
{
    /// <summary>The address as it is compared.</summary>
    Email,
    /// <summary>The part of the address behind the @.</summary>
    Domain,
    /// <summary>The name.</summary>
    Name,
    /// <summary>BCP 47.</summary>
    Language,
    /// <summary>IANA name.</summary>
    TimeZone,
    /// <summary>How they came.</summary>
    Source,
    /// <summary>Since when they are with us.</summary>
    Joined,
    /// <summary>Since when they stand as they do.</summary>
    Changed,
    /// <summary>A field, by its name.</summary>
    Field,
}

/// <summary>How a text is looked at.</summary>
public enum TextTest { Is, Contains, StartsWith, EndsWith }

/// <summary>How two values are compared.</summary>
public enum Comparison { Less, AtMost, Equal, AtLeast, More }

/// <summary>A day of the calendar, or so many days before the one on which the question is asked; in the publication's zone.</summary>
public readonly record struct SegmentDay(DateOnly? On, int DaysAgo)
{
    /// <summary>The day, where today is known.</summary>
    public DateOnly From(DateOnly today) => On ?? today.AddDays(-DaysAgo);
}

/// <summary>An issue by its number or by the name of its address; one of the two is there.</summary>
public readonly record struct SegmentIssue(long? Number, string Slug);
