using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>What is known of a person at an address, as a list, a form or a command gives it. Texts are made fit to keep: <see cref="PersonalText"/>.</summary>
/// <param name="Address">The mailbox.</param>
public sealed record Profile(EmailAddress Address)
{
    private static readonly SortedDictionary<string, string> NoFields = [];

    /// <summary>As the reader gave it; empty where none is known.</summary>
    public string Name { get; init => field = PersonalText.OneLine(value, PersonalText.MaxName); } = "";

    /// <summary>Columns of the list that have no meaning to us, by name (<see cref="PersonalText.FieldName"/>).</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init => field = PersonalText.Fields(value); } = NoFields;

    /// <summary>The house's own marks, each once, in order of the alphabet.</summary>
    public IReadOnlyList<string> Tags { get; init => field = PersonalText.Marks(value); } = [];

    /// <summary>What the reader chose to read about.</summary>
    public IReadOnlyList<string> Topics { get; init => field = PersonalText.Marks(value); } = [];

    /// <summary>BCP 47; empty: the publication's.</summary>
    public string Language { get; init => field = PersonalText.OneLine(value, 35); } = "";

    /// <summary>IANA name; empty: the publication's.</summary>
    public string TimeZone { get; init => field = PersonalText.OneLine(value, 64); } = "";

    /// <summary>How they came: a list's file name, a form, a command.</summary>
    public string Source { get; init => field = PersonalText.OneLine(value, 200); } = "";

    /// <summary>Since when they have been with us, where the giver knows; null: from the moment they are added.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>A person at an address, as the store has them.</summary>
/// <param name="Id">Number in the store.</param>
/// <param name="Profile">Null once erased.</param>
/// <param name="State">Standing.</param>
/// <param name="StateAt">Since when the standing holds.</param>
/// <param name="CreatedAt">Since when they are with us.</param>
public sealed record Subscriber(SubscriberId Id, Profile? Profile, SubscriptionState State, DateTimeOffset StateAt, DateTimeOffset CreatedAt);

/// <summary>What became of an addition.</summary>
public abstract record Addition
{
    private Addition() { }

    /// <summary>A new subscriber, with the first line of the history.</summary>
    public sealed record Added(SubscriberId Id) : Addition;

    /// <summary>The address is known; nothing was changed.</summary>
    public sealed record AlreadyThere(Subscriber Subscriber) : Addition;

    /// <summary>The address gets no mail whoever asks; nothing was added.</summary>
    public sealed record Suppressed(Suppression Suppression) : Addition;
}
