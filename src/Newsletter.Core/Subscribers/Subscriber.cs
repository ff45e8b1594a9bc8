using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>What is known of a person at an address, as a list, a form or a command gives it. Texts are made fit to keep: <see cref="PersonalText"/>.</summary>
/// <param name="Address">The mailbox.</param>
public sealed record Profile(EmailAddress Address)
{
    internal const int MaxLanguage = 35;
    internal const int MaxTimeZone = 64;
    internal const int MaxSource = 200;

    /// <summary>As the reader gave it; empty where none is known.</summary>
    public string Name { get; init => field = PersonalText.OneLine(value, PersonalText.MaxName); } = "";

    /// <summary>Columns of the list that have no meaning to us, by name (<see cref="PersonalText.FieldName"/>).</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init => field = PersonalText.Fields(value); } = PersonalFields.None;

    /// <summary>The house's own marks, each once, in order of the alphabet.</summary>
    public IReadOnlyList<string> Tags { get; init => field = PersonalText.Marks(value); } = [];

    /// <summary>What the reader chose to read about.</summary>
    public IReadOnlyList<string> Topics { get; init => field = PersonalText.Marks(value); } = [];

    /// <summary>What the reader chose not to read about. Who chose nothing at all has neither these nor <see cref="Topics"/>.</summary>
    public IReadOnlyList<string> TopicsLeft { get; init => field = PersonalText.Marks(value); } = [];

    /// <summary>BCP 47; empty: the publication's.</summary>
    public string Language { get; init => field = PersonalText.OneLine(value, MaxLanguage); } = "";

    /// <summary>IANA name; empty: the publication's.</summary>
    public string TimeZone { get; init => field = PersonalText.OneLine(value, MaxTimeZone); } = "";

    /// <summary>How they came: a list's file name, a form, a command.</summary>
    public string Source { get; init => field = PersonalText.OneLine(value, MaxSource); } = "";

    /// <summary>Since when they have been with us, where the giver knows; null: from the moment they are added.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether the reader reads about a topic: who never chose reads about all, who chose about what they chose and about nothing that came later.</summary>
    public bool Reads(string topic) => Topics.Count + TopicsLeft.Count == 0 || Topics.Contains(topic);

    /// <summary>Tags as they are kept, of what somebody wrote.</summary>
    public static IReadOnlyList<string> TagsOf(IEnumerable<string> written) => PersonalText.Marks(written);

    /// <summary>This person with what a list says of them: a value that it gives replaces ours, an empty one changes nothing, tags are added. Topics are the reader's own choice, and how and when they came is history: these stay.</summary>
    public Profile With(Profile given) => this with
    {
        Name = given.Name.Length > 0 ? given.Name : Name,
        Fields = given.Fields.Count > 0 ? Fields.Where(field => !given.Fields.ContainsKey(field.Key)).Concat(given.Fields).ToDictionary() : Fields,
        Tags = given.Tags.Count > 0 ? [.. Tags, .. given.Tags] : Tags,
        Language = given.Language.Length > 0 ? given.Language : Language,
        TimeZone = given.TimeZone.Length > 0 ? given.TimeZone : TimeZone,
    };

    /// <summary>What differs in the other, without the values of name and fields; empty: nothing.</summary>
    public string ChangesTo(Profile other)
    {
        IEnumerable<string> changes =
        [
            .. Topics.SequenceEqual(other.Topics) && TopicsLeft.SequenceEqual(other.TopicsLeft) ? [] : other.Topics.Select(topic => $"+{topic}").Concat(other.TopicsLeft.Select(topic => $"-{topic}")),
            .. Language == other.Language ? [] : (string[])[$"language {(other.Language.Length > 0 ? other.Language : "of the publication")}"],
            .. Name == other.Name ? [] : (string[])["name"],
            .. Fields.Keys.Union(other.Fields.Keys).Where(field => Fields.GetValueOrDefault(field) != other.Fields.GetValueOrDefault(field)).Select(field => $"field {field}"),
        ];
        return PersonalText.OneLine(string.Join(", ", changes), ReaderAct.MaxWords);
    }

    /// <summary>Whether the two say the same.</summary>
    public bool Says(Profile other) =>
        Address.Value == other.Address.Value && (Name, Language, TimeZone, Source, Since) == (other.Name, other.Language, other.TimeZone, other.Source, other.Since)
        && Fields.SequenceEqual(other.Fields) && Tags.SequenceEqual(other.Tags) && Topics.SequenceEqual(other.Topics) && TopicsLeft.SequenceEqual(other.TopicsLeft);
}

/// <summary>A person at an address, as the store has them.</summary>
/// <param name="Id">Number in the store.</param>
/// <param name="Profile">Null once erased.</param>
/// <param name="State">Standing.</param>
/// <param name="StateAt">Since when the standing holds.</param>
/// <param name="CreatedAt">Since when they are with us.</param>
public sealed record Subscriber(SubscriberId Id, Profile? Profile, SubscriptionState State, DateTimeOffset StateAt, DateTimeOffset CreatedAt)
{
    /// <summary>While paused: when it is over; null: when the reader says so.</summary>
    public DateTimeOffset? PausedUntil { get; init; }
}

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

    /// <summary>The address is one of ours, no reader's; nothing was added.</summary>
    public sealed record OfOurs : Addition;
}
