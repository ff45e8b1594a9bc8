using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>The finished HTML against what Gmail shows of it: 102 KB, behind which the rest is cut, the unsubscribe link with it.</summary>
internal static partial class SizeRules
{
    private const int Clipped = 102 * 1024;
    private const int Near = 90 * 1024;
    private const int MostStyle = 16 * 1024;

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var bytes = Encoding.UTF8.GetByteCount(manuscript.LetterHtml);
        if (bytes > Near)
            yield return Manuscript.Whole(bytes > Clipped ? "size-clipped" : "size-near", $"the letter's HTML has {Kilobytes(bytes)}; Gmail cuts behind 102 KB. {Takers(manuscript.LetterHtml)}");
        if (Style().Matches(manuscript.LetterHtml).Sum(match => match.Length) is > MostStyle and var style)
            yield return Manuscript.Whole("size-style", $"style sheets of {Kilobytes(style)} stay in the letter; Gmail drops what is beyond 16 KB");
    }

    /// <summary>What takes the room, the largest first.</summary>
    private static string Takers(string html)
    {
        var parts = Sections(html)
            .Append(("the styles on elements", StyleAttribute().Matches(html).Sum(match => match.Length)))
            .Append(("the addresses of links and images", Address().Matches(html).Sum(match => match.Length)))
            .Append(("style sheets", Style().Matches(html).Sum(match => match.Length)));
        return $"Most of it: {string.Join(", ", parts.OrderByDescending(part => part.Item2).Take(5).Select(part => $"{part.Item1} {Kilobytes(part.Item2)}"))}";
    }

    private static IEnumerable<(string, int)> Sections(string html)
    {
        var headings = Heading().Matches(html);
        for (var i = 0; i < headings.Count; i++)
        {
            var end = i + 1 < headings.Count ? headings[i + 1].Index : html.Length;
            var name = WebUtility.HtmlDecode(Tag().Replace(headings[i].Groups[1].Value, "")).Trim();
            yield return ($"the part \"{Words.Short(name)}\"", Encoding.UTF8.GetByteCount(html.AsSpan(headings[i].Index, end - headings[i].Index)));
        }
    }

    private static string Kilobytes(int bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB");

    [GeneratedRegex(@"<h[1-6]\b[^>]*>([^<]*(?:<(?!/?h[1-6]\b)[^<]*)*)</h[1-6]>", RegexOptions.IgnoreCase)]
    private static partial Regex Heading();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"<style\b[^>]*>[^<]*</style>", RegexOptions.IgnoreCase)]
    private static partial Regex Style();

    [GeneratedRegex("\\sstyle=\"[^\"]*\"", RegexOptions.IgnoreCase)]
    private static partial Regex StyleAttribute();

    [GeneratedRegex("\\s(?:href|src)=\"[^\"]*\"", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
