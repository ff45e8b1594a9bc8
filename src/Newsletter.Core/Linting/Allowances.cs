using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>What an author allows, line by line: <c>&lt;!-- lint: allow link-here, word-twice --&gt;</c>, and in the front matter <c># lint: allow subject-long</c>.</summary>
/// <remarks>
/// A comment behind other text speaks for its own line; one that stands alone speaks for the next line that is not empty. What is found of the file as a
/// whole is allowed in the front matter. Errors of reading and rendering cannot be allowed: there something is lost or left out.
/// </remarks>
internal sealed partial class Allowances
{
    private readonly List<Allowance> _all = [];
    private ILookup<int, Allowance>? _byLine;

    private Allowances() { }

    public static Allowances Of(Issue issue)
    {
        var read = new Allowances();
        if (issue.FrontMatterText.Contains("lint:", StringComparison.Ordinal))
            read.Read(issue.FrontMatterText, 2, KeyComment());
        if (issue.Body.Contains("lint:", StringComparison.Ordinal))
            read.Read(issue.Body, issue.BodyLine, BodyComment());
        return read;
    }

    /// <summary>The problems that are left, and one for each allowance that nothing needed.</summary>
    public IEnumerable<IssueProblem> Apply(IEnumerable<IssueProblem> problems)
    {
        foreach (var problem in Left(problems))
            yield return problem;
        foreach (var allowance in _all)
            foreach (var code in allowance.Codes.Where(code => !LintCodes.Knows(code) || allowance.Unused.Contains(code) && !code.StartsWith("online-", StringComparison.Ordinal)))
                yield return Unneeded(allowance, code);
    }

    /// <summary>The problems that are left.</summary>
    public IReadOnlyList<IssueProblem> Left(IEnumerable<IssueProblem> problems)
    {
        _byLine = _all.ToLookup(allowance => allowance.Line);
        return [.. problems.Where(problem => !IsAllowed(problem))];
    }

    private bool IsAllowed(IssueProblem problem)
    {
        if (problem.Severity == Severity.Error && !LintCodes.IsOwn(problem.Code))
            return false;

        var isAllowed = false;
        foreach (var allowance in _byLine![problem.Line].Concat(problem.Line <= 1 ? _all.Where(allowance => allowance.IsForFile) : []))
            if (allowance.Codes.Contains(problem.Code))
            {
                allowance.Unused.Remove(problem.Code);
                isAllowed = true;
            }
        return isAllowed;
    }

    private static IssueProblem Unneeded(Allowance allowance, string code) => new(allowance.At, 1, Severity.Info,
        LintCodes.Knows(code) ? "allow-unused" : "allow-unknown",
        LintCodes.Knows(code) ? $"`{code}` is allowed here and not found" : $"`{code}` is no code",
        LintCodes.Of(LintCodes.Knows(code) ? "allow-unused" : "allow-unknown").Remedy);

    private void Read(string text, int firstLine, Regex comment)
    {
        var lines = text.Split('\n');
        var next = lines.Length; // the next line with text in it, seen from below
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            var matches = lines[i].Contains("lint:", StringComparison.Ordinal) ? comment.Matches(lines[i]).ToList() : [];
            var hasText = HasText(matches.Count > 0 ? comment.Replace(lines[i], "") : lines[i]);
            foreach (Match match in matches)
                _all.Add(new(firstLine + i, firstLine + (hasText ? i : next), firstLine == 2, [.. match.Groups["codes"].Value.ToLowerInvariant().Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct()]));
            if (hasText)
                next = i;
        }
    }

    // The marks of a quotation are none: a comment can stand alone in one.
    private static bool HasText(string line) => line.AsSpan().ContainsAnyExcept(" \t>");

    private sealed record Allowance(int At, int Line, bool IsForFile, IReadOnlyList<string> Codes)
    {
        public HashSet<string> Unused { get; } = [.. Codes];
    }

    [GeneratedRegex(@"<!--[ \t]*lint:[ \t]*allow[ \t]+(?<codes>[A-Za-z0-9-]+(?:[ \t]*,[ \t]*[A-Za-z0-9-]+)*)(?:(?!-->).){0,300}-->")]
    private static partial Regex BodyComment();

    [GeneratedRegex(@"(?:^|[ \t])#[ \t]*lint:[ \t]*allow[ \t]+(?<codes>[A-Za-z0-9-]+(?:[ \t]*,[ \t]*[A-Za-z0-9-]+)*)")]
    private static partial Regex KeyComment();
}
