using System.Text;

namespace Newsletter.Composing.Body;

/// <summary>Parts a text with tags into lines that hold for each reader: every branch of a choice begins in the column where the choice began, and what stands behind it goes on where the longest one ended.</summary>
/// <remarks>The line ends in a branch go with it, so a line may come out shorter for a reader without it, and never longer.</remarks>
internal sealed class ChoiceWrap
{
    private readonly List<Token> _tokens = [];
    private readonly Dictionary<int, List<int>> _groups = []; // an if: its branches' tags, the endif among them; each of those: the if's
    private readonly int[] _run;
    private readonly Stack<Branches> _open = new();

    private ChoiceWrap(IEnumerable<(string Piece, bool IsNewWord)> pieces, TextValues values)
    {
        foreach (var (piece, isNewWord) in pieces)
        {
            if (_tokens.Count > 0)
                _tokens.Add(new("", null, isNewWord ? 1 : 0, IsGap: true));
            _tokens.AddRange(values.Parts(piece).Select(part => new Token(part.Text, part.Kind, part.Columns)));
        }
        Group();
        _run = new int[_tokens.Count + 1];
        for (var i = _tokens.Count - 1; i >= 0; i--)
            _run[i] = Run(i);
    }

    /// <param name="pieces">What may not be parted, and whether a blank is before it.</param>
    /// <param name="room">Columns.</param>
    /// <param name="values">How wide tags are.</param>
    public static IEnumerable<string> Lines(IEnumerable<(string Piece, bool IsNewWord)> pieces, int room, TextValues values) => new ChoiceWrap(pieces, values).Lines(room);

    private List<string> Lines(int room)
    {
        var (lines, line, column) = (new List<string>(), new StringBuilder(), 0);
        for (var i = 0; i < _tokens.Count; i++)
        {
            var token = _tokens[i];
            if (!token.IsGap)
            {
                line.Append(token.Text);
                column = Behind(i, column);
            }
            else if (column > 0 && column + token.Columns + _run[i + 1] > room)
            {
                lines.Add(line.ToString());
                line.Clear();
                column = 0;
            }
            else if (column > 0)
            {
                line.Append(' ', token.Columns);
                column += token.Columns;
            }
        }
        return [.. lines, line.ToString()];
    }

    private int Behind(int i, int column)
    {
        if (_tokens[i].Kind is null or TagKind.Output || !_groups.ContainsKey(i))
            return column + _tokens[i].Columns;
        if (_tokens[i].Kind == TagKind.If)
            _open.Push(new(column));
        var open = _open.Peek();
        if (_tokens[i].Kind == TagKind.If)
            return column;
        open.Longest = Math.Max(open.Longest, column);
        if (_tokens[i].Kind != TagKind.Endif)
            return open.Start;
        _open.Pop();
        return open.Longest;
    }

    private void Group()
    {
        var open = new Stack<int>();
        for (var i = 0; i < _tokens.Count; i++)
            if (_tokens[i].Kind == TagKind.If)
                open.Push(i);
            else if (_tokens[i].Kind is TagKind.Endif && open.TryPop(out var first))
                Close(first, i);
    }

    private void Close(int first, int last)
    {
        var (tags, depth) = (new List<int>(), 0);
        for (var i = first; i <= last; i++)
        {
            depth += _tokens[i].Kind switch { TagKind.If => 1, TagKind.Endif => -1, _ => 0 };
            if (i > first && depth == 1 && _tokens[i].Kind is TagKind.Elsif or TagKind.Else || i == last || i == first)
                tags.Add(i);
        }
        foreach (var tag in tags)
            _groups[tag] = tags;
    }

    // The columns from here to the next place where a line may end, by the longest way.
    private int Run(int i)
    {
        var token = _tokens[i];
        if (token.IsGap)
            return 0;
        if (token.Kind is null or TagKind.Output || !_groups.TryGetValue(i, out var tags))
            return token.Columns + _run[i + 1];
        return token.Kind switch
        {
            TagKind.If => tags.Max(tag => _run[tag + 1]), // the last of them is the endif: none of the branches is taken
            _ => _run[tags[^1] + 1],
        };
    }

    private sealed record Branches(int Start)
    {
        public int Longest { get; set; } = Start;
    }

    private readonly record struct Token(string Text, TagKind? Kind, int Columns, bool IsGap = false);
}
