using System.Text.Json;
using System.Text.Json.Nodes;

namespace Newsletter.Issues;

/// <summary>
/// The file <c>images.json</c> of a publication: what was once seen of images on the web, so that rendering needs no network.
/// <c>{ "https://example.org/a.png": { "width": 640, "height": 480, "bytes": 51234, "type": "image/png" } }</c>; a number that is not known is left out.
/// </summary>
public static class ImageRecords
{
    /// <summary>The file's name in the publication's folder.</summary>
    public const string FileName = "images.json";

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Facts by address. What is no record is left out; a text that is no such file at all gives none, for it is only a memory and can be made again.</summary>
    public static IReadOnlyDictionary<string, ImageFacts> Read(string json) => Records(json).Facts;

    /// <summary>Why a text is no such file, so that nobody writes over what a person may have meant; null where it is one.</summary>
    public static string? Fault(string json) => Records(json).Fault;

    /// <summary>The file's text, addresses in order, so that a change is a small one.</summary>
    public static string Write(IReadOnlyDictionary<string, ImageFacts> facts)
    {
        var records = new JsonObject();
        foreach (var (address, known) in facts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            records[address] = Record(known);
        return records.ToJsonString(Written) + "\n";
    }

    private static (IReadOnlyDictionary<string, ImageFacts> Facts, string? Fault) Records(string json)
    {
        var facts = new Dictionary<string, ImageFacts>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return (facts, "it is no list of addresses in braces");
            foreach (var record in document.RootElement.EnumerateObject().Where(record => record.Value.ValueKind == JsonValueKind.Object))
                facts[record.Name] = Facts(record.Value);
            return (facts, null);
        }
        catch (JsonException e)
        {
            return (new Dictionary<string, ImageFacts>(), $"line {e.LineNumber + 1} is no JSON");
        }
        catch (InvalidOperationException) // JSON may hold half of a surrogate pair (`\ud800`), which no text can
        {
            return (new Dictionary<string, ImageFacts>(), "a text in it is no Unicode");
        }
    }

    private static ImageFacts Facts(JsonElement record) => new()
    {
        Width = Positive(record, "width") is { } width and <= int.MaxValue ? (int)width : null,
        Height = Positive(record, "height") is { } height and <= int.MaxValue ? (int)height : null,
        Bytes = Positive(record, "bytes"),
        MediaType = record.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "",
    };

    private static long? Positive(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number > 0 ? number : null;

    private static JsonObject Record(ImageFacts known)
    {
        var record = new JsonObject();
        if (known.Width is { } width)
            record["width"] = width;
        if (known.Height is { } height)
            record["height"] = height;
        if (known.Bytes is { } bytes)
            record["bytes"] = bytes;
        if (known.MediaType.Length > 0)
            record["type"] = known.MediaType;
        return record;
    }
}
