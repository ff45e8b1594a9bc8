using System.Text;

namespace Newsletter.Composing.Body;

/// <summary>Lines of plain text: wraps words, and puts the marks of quotations and lists before each line.</summary>
/// <param name="isRightToLeft">Whether its writing runs from the right.</param>
/// <param name="values">How wide tags will be.</param>
internal sealed class TextPage(bool isRightToLeft, TextValues values)
{
    /// <summary>Columns of a line: RFC 5322 §2.1.1 advises 78 at most, and quoted three times it still fits.</summary>
    public const int Width = 72;

    private readonly StringBuilder _text = new();
    private readonly List<Margin> _margins = [];
    private bool _blankDue;

    /// <summary>Columns left for text here.</summary>
    public int Room => Math.Max(20, Width - _margins.Sum(margin => margin.Rest.Length));

    /// <summary>Whether nothing is indented or quoted here.</summary>
    public bool IsAtMargin => _margins.Count == 0;

    /// <summary>Begins an indented part: its first line has one mark, the others another of the same width.</summary>
    public void Push(string first, string rest, bool isTight = false)
    {
        BlankLine(isTight);
        _margins.Add(new(first, rest));
    }

    /// <summary>Ends the last part begun.</summary>
    public void Pop()
    {
        if (_margins[^1].IsFirst && _margins[^1].First.Trim().Length > 0)
            Line(""); // an item without content still has its mark
        _margins.RemoveAt(_margins.Count - 1);
        _blankDue = true;
    }

    /// <summary>A block of text; its own line ends are kept, its words wrapped.</summary>
    public void Paragraph(string text, bool isTight = false) => Lines(text.Split('\n').SelectMany(line => TextWrap.Lines(line, Room, values)), isTight);

    /// <summary>A block whose lines stay as they are.</summary>
    public void Lines(IEnumerable<string> lines, bool isTight = false) => Lines(lines, isTight, Kept);

    /// <summary>Code: who copies it must get no sign that is not in it.</summary>
    public void Code(IEnumerable<string> lines) => Lines(lines, isTight: false, line => line);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void Lines(IEnumerable<string> lines, bool isTight, Func<string, string> shown)
    {
        BlankLine(isTight);
        foreach (var line in lines)
            Line(shown(line));
        _blankDue = true;
    }

    private string Kept(string line) => isRightToLeft ? TextDirection.Kept(line) : line;

    private void BlankLine(bool isTight)
    {
        if (_blankDue && !isTight)
            _text.Append(string.Concat(_margins.Select(margin => margin.Rest)).TrimEnd()).Append('\n');
        _blankDue = false;
    }

    private void Line(string line)
    {
        var start = _text.Length;
        foreach (var margin in _margins)
        {
            _text.Append(margin.IsFirst ? margin.First : margin.Rest);
            margin.IsFirst = false;
        }
        _text.Append(line);
        while (_text.Length > start && _text[^1] == ' ')
            _text.Length--;
        _text.Append('\n');
    }

    private sealed class Margin(string first, string rest)
    {
        public string First => first;
        public string Rest => rest;
        public bool IsFirst { get; set; } = true;
    }
}
