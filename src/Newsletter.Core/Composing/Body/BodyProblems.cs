using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>A place in the issue's file, both from 1.</summary>
internal readonly record struct Spot(int Line, int Column);

/// <summary>Problems found in the Markdown tree, said in lines of the file.</summary>
/// <param name="lines">For each line that Markdown saw, the line of the file it came from.</param>
/// <param name="into">Where they go; each is kept once, though mail and page are read from the same text.</param>
internal sealed class BodyProblems(IReadOnlyList<int> lines, ICollection<IssueProblem> into)
{
    // Nobody mends more at a time, and a hostile file could name one a tag.
    private const int MostProblems = 200;

    public Spot At(MarkdownObject node, int offset = 0)
    {
        var line = node.Line;
        if (offset > 0 && node is LeafBlock { Lines.Lines: not null } leaf)
            for (var i = 0; i < leaf.Lines.Count && offset > leaf.Lines.Lines[i].Slice.Length; i++, line++)
                offset -= leaf.Lines.Lines[i].Slice.Length + 1;
        return new(lines.Count == 0 ? 1 : lines[Math.Clamp(line, 0, lines.Count - 1)], (offset > 0 ? offset : node.Column) + 1);
    }

    public void Add(Spot spot, Severity severity, string code, string message, string hint)
    {
        var problem = new IssueProblem(spot.Line, spot.Column, severity, code, message, hint);
        if (into.Count < MostProblems && !into.Contains(problem))
            into.Add(problem);
    }
}
