using System.Text.Encodings.Web;
using System.Text.Json;

namespace Newsletter.Subscribers;

/// <summary>Subscribers for machines: one JSON object a line.</summary>
public static class SubscriberJson
{
    /// <summary>Letters of all languages as they are; the text goes to a program, never into a page.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A subscriber's line, without its end. One who is erased has a number, a state and nothing else.</summary>
    public static string Line(Subscriber subscriber) => JsonSerializer.Serialize(Shape(subscriber), Json);

    /// <summary>A subscriber with all that happened to their standing, as one line without its end.</summary>
    /// <param name="subscriber">Who.</param>
    /// <param name="suppression">Why they get no mail whoever asks; null: they may get some.</param>
    /// <param name="history">What happened to their standing.</param>
    /// <param name="bounces">What came back of them, in its own shape; null: not asked for.</param>
    /// <param name="acts">What they did on pages of their own; null: not asked for.</param>
    /// <param name="consents">What they agreed to at forms; null: not asked for.</param>
    /// <param name="notes">What the house wrote down about them, in its own shape; null: not asked for.</param>
    public static string Line(Subscriber subscriber, Suppression? suppression, IEnumerable<HistoryLine> history, object? bounces = null, IEnumerable<ReaderAct>? acts = null, IEnumerable<Consent>? consents = null, object? notes = null) => JsonSerializer.Serialize(new
    {
        subscriber = Shape(subscriber),
        suppression = suppression is null ? null : new
        {
            reason = suppression.Reason.ToString().ToLowerInvariant(),
            at = SubscriberCsv.WriteInstant(suppression.At),
            actor = suppression.Actor.ToString().ToLowerInvariant(),
            evidence = suppression.Evidence,
        },
        history = history.Select(Shape),
        bounces,
        consents = consents?.Select(Shape),
        acts = acts?.Select(act => new { at = SubscriberCsv.WriteInstant(act.At), act = act.Act, words = act.Words, evidence = act.Evidence, edition = act.Edition?.Value }),
        notes,
    }, Json);

    /// <summary>A tally's line, without its end.</summary>
    public static string Line(ImportTally tally) => JsonSerializer.Serialize(tally, Json);

    private static object Shape(Subscriber subscriber) => subscriber.Profile is not { } profile
        ? new { id = subscriber.Id.Value, state = subscriber.State.Word(), stateSince = SubscriberCsv.WriteInstant(subscriber.StateAt) }
        : new
        {
            id = subscriber.Id.Value,
            email = profile.Address.Value,
            name = profile.Name,
            state = subscriber.State.Word(),
            stateSince = SubscriberCsv.WriteInstant(subscriber.StateAt),
            pausedUntil = subscriber.PausedUntil is { } until ? SubscriberCsv.WriteInstant(until) : null,
            since = SubscriberCsv.WriteInstant(subscriber.CreatedAt),
            language = profile.Language,
            timeZone = profile.TimeZone,
            topics = profile.Topics,
            topicsLeft = profile.TopicsLeft,
            tags = profile.Tags,
            source = profile.Source,
            fields = profile.Fields,
        };

    private static object Shape(Consent consent) => new
    {
        signUp = consent.SignUp,
        address = consent.Address,
        form = consent.Wording.Form,
        wording = new { hash = consent.Wording.Hash, language = consent.Wording.Language, text = consent.Wording.Text, since = SubscriberCsv.WriteInstant(consent.FirstAt) },
        state = consent.State.ToString().ToLowerInvariant(),
        topics = consent.Topics,
        asked = new { at = SubscriberCsv.WriteInstant(consent.AskedAt), from = consent.AskedFrom, agent = consent.AskedAgent },
        mails = consent.Mails,
        confirmed = consent.ConfirmedAt is not { } at ? null : new { at = SubscriberCsv.WriteInstant(at), from = consent.ConfirmedFrom, agent = consent.ConfirmedAgent },
    };

    private static object Shape(HistoryLine line) => new
    {
        at = SubscriberCsv.WriteInstant(line.Change.At),
        before = line.Before?.Word(),
        state = line.Change.To.Word(),
        reason = line.Change.Reason,
        actor = line.Change.Actor.ToString().ToLowerInvariant(),
        evidence = line.Change.Evidence,
        edition = line.Change.Edition?.Value,
        returnedMail = line.Change.ReturnedMail,
        incident = line.Change.Incident,
    };
}
