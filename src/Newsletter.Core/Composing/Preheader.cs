using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>The words that mail programs show behind the subject. They show 40 to 110 characters; what the author wrote for it stays as it is, what stands in for it is cut.</summary>
internal static partial class Preheader
{
    private const int Most = 110;
    private const int Least = 40;

    /// <summary>The key <c>preheader</c>; else the beginning of the subtitle; else that of the first paragraph that says something.</summary>
    /// <param name="issue">May lack both keys.</param>
    /// <param name="body">The issue's text as HTML.</param>
    /// <param name="placeholders">A paragraph with a personal value in it does not stand in: the subject's neighbour is no place for "Hello".</param>
    public static string Of(Issue issue, string body, Placeholders placeholders)
    {
        if (issue.FrontMatter["preheader"] is { Text.Length: > 0 } || issue.Preheader.Contains('{', StringComparison.Ordinal))
            return issue.Preheader;
        return Cut(issue.Preheader.Length > 0 ? issue.Preheader : FirstWords(body, placeholders));
    }

    private static string FirstWords(string body, Placeholders placeholders) =>
        new HtmlParser().ParseDocument(body).QuerySelectorAll("p")
            .Select(paragraph => Blanks().Replace(paragraph.TextContent, " ").Trim())
            .FirstOrDefault(text => text.Length >= Least && !placeholders.Pattern.IsMatch(text) && !text.Contains('{', StringComparison.Ordinal)) ?? "";

    private static string Cut(string text)
    {
        if (text.Length <= Most)
            return text;

        var head = text[..Most];
        var end = head.LastIndexOf("; ", StringComparison.Ordinal) is >= Least and var clause ? clause : head.LastIndexOf(' ');
        if (end < Least)
            end = char.IsHighSurrogate(head[^1]) ? Most - 1 : Most; // a script without blanks
        return head[..end].TrimEnd(' ', ',', ';', ':', '-', '–', '—', '.') + " …";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
