using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>A place in the issue's file, both from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
/// <param name="Within">Where another file is meant (a snippet, a list) that is used at this place: said before the message.</param>
internal readonly record struct Spot(int Line, int Column, string Within = "")
{
    /// <summary>A line of another file that is used at this place.</summary>
    public Spot In(string file, int line) => this with { Within = $"{file}:{line}: " };
}

/// <summary>Problems found in the Markdown tree, said in lines of the file.</summary>
/// <param name="lines">For each line that Markdown saw, the line of the file it came from.</param>
/// <param name="into">Where they go; each is kept once, though mail and page are read from the same text.</param>
internal sealed class BodyProblems(IReadOnlyList<int> lines, ICollection<IssueProblem> into)
{
    // Nobody mends more at a time, and a hostile file could name one a tag.
    private const int MostProblems = 200;

    // Lines of snippets and forms, behind all lines of the issue: where each was used, and which it is in the snippet's file.
    private readonly List<Spot> _borrowed = [];

    public Spot At(MarkdownObject node) => Of(node.Line, node.Column);

    /// <summary>The places of a block's text, by offset in it.</summary>
    public Func<int, Spot> Within(LeafBlock block)
    {
        var starts = new int[Math.Max(1, block.Lines.Count)];
        for (var i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + block.Lines.Lines[i - 1].Slice.Length + 1;
        return offset =>
        {
            var found = Array.BinarySearch(starts, offset);
            var line = found >= 0 ? found : ~found - 1;
            return Of(block.Line + line, offset > starts[line] ? offset - starts[line] : block.Column);
        };
    }

    private Spot Of(int line, int column)
    {
        if (line >= lines.Count && _borrowed.Count > 0)
            return _borrowed[Math.Min(line - lines.Count, _borrowed.Count - 1)];
        return new(lines.Count == 0 ? 1 : lines[Math.Clamp(line, 0, lines.Count - 1)], column + 1);
    }

    /// <summary>Makes room for the lines of another file: problems in them are said at the place that uses it.</summary>
    /// <param name="file">Its name, such as <c>snippets/about.md</c>.</param>
    /// <param name="count">How many lines it has.</param>
    /// <param name="use">The place that uses it.</param>
    /// <returns>What is to be added to the number of one of its lines, from 0.</returns>
    public int Borrow(string file, int count, Spot use)
    {
        var first = lines.Count + _borrowed.Count;
        for (var i = 1; i <= count; i++)
            _borrowed.Add(use.In(file, i));
        return first;
    }

    /// <summary>Adds what was found in another file, each at the spot for its line there.</summary>
    public void AddAll(IEnumerable<IssueProblem> found, Func<int, Spot> at)
    {
        foreach (var problem in found)
            Add(at(problem.Line), problem.Severity, problem.Code, problem.Message, problem.Hint);
    }

    public void Add(Spot spot, Severity severity, string code, string message, string hint)
    {
        var problem = new IssueProblem(spot.Line, spot.Column, severity, code, spot.Within + message, hint);
        if (into.Count < MostProblems && !into.Contains(problem))
            into.Add(problem);
    }
}
