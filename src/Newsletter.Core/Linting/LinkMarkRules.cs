using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Marks of links that stay visible: a name that no line explains, an address in angle brackets with a blank, a size behind an image's address, brackets around an issue's number.</summary>
internal static partial class LinkMarkRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        foreach (var passage in manuscript.Passages)
        {
            foreach (Match match in Named().Matches(passage.Text).Where(match => IsWritten(manuscript, passage, match)))
                yield return manuscript.At(passage.Offset(match.Index), "marks-visible", $"no line says where `{Words.Short(match.Groups["name"].Value)}` leads, and `{Words.Short(match.Value)}` stays visible", "write [words](https://…), or a line `[name]: https://…`");
            foreach (Match match in Blank().Matches(passage.Text).Where(match => IsWritten(manuscript, passage, match)))
                yield return manuscript.At(passage.Offset(match.Index), "link-space", $"a blank in the address `{Words.Short(match.Value)}`: it stays visible and is no link");
            foreach (Match match in Size().Matches(passage.Text).Where(match => IsWritten(manuscript, passage, match)))
                yield return manuscript.At(passage.Offset(match.Index), "link-space", $"a size behind the address: `{Words.Short(match.Value)}` stays visible", "delete the size, or write the image as HTML with width=\"…\"");
            foreach (Match match in Number().Matches(passage.Text).Where(match => IsWritten(manuscript, passage, match) && IsOfAnIssue(manuscript, match)))
                yield return manuscript.At(passage.Offset(match.Index), "reference-form", $"`{Words.Short(match.Value)}` is no reference and stays visible", $"write [[#{NumberOf(match)}]], or [words](issue:{NumberOf(match)})");
        }
    }

    private static bool IsWritten(Manuscript manuscript, Passage passage, Match match) =>
        passage.Offset(match.Index) is var offset && manuscript.Body[offset] == match.Value[0] && (offset == 0 || manuscript.Body[offset - 1] != '\\');

    // `[[1]]` alone can be anything, such as a matrix.
    private static bool IsOfAnIssue(Manuscript manuscript, Match match) =>
        match.Groups["mark"].Success || int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && manuscript.Surroundings.Issues.ContainsKey(number);

    private static string NumberOf(Match match) => match.Groups["number"].Success ? match.Groups["number"].Value : "NUMBER";

    // `[words][name]`; not `a[i][j]`, `[…][sic]` and `[1][2]`.
    [GeneratedRegex(@"(?<![\w\])}])\[(?=[^\]\n]*[A-Za-z]{2})[^\[\]\n^][^\[\]\n]{1,80}\]\[(?!sic\])(?<name>[A-Za-z][A-Za-z0-9 _.-]{1,40})\]")]
    private static partial Regex Named();

    [GeneratedRegex(@"<https?://[^\s<>]{1,200} [^<>\n]{0,200}>", RegexOptions.IgnoreCase)]
    private static partial Regex Blank();

    [GeneratedRegex(@"!\[[^\[\]\n]{0,200}\]\([^\s()]{1,500} +=\d{0,5}x\d{0,5}\)")]
    private static partial Regex Size();

    [GeneratedRegex(@"\[\[\s*(?:(?<mark>#)(?<number>\d{1,5})\s*\|[^\]\n]{0,80}|(?<mark>issue)(?:\s*:)?\s*#?(?<number>\d{1,5})[^\]\n]{0,80}|(?<number>\d{1,5})|(?<mark>#)[A-Za-z][^\]\n]{0,40})\s*\]\]", RegexOptions.IgnoreCase)]
    private static partial Regex Number();
}
