using System.Buffers;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>The sentence that says how many jobs there are, and does not: "the full listing of jobs is on the job board".</summary>
internal static partial class JobsRules
{
    // Digits, and what is counted only when the letter is made.
    private static readonly SearchValues<char> Counts = SearchValues.Create($"0123456789{Passage.Thing}{Masked.Value}");

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        foreach (var passage in manuscript.Passages)
            foreach (Match match in Listing().Matches(passage.Text))
                if (!match.Groups["number"].ValueSpan.ContainsAny(Counts))
                    yield return manuscript.At(passage.Offset(match.Index), "jobs-number", $"`{Words.Short(match.Value)}` does not say how many");
    }

    [GeneratedRegex(@"\b(?:full |complete |whole |entire )?(?:listing|list|set) of (?<number>[^\s.]{0,12}\s{0,3})(?:open |new |current )?(?:jobs|positions|openings|vacancies)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Listing();
}
