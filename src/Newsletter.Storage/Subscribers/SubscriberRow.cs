using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A row of <c>subscribers</c>, and the two ways between it and a <see cref="Subscriber"/>.</summary>
internal sealed record SubscriberRow
{
    public const string Columns = "id, address, name, fields, tags, topics, topics_left, language, time_zone, source, state, state_at, created_at, paused_until, import_id";

    /// <summary>Letters of all languages as they are: the text stays in a column, never in a page.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required long Id { get; init; }
    public required string Address { get; init; }
    public required string Name { get; init; }
    public required string Fields { get; init; }
    public required string Tags { get; init; }
    public required string Topics { get; init; }
    public required string TopicsLeft { get; init; }
    public required string Language { get; init; }
    public required string TimeZone { get; init; }
    public required string Source { get; init; }
    public required string State { get; init; }
    public required long StateAt { get; init; }
    public required long CreatedAt { get; init; }
    public long? PausedUntil { get; init; }

    /// <summary>The list that added them; null: none did.</summary>
    public long? ImportId { get; init; }

    public Subscriber ToSubscriber() => new(
        new SubscriberId(Id),
        EmailAddress.Read(Address) is { } address
            ? new Profile(address)
            {
                Name = Name,
                Fields = Dictionary(Fields),
                Tags = List(Tags),
                Topics = List(Topics),
                TopicsLeft = List(TopicsLeft),
                Language = Language,
                TimeZone = TimeZone,
                Source = Source,
                Since = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            }
            : null,
        SubscriptionStates.Read(State)!.Value,
        DateTimeOffset.FromUnixTimeMilliseconds(StateAt),
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt)) { PausedUntil = PausedUntil.Instant() };

    public static string Text(IReadOnlyDictionary<string, string> fields) => fields.Count == 0 ? "{}"
        : fields.All(field => IsPlain(field.Key) && IsPlain(field.Value)) ? $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":\"{field.Value}\""))}}}"
        : JsonSerializer.Serialize(fields, Json);

    public static string Text(IReadOnlyList<string> list) => list.Count == 0 ? "[]"
        : list.All(IsPlain) ? $"[\"{string.Join("\",\"", list)}\"]"
        : JsonSerializer.Serialize(list, Json);

    /// <summary>Whether a text is its own JSON: asked for millions of times by a long list.</summary>
    private static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.AsSpan().ContainsAny('"', '\\');

    /// <summary>What may change of a person, as JSON with the columns' names: what a list's change was, and is made of.</summary>
    public static string Facts(Profile profile) => JsonSerializer.Serialize(new
    {
        name = profile.Name,
        fields = Text(profile.Fields),
        tags = Text(profile.Tags),
        language = profile.Language,
        time_zone = profile.TimeZone,
    }, Json);

    /// <summary>Writes facts of many.</summary>
    public static Task UpdateAsync(Database database, DbTransaction transaction, IEnumerable<(long Id, string Facts)> people) => transaction.Connection!.ExecuteAsync($"""
        update subscribers
        set name = r.value ->> 'name', fields = r.value ->> 'fields', tags = r.value ->> 'tags', language = r.value ->> 'language', time_zone = r.value ->> 'time_zone'
        from {database.Elements("@rows")}
        where subscribers.id = cast(r.value ->> 'id' as bigint)
        """, new { rows = $"[{string.Join(',', people.Select(person => $$"""{"id":{{person.Id}},{{person.Facts[1..]}}"""))}]" }, transaction);

    public static SortedDictionary<string, string> Dictionary(string text) => JsonSerializer.Deserialize<SortedDictionary<string, string>>(text)!;

    public static List<string> List(string text) => text == "[]" ? [] : JsonSerializer.Deserialize<List<string>>(text)!;
}
