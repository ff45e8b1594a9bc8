using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>What is wrong in a file of a theme: told with every issue that uses the theme, at no line of the issue's own.</summary>
internal static class ThemeProblem
{
    /// <param name="file">The theme's file.</param>
    /// <param name="problem">With line and column in that file.</param>
    public static IssueProblem At(string file, IssueProblem problem) => problem with
    {
        Line = 0,
        Column = 0,
        Code = problem.Code.StartsWith("theme-", StringComparison.Ordinal) ? problem.Code : $"theme-{problem.Code}",
        Message = $"{file}:{problem.Line}:{problem.Column}: {problem.Message}",
    };
}
