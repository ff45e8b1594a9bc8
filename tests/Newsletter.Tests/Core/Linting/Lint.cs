using System.Text;
using Newsletter.Composing;
using Newsletter.Issues;
using Newsletter.Linting;

namespace Newsletter.Tests.Core.Linting;

/// <summary>Issues written in a line or two, looked over.</summary>
internal static class Lint
{
    public const string Yaml = "title: \"#12 - 3 May 2026\"\nsubtitle: Bees\ndate: 2026-05-03";

    public static IReadOnlyList<IssueProblem> Check(string body, string yaml = Yaml, Surroundings? surroundings = null, string file = "0012.md", Theme? theme = null)
    {
        var reading = IssueFile.Read(file, Encoding.UTF8.GetBytes($"---\n{yaml}\n---\n{body}"));
        var rendered = Renderer.Render(reading.Issue!, Some.Publication(), theme ?? Theme.Default, surroundings ?? Surroundings.None);
        return Linter.Check(reading.Issue!, rendered with { Problems = [.. reading.Problems, .. rendered.Problems] }, Some.Publication(), theme ?? Theme.Default, surroundings ?? Surroundings.None);
    }

    public static IEnumerable<string> Codes(string body, string yaml = Yaml, Surroundings? surroundings = null, string file = "0012.md", Theme? theme = null) =>
        Check(body, yaml, surroundings, file, theme).Select(problem => problem.Code);
}
