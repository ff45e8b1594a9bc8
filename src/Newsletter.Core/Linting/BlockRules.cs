using System.Text.RegularExpressions;
using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Linting;

/// <summary>Lists, tables and line breaks that did not become what they were meant to be.</summary>
internal static partial class BlockRules
{
    public static IEnumerable<IssueProblem> Check(Manuscript manuscript) => manuscript.Passages.SelectMany(passage => Check(manuscript, passage)).Concat(Restarts(manuscript, manuscript.Tree));

    private static IEnumerable<IssueProblem> Check(Manuscript manuscript, Passage passage)
    {
        if (passage.Block is not ParagraphBlock)
            yield break;

        var lines = Lines(passage).ToList();
        var bars = lines.Where(line => Bars(line.Text)).ToList();
        if (bars.Count > 1 || lines.Exists(line => Rule().IsMatch(line.Text)) && lines.Count(line => line.Text.Contains('|', StringComparison.Ordinal)) > 1)
            yield return manuscript.At(passage.Offset(lines.First(line => line.Text.Contains('|', StringComparison.Ordinal)).Start), "table-broken", "lines with bars that are no table", lines.Exists(line => Rule().IsMatch(line.Text)) ? "give the line of dashes as many parts as the line above it has" : null);

        var marks = lines.Where(line => Unspaced().IsMatch(line.Text) && manuscript.Body[passage.Offset(line.Start)] == line.Text[0]).ToList();
        if (marks.Count > 1 || marks.Count == 1 && IsBesideList(passage.Block) && !Flag().IsMatch(marks[0].Text))
            foreach (var (start, text) in marks)
                yield return manuscript.At(passage.Offset(start), "list-space", $"`{Words.Short(text[..Math.Min(text.Length, 30)])}` is no list item without a blank");

        var bullets = lines.Where(line => Bullet().IsMatch(line.Text)).ToList();
        if (bullets.Count > 1)
            yield return manuscript.At(passage.Offset(bullets[0].Start), "list-space", $"`{bullets[0].Text[0]}` makes no list: its {bullets.Count} lines become one", "write `- ` in its place");

        foreach (var problem in Breaks(manuscript, passage))
            yield return problem;
    }

    // Two blanks at a line's end: seen by nobody who edits, shown to everyone who reads.
    private static IEnumerable<IssueProblem> Breaks(Manuscript manuscript, Passage passage)
    {
        for (var at = passage.Text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = passage.Text.IndexOf('\n', at + 1))
        {
            var end = passage.Offset(at);
            if (end >= 2 && end < manuscript.Body.Length && manuscript.Body[end] is '\n' or ' ')
                if (LineEnd(manuscript.Body, end) is var line && line >= 2 && manuscript.Body[line - 1] == ' ' && manuscript.Body[line - 2] == ' ' && at + 1 < passage.Text.Length)
                    yield return manuscript.At(line - 2, "break-hidden", "two blanks at the end of the line break it here");
        }
    }

    private static int LineEnd(string text, int from)
    {
        while (from < text.Length && text[from] == ' ')
            from++;
        return from < text.Length && text[from] == '\n' ? from : -1;
    }

    private static IEnumerable<(int Start, string Text)> Lines(Passage passage)
    {
        var start = 0;
        foreach (var line in passage.Text.Split('\n'))
        {
            yield return (start, line);
            start += line.Length + 1;
        }
    }

    private static bool Bars(string line) => line.Trim() is ['|', .., '|'] row && row.Length > 2;

    private static bool IsBesideList(Block block) =>
        block.Parent is { } parent && parent.IndexOf(block) is var at
        && (at > 0 && parent[at - 1] is ListBlock || at + 1 < parent.Count && parent[at + 1] is ListBlock || parent is ListItemBlock);

    /// <summary>Lists of one item each that all say 1: something between the items ended the list.</summary>
    private static IEnumerable<IssueProblem> Restarts(Manuscript manuscript, ContainerBlock within)
    {
        ListBlock? last = null;
        foreach (var block in within)
        {
            foreach (var problem in block is ContainerBlock inner ? Restarts(manuscript, inner) : [])
                yield return problem;
            if (block is HeadingBlock or ThematicBreakBlock or ListBlock { IsOrdered: false })
                last = null;
            if (block is not ListBlock { IsOrdered: true } list)
                continue;
            if (last is { Count: 1 } && list.Count == 1 && Starts(last) == Starts(list) && Starts(list) == 1)
                yield return manuscript.At(list.Span.Start, "list-restart", "the list begins with 1 again");
            last = list;
        }
    }

    private static int Starts(ListBlock list) => int.TryParse(list.OrderedStart, out var start) ? start : 1;

    [GeneratedRegex(@"^(?:[-+]\p{L}|[-+]\[|\*\[|\d{1,2}[.)](?:\p{Lu}\p{Ll}|\[))")]
    private static partial Regex Unspaced();

    // `-m` in a line that was broken before it.
    [GeneratedRegex(@"^-\p{Ll}(?: |\z)")]
    private static partial Regex Flag();

    // As word processors write them.
    [GeneratedRegex(@"^[•·▪◦‣●○] ?[^\s•·▪◦‣●○]")]
    private static partial Regex Bullet();

    // What would part a table's head from its rows.
    [GeneratedRegex(@"^\|?[ ]{0,9}:?-{2,99}:?[ ]{0,9}(?:\|[ ]{0,9}:?-{2,99}:?[ ]{0,9}){1,99}\|?[ ]{0,9}\z")]
    private static partial Regex Rule();
}
