using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Gives a person everything that is kept about them.</summary>
public sealed class PersonalData(PersonalDataStore store, Acts acts, TimeProvider time)
{
    /// <summary>Letters of all languages as they are, what a page would take for markup not: a browser may be what shows it.</summary>
    private static readonly JsonWriterOptions Form = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Octets that are written before they are handed on.</summary>
    private const int Piece = 64 * 1024;

    /// <summary>Writes one JSON document (UTF-8) with everything that is kept about one person, and first the line of it in the audit log.</summary>
    /// <remarks>
    /// The names in it: <c>made</c> (when) and <c>address</c>; then, each a list of objects: <c>subscriber</c> (address, name, fields, tags, topics, language, time zone, how and when they came, standing),
    /// <c>history</c> (each change of standing with its evidence: network address and agent, words of servers), <c>changesByLists</c> (what imports changed), <c>suppressions</c>, <c>signUps</c> (each wish, from where, with which words, when confirmed), <c>acts</c> and <c>mailsAskedFor</c> (on their own pages), <c>notes</c> (of the house, about them), <c>deliveries</c> (what was sent, when, with
    /// what reply), <c>deliveriesKeptAsCounts</c> (old editions that they got, of which only that is kept), <c>attempts</c>, <c>bounces</c>, <c>risks</c>, <c>probes</c>, <c>farewells</c>, <c>conversations</c>,
    /// <c>repliesReceived</c> and <c>answersSent</c> (with their words), <c>mails</c> (that came from them, for them or about them, with their bytes in base64 and what they were read as) and <c>mailsAsReadBefore</c>. Parts
    /// of other rooms are added by <c>PersonalPart</c>. Instants are as in ISO 8601, in UTC; ids are numbers of the database. Mails in their conversations that others wrote are in it.
    /// </remarks>
    /// <param name="address">Whose: a subscriber's, or of somebody who only wrote to us.</param>
    /// <param name="to">Written to in pieces, never read or sought; memory holds one mail at most.</param>
    /// <param name="by">Who has asked for it: <see cref="Performer.Reader"/> where they did themselves; null: whoever acts here.</param>
    /// <param name="ct">Stops in the middle.</param>
    /// <returns>False where nothing is kept about the address, and nothing was written. (Of an erased person a keyed hash is, which tells nobody anything.)</returns>
    public async Task<bool> WriteAsync(EmailAddress address, Stream to, Performer? by, CancellationToken ct)
    {
        var owner = await store.FindAsync(address, ct);
        if (!owner.IsKnown)
            return false;
        acts.Are(by ?? acts.By);
        await acts.NoteAsync(owner.Subscriber is { } subscriber ? new("subscribers data", subscriber) : new("subscribers data", acts.Subject(address)), ct);
        await using var json = new Utf8JsonWriter(to, Form);
        json.WriteStartObject();
        json.WriteString("made", Text(time.GetUtcNow()));
        json.WriteString("address", address.Value);
        foreach (var (part, rows) in store.Read(owner, ct))
        {
            json.WriteStartArray(part);
            await foreach (var row in rows)
            {
                Write(json, row);
                if (json.BytesPending > Piece)
                    await json.FlushAsync(ct);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        await json.FlushAsync(ct);
        return true;
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> row)
    {
        json.WriteStartObject();
        foreach (var (name, value) in row)
        {
            json.WritePropertyName(name);
            switch (value)
            {
                case null: json.WriteNullValue(); break;
                case DateTimeOffset instant: json.WriteStringValue(Text(instant)); break;
                case byte[] octets: json.WriteBase64StringValue(octets); break;
                case JsonNode node: node.WriteTo(json); break;
                case string text: json.WriteStringValue(text); break;
                default: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            }
        }
        json.WriteEndObject();
    }

    private static string Text(DateTimeOffset instant) => SubscriberCsv.WriteInstant(instant);
}
