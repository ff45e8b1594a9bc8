using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newsletter.Issues;

namespace Newsletter.Cli;

/// <summary>Findings as every command shows them: <c>file:line:col: severity code message (remedy)</c>.</summary>
internal static class Findings
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter to, string file, IEnumerable<IssueProblem> problems)
    {
        foreach (var problem in problems)
            to.WriteLine(Plain.Line($"{file}:{problem}"));
    }

    /// <summary>One object a line.</summary>
    public static void WriteJson(TextWriter to, string file, IEnumerable<IssueProblem> problems)
    {
        foreach (var problem in problems)
            to.WriteLine(new JsonObject
            {
                ["file"] = file,
                ["line"] = problem.Line,
                ["column"] = problem.Column,
                ["severity"] = problem.Severity.ToString().ToLowerInvariant(),
                ["code"] = problem.Code,
                ["message"] = problem.Message,
                ["remedy"] = problem.Hint,
            }.ToJsonString(Json));
    }
}
