using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Newsletter.Classifying;

/// <summary>Reads JSON that anyone may have written: any bytes give a document or none, and any member of it a value or none; nothing throws.</summary>
internal static class EventJson
{
    private const int MaxText = 8_000;

    /// <summary>The first JSON value of some bytes; what stands behind it is not looked at. Null where there is none, or one nested too deep.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> json, int maxDepth = 32)
    {
        try
        {
            var reader = new Utf8JsonReader(Sound(json.Span), new JsonReaderOptions { MaxDepth = maxDepth });
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text or number below an object, as text of at most 8,000 characters; empty where it is not there or of another kind.</summary>
    public static string Text(this JsonElement of, params ReadOnlySpan<string> path) => of.Find(path) is { } found ? Short(found) : "";

    /// <summary>Whether a member is <c>true</c>.</summary>
    public static bool IsTrue(this JsonElement of, params ReadOnlySpan<string> path) => of.Find(path) is { ValueKind: JsonValueKind.True };

    /// <summary>An object below an object; null where there is none.</summary>
    public static JsonElement? Part(this JsonElement of, params ReadOnlySpan<string> path) => of.Find(path) is { ValueKind: JsonValueKind.Object } found ? found : null;

    /// <summary>The members of an array below an object, at most so many; none where there is no array.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement of, string name, int most) =>
        of.Find(name) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray().Take(most) : [];

    /// <summary>A text or number as text; empty for anything else.</summary>
    public static string Short(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };
        return text.Length <= MaxText ? text : text[..MaxText];
    }

    private static JsonElement? Find(this JsonElement of, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            if (of.ValueKind is not JsonValueKind.Object || !of.TryGetProperty(name, out of))
                return null;
        return of;
    }

    /// <summary>The bytes as .NET can read them: it throws on text that is no UTF-8 and on half of a surrogate pair, but only when the text is asked for.</summary>
    private static ReadOnlySpan<byte> Sound(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        if (!Utf8.IsValid(json))
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        return json.IndexOf("\\u"u8) < 0 ? json : WithoutHalves(json.ToArray());
    }

    /// <summary><c>\ud83d</c> without its other half becomes <c>\ufffd</c>.</summary>
    private static byte[] WithoutHalves(byte[] json)
    {
        for (var at = 0; at < json.Length - 1; at++)
        {
            if (json[at] != '\\' || json[++at] != 'u' || Unit(json, at + 1) is not { } unit || !char.IsSurrogate(unit))
                continue;
            if (char.IsHighSurrogate(unit) && at + 6 < json.Length && json[at + 5] == '\\' && json[at + 6] == 'u' && Unit(json, at + 7) is { } next && char.IsLowSurrogate(next))
                at += 10;
            else
                "fffd"u8.CopyTo(json.AsSpan(at + 1));
        }
        return json;
    }

    private static char? Unit(byte[] json, int at) =>
        at + 4 <= json.Length && ushort.TryParse(json.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;
}
