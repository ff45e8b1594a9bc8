using System.Text.RegularExpressions;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>What makes text vanish, or turns it to something else to the end of the issue: an open comment, an open fence, four blanks, a row with more cells than its table.</summary>
internal static partial class SwallowRules
{
    /// <summary>Of an issue alone: a text that it uses may be empty.</summary>
    public static IEnumerable<IssueProblem> Nothing(Manuscript manuscript) =>
        manuscript.Body.AsSpan().Trim().IsEmpty ? [Manuscript.Whole("body-empty", "the issue has no text")] : [];

    public static IEnumerable<IssueProblem> Check(Manuscript manuscript)
    {
        var end = manuscript.Body.AsSpan().TrimEnd().Length;
        foreach (var block in manuscript.Tree.Descendants())
            if (block is HtmlBlock html && OpenComment(manuscript.Body, html) is { } open)
                yield return manuscript.Body.AsSpan(open).Contains("-->", StringComparison.Ordinal)
                    ? manuscript.At(open, "comment-open", "an empty line ends the HTML in which the comment stands, and what follows is shown", "take the empty line out of the comment")
                    : manuscript.At(open, "comment-open", "a comment without its end swallows all that stands behind it");
            else if (block is FencedCodeBlock code && EndOfCode(manuscript.Body, code) >= end)
                yield return manuscript.At(code.Span.Start, "fence-open", "a block of code without its end holds the rest of the issue");
            else if (block is CodeBlock and not FencedCodeBlock && Prose().IsMatch(((CodeBlock)block).Lines.ToString()))
                yield return manuscript.At(block.Span.Start, "code-prose", "four blanks before the paragraph turn it to code");
            else if (block is Table table)
                foreach (var problem in Rows(manuscript, table))
                    yield return problem;
    }

    private static int? OpenComment(string body, HtmlBlock html)
    {
        var text = body.AsSpan(html.Span.Start, Math.Min(body.Length, html.Span.End + 1) - html.Span.Start);
        var open = text.LastIndexOf("<!--", StringComparison.Ordinal);
        return open >= 0 && !text[open..].Contains("-->", StringComparison.Ordinal) ? html.Span.Start + open : null;
    }

    // Behind its last line, before the marks that close it.
    private static int EndOfCode(string body, FencedCodeBlock code) =>
        code.Lines.Count > 0 ? code.Lines.Lines[code.Lines.Count - 1].Slice.End + 1 : body.IndexOf('\n', code.Span.Start) is >= 0 and var line ? line : body.Length;

    private static IEnumerable<IssueProblem> Rows(Manuscript manuscript, Table table)
    {
        if (table.FirstOrDefault() is not TableRow head)
            yield break;
        foreach (var row in table.OfType<TableRow>().Skip(1))
            if (Surplus(manuscript.Body, row.Span.Start, head.Count) is { } lost)
                yield return manuscript.At(lost, "table-cells", $"the row has more cells than its table has columns ({head.Count}): what stands from here on is left out");
    }

    // A bar within code parts cells as well (GFM, Tables): only a backslash before it hides it.
    private static int? Surplus(string body, int start, int columns)
    {
        var end = body.IndexOf('\n', start) is >= 0 and var found ? found : body.Length;
        var cell = 0;
        for (var i = start + (body[start] == '|' ? 1 : 0); i < end; i++)
            if (body[i] == '\\')
                i++;
            else if (body[i] == '|' && ++cell == columns && !body.AsSpan(i + 1, end - i - 1).Trim(" \t\r|").IsEmpty)
                return i + 1 + body.AsSpan(i + 1, end - i - 1).IndexOfAnyExcept(' ');
        return null;
    }

    // A sentence: six words or more, letters and the marks of sentences alone.
    [GeneratedRegex(@"\A\p{Lu}[\p{L}'’-]*,?(?:\s+[\p{L}\d'’“”""-]+[,;:]?){5,}[.!?]\s*\z")]
    private static partial Regex Prose();
}
