using System.Text;
using Markdig.Syntax;

namespace Newsletter.Linting;

/// <summary>The words of one paragraph, heading, item or cell as a reader sees them, each sign with its place in the text.</summary>
/// <param name="block">Where they stand.</param>
internal sealed class Passage(Block block)
{
    /// <summary>Stands for what is no running text: code, an address shown as such, an image.</summary>
    public const char Thing = '\uFFFC';

    private readonly StringBuilder _text = new();
    private readonly List<int> _offsets = [];
    private string? _whole;

    public Block Block => block;

    /// <summary>A line end is a line end, whether it shows or not.</summary>
    public string Text => _whole ??= _text.ToString();

    /// <summary>How much is written so far.</summary>
    public int Length => _text.Length;

    /// <summary>Where the sign at <paramref name="index"/> stands in the body.</summary>
    public int Offset(int index) => _offsets.Count == 0 ? Math.Max(0, block.Span.Start) : _offsets[Math.Clamp(index, 0, _offsets.Count - 1)];

    public void Add(char sign, int offset)
    {
        _text.Append(sign);
        _offsets.Add(offset);
    }

    public void Add(ReadOnlySpan<char> text, int offset)
    {
        _text.Append(text);
        for (var i = 0; i < text.Length; i++)
            _offsets.Add(offset + i);
    }

    /// <summary>What was written from <paramref name="start"/> on.</summary>
    public string Since(int start) => _text.ToString(start, _text.Length - start);
}
