using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>A place in the issue's file, both from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
/// <param name="Within">Where the text of a snippet is meant that was used at this place: said before the message.</param>
internal readonly record struct Spot(int Line, int Column, string Within = "");

/// <summary>Problems found in the Markdown tree, said in lines of the file.</summary>
/// <param name="lines">For each line that Markdown saw, the line of the file it came from.</param>
/// <param name="into">Where they go; each is kept once, though mail and page are read from the same text.</param>
internal sealed class BodyProblems(IReadOnlyList<int> lines, ICollection<IssueProblem> into)
{
    // Nobody mends more at a time, and a hostile file could name one a tag.
    private const int MostProblems = 200;

    // Lines of snippets, behind all lines of the issue: where each was used, and which it is in the snippet's file.
    private readonly List<Spot> _borrowed = [];

    public Spot At(MarkdownObject node, int offset = 0)
    {
        var line = node.Line;
        if (offset > 0 && node is LeafBlock { Lines.Lines: not null } leaf)
            for (var i = 0; i < leaf.Lines.Count && offset > leaf.Lines.Lines[i].Slice.Length; i++, line++)
                offset -= leaf.Lines.Lines[i].Slice.Length + 1;
        if (line >= lines.Count && _borrowed.Count > 0)
            return _borrowed[Math.Min(line - lines.Count, _borrowed.Count - 1)];
        return new(lines.Count == 0 ? 1 : lines[Math.Clamp(line, 0, lines.Count - 1)], (offset > 0 ? offset : node.Column) + 1);
    }

    /// <summary>Makes room for a snippet's lines: problems in them are said at the place that uses it.</summary>
    /// <param name="name">The snippet's.</param>
    /// <param name="count">How many lines it has.</param>
    /// <param name="use">The place that uses it.</param>
    /// <returns>What is to be added to the number of a line of the snippet.</returns>
    public int Borrow(string name, int count, Spot use)
    {
        var first = lines.Count + _borrowed.Count;
        for (var i = 1; i <= count; i++)
            _borrowed.Add(use with { Within = $"snippets/{name}.md:{i}: " });
        return first;
    }

    public void Add(Spot spot, Severity severity, string code, string message, string hint)
    {
        var problem = new IssueProblem(spot.Line, spot.Column, severity, code, spot.Within + message, hint);
        if (into.Count < MostProblems && !into.Contains(problem))
            into.Add(problem);
    }
}
