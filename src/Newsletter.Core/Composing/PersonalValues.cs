namespace Newsletter.Composing;

/// <summary>What differs from reader to reader in a letter. The list is fixed: docs/personal-values.md.</summary>
/// <remarks>Name and fields come from strangers and may hold anything; <see cref="Template.Write"/> makes them harmless for each place.</remarks>
public sealed record PersonalValues
{
    private const string FieldPrefix = "subscriber.fields.";
    private static readonly Dictionary<string, string> NoFields = [];

    /// <summary><c>subscriber.name</c>: as the reader gave it; empty where none is known.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>subscriber.email</c>: the address as the reader typed it.</summary>
    public string Email { get; init; } = "";

    /// <summary><c>subscriber.fields.X</c>: columns of the list that have no meaning to us. Looked up as written, a missing one is empty.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = NoFields;

    /// <summary><c>unsubscribe_url</c>: the reader's own link (RFC 8058). Empty on the web page, where nobody is known.</summary>
    public string UnsubscribeUrl { get; init; } = "";

    /// <summary><c>preferences_url</c>: the reader's own page of choices; empty where there is none.</summary>
    public string PreferencesUrl { get; init; } = "";

    /// <summary>Of nobody: what a page that anyone may read shows.</summary>
    public static PersonalValues Nobody { get; } = new();

    /// <summary>Whether a template may use this name.</summary>
    public static bool Knows(string name) =>
        name is "subscriber.name" or "subscriber.email" or "unsubscribe_url" or "preferences_url"
        || name.StartsWith(FieldPrefix, StringComparison.Ordinal) && name.Length > FieldPrefix.Length;

    /// <summary>The value of a name; empty for a name without value or not on the list.</summary>
    public string Find(string name) => name switch
    {
        "subscriber.name" => Name,
        "subscriber.email" => Email,
        "unsubscribe_url" => UnsubscribeUrl,
        "preferences_url" => PreferencesUrl,
        _ when name.StartsWith(FieldPrefix, StringComparison.Ordinal) => Fields.GetValueOrDefault(name[FieldPrefix.Length..], ""),
        _ => "",
    };
}
