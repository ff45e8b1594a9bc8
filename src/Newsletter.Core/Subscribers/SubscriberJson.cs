using System.Text.Encodings.Web;
using System.Text.Json;

namespace Newsletter.Subscribers;

/// <summary>Subscribers for machines: one JSON object a line.</summary>
public static class SubscriberJson
{
    /// <summary>Letters of all languages as they are; the text goes to a program, never into a page.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A subscriber's line, without its end. One who is erased has a number, a state and nothing else.</summary>
    public static string Line(Subscriber subscriber) => subscriber.Profile is not { } profile
        ? JsonSerializer.Serialize(new { id = subscriber.Id.Value, state = subscriber.State.Word(), stateSince = SubscriberCsv.WriteInstant(subscriber.StateAt) }, Json)
        : JsonSerializer.Serialize(new
        {
            id = subscriber.Id.Value,
            email = profile.Address.Value,
            name = profile.Name,
            state = subscriber.State.Word(),
            stateSince = SubscriberCsv.WriteInstant(subscriber.StateAt),
            since = SubscriberCsv.WriteInstant(subscriber.CreatedAt),
            language = profile.Language,
            timeZone = profile.TimeZone,
            topics = profile.Topics,
            tags = profile.Tags,
            source = profile.Source,
            fields = profile.Fields,
        }, Json);

    /// <summary>A line of somebody's history, without its end.</summary>
    public static string Line(HistoryLine line) => JsonSerializer.Serialize(new
    {
        at = SubscriberCsv.WriteInstant(line.Change.At),
        before = line.Before?.Word(),
        state = line.Change.To.Word(),
        reason = line.Change.Reason,
        actor = line.Change.Actor.ToString().ToLowerInvariant(),
        evidence = line.Change.Evidence,
        edition = line.Change.Edition?.Value,
        returnedMail = line.Change.ReturnedMail,
    }, Json);

    /// <summary>A tally's line, without its end.</summary>
    public static string Line(ImportTally tally) => JsonSerializer.Serialize(tally, Json);
}
