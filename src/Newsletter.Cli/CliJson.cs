using System.Text.Encodings.Web;
using System.Text.Json;

namespace Newsletter.Cli;

/// <summary>How results are written with <c>--json</c>: names in camel case, and letters of any script as they are.</summary>
internal static class CliJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
