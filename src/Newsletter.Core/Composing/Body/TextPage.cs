using System.Globalization;
using System.Text;

namespace Newsletter.Composing.Body;

/// <summary>Lines of plain text: wraps words, keeps addresses whole, and puts the marks of quotations and lists before each line.</summary>
internal sealed class TextPage
{
    /// <summary>Columns of a line (RFC 5322 §2.1.1 advises 78 at most; quoted once it still fits).</summary>
    public const int Width = 76;

    private readonly StringBuilder _text = new();
    private readonly List<Margin> _margins = [];
    private bool _blankDue;

    /// <summary>Columns left for text here.</summary>
    public int Room => Math.Max(20, Width - _margins.Sum(margin => margin.Rest.Length));

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
    public void Paragraph(string text, bool isTight = false) => Lines(text.Split('\n').SelectMany(line => Wrapped(line, Room)), isTight);

    /// <summary>A block whose lines stay as they are.</summary>
    public void Lines(IEnumerable<string> lines, bool isTight = false)
    {
        BlankLine(isTight);
        foreach (var line in lines)
            Line(line);
        _blankDue = true;
    }

    /// <summary>Columns that a text takes: wide characters two, combining ones none.</summary>
    public static int Columns(string text) => text.EnumerateRunes().Sum(Columns);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Words are parted at blanks only, so no address is broken.</summary>
    public static IEnumerable<string> Wrapped(string text, int room)
    {
        var (line, columns) = (new StringBuilder(), 0);
        foreach (var word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var width = Columns(word);
            if (columns > 0 && columns + 1 + width > room)
            {
                yield return line.ToString();
                line.Clear();
                columns = 0;
            }
            if (columns > 0)
                line.Append(' ');
            line.Append(word);
            columns += width + (columns > 0 ? 1 : 0);
        }
        yield return line.ToString();
    }

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

    private static int Columns(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F
            or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD ? 2 : 1,
    };

    private sealed class Margin(string first, string rest)
    {
        public string First => first;
        public string Rest => rest;
        public bool IsFirst { get; set; } = true;
    }
}
