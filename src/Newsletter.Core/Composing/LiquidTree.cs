using System.Globalization;
using System.Text;
using Newsletter.Issues;

namespace Newsletter.Composing;

/// <summary>From the flat pieces of a source to the segments of a template.</summary>
internal sealed class LiquidTree
{
    private const int MaxDepth = 20;

    // Of all values that are the same for all readers, in one text: a long title used a thousand times would be gigabytes.
    private const int MostSigns = 2 * IssueFile.MaxBytes;

    private readonly Constants _constants;
    private readonly ICollection<IssueProblem> _problems;
    private readonly Stack<Group> _open = new();
    private List<Segment> _into = [];
    private long _signs;

    private LiquidTree(Constants constants, ICollection<IssueProblem> problems) => (_constants, _problems) = (constants, problems);

    /// <summary>Constants become text, escaped for their place; what is personal stays a slot. Groups that do not fit together are problems.</summary>
    public static Template Build(IEnumerable<Piece> pieces, Constants constants, ICollection<IssueProblem> problems)
    {
        var tree = new LiquidTree(constants, problems);
        foreach (var piece in pieces)
            tree.Take(piece);
        while (tree._open.TryPeek(out var group))
        {
            tree.Report(group.Start, "if-open", "this if has no endif", "write {% endif %} in the same paragraph, list item or cell");
            tree.End();
        }
        return new(Joined(tree._into));
    }

    private void Take(Piece piece)
    {
        if (piece.Tag is not { } tag)
            _into.Add(new Segment.Literal(piece.Text));
        else if (tag.Kind == TagKind.Output)
            TakeOutput(tag, piece.Place);
        else if (tag.Kind == TagKind.If)
            Begin(tag);
        else if (!_open.TryPeek(out var group))
            Report(tag, "if-missing", $"this {tag.Kind.ToString().ToLowerInvariant()} has no if", "write {% if … %} before it, in the same paragraph, list item or cell");
        else if (tag.Kind == TagKind.Endif)
            End();
        else
            Next(group, tag);
    }

    private void TakeOutput(Tag tag, Place place)
    {
        if (_constants.Knows(tag.Name))
            TakeConstant(tag, place);
        else if (Check(tag))
            _into.Add(new Segment.Slot(tag.Name, place, tag.Default));
    }

    private void TakeConstant(Tag tag, Place place)
    {
        var value = _constants.Find(tag.Name) is { Length: > 0 } found ? found : tag.Default;
        var isOne = _signs <= MostSigns;
        _signs += value.Length;
        if (_signs <= MostSigns)
            _into.Add(new Segment.Literal(place.Escape(value)));
        else if (isOne)
            Report(tag, "values-large", string.Create(CultureInfo.InvariantCulture, $"with `{tag.Name}` the values in this text have more than {MostSigns:N0} signs"), "shorten the value, or use it less often");
    }

    private void Begin(Tag tag)
    {
        if (_open.Count == MaxDepth)
            Report(tag, "if-deep", $"more than {MaxDepth} ifs inside each other", "make the choice simpler");
        Check(tag);
        _open.Push(new(tag, _into));
        _into = [];
    }

    private void Next(Group group, Tag tag)
    {
        if (group.When.Name.Length == 0 && group.Start.Name.Length > 0)
            Report(tag, "if-order", $"this {tag.Kind.ToString().ToLowerInvariant()} stands behind the else", "put else last");
        Check(tag);
        group.Branches.Add(new(group.When, Joined(_into)));
        (group.When, _into) = (tag.When, []);
    }

    private void End()
    {
        var group = _open.Pop();
        group.Branches.Add(new(group.When, Joined(_into)));
        _into = group.Outer;
        if (_open.Count < MaxDepth)
            _into.Add(new Segment.Choice(group.Branches));
    }

    private bool Check(Tag tag)
    {
        if (tag.Name.Length == 0 || PersonalValues.Knows(tag.Name) || _constants.Knows(tag.Name))
            return true;

        Report(tag, "name-unknown", $"`{tag.Name}` is no name that a letter knows", "see docs/personal-values.md for the list; text that is no tag goes between {% raw %} and {% endraw %}");
        return false;
    }

    private void Report(Tag tag, string code, string message, string hint) =>
        _problems.Add(new(tag.Line, tag.Column, Severity.Error, code, message, hint));

    private static List<Segment> Joined(IEnumerable<Segment?> segments)
    {
        var joined = new List<Segment>();
        var run = new StringBuilder();
        foreach (var segment in segments.Append(null))
        {
            if (segment is Segment.Literal literal)
            {
                run.Append(literal.Text);
                continue;
            }
            if (run.Length > 0)
                joined.Add(new Segment.Literal(run.ToString()));
            run.Clear();
            if (segment is not null)
                joined.Add(segment);
        }
        return joined;
    }

    private sealed class Group(Tag start, List<Segment> outer)
    {
        public Tag Start => start;
        public List<Segment> Outer => outer;
        public List<Branch> Branches { get; } = [];
        public Condition When { get; set; } = start.When;
    }
}
