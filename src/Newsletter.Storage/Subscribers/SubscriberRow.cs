using System.Text.Encodings.Web;
using System.Text.Json;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A row of <c>subscribers</c>, and the two ways between it and a <see cref="Subscriber"/>.</summary>
internal sealed record SubscriberRow
{
    public const string Columns = "id, address, name, fields, tags, topics, topics_left, language, time_zone, source, state, state_at, created_at, paused_until";

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

    public static string Text(IReadOnlyDictionary<string, string> fields) => fields.Count == 0 ? "{}" : JsonSerializer.Serialize(fields, Json);

    public static string Text(IReadOnlyList<string> list) => list.Count == 0 ? "[]" : JsonSerializer.Serialize(list, Json);

    public static SortedDictionary<string, string> Dictionary(string text) => JsonSerializer.Deserialize<SortedDictionary<string, string>>(text)!;

    public static List<string> List(string text) => text == "[]" ? [] : JsonSerializer.Deserialize<List<string>>(text)!;
}
