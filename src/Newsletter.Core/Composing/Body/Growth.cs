using Markdig;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>What an issue may grow to while its Markdown is read, its snippets and items of lists together: a few octets can ask for gigabytes.</summary>
internal sealed class Growth : MarkdownParserContext
{
    // Of all tables: each row has as many as the first, even one of three signs.
    private const int MostCells = 20_000;

    // Of the targets and titles that stand in one place and are used by name in others; no real issue has a tenth.
    private const int MostSigns = 2 * IssueFile.MaxBytes;

    private int _columns;
    private int _cells;
    private int _brackets;

    /// <summary>Targets that were left out for being too long for as often as they could be used.</summary>
    public List<LinkReferenceDefinition> LeftOut { get; } = [];

    /// <summary>Lines, from 0, at which a table ends for having too many cells.</summary>
    public List<int> Tables { get; } = [];

    /// <summary>Begins a text.</summary>
    public void Begin(string text)
    {
        _brackets += text.AsSpan().Count('[');
        LeftOut.Clear();
        Tables.Clear();
    }

    /// <summary>A table begins, and with it its first row.</summary>
    /// <param name="dashes">The line below that row.</param>
    public void BeginTable(ReadOnlySpan<char> dashes)
    {
        _columns = dashes.Count('|') + 1;
        AddRow();
    }

    /// <summary>Whether the open table may have another row; where it may not, it ends there.</summary>
    public bool TakesRow(int line)
    {
        if (_cells + _columns > MostCells)
            Tables.Add(line);
        return _cells + _columns <= MostCells;
    }

    /// <summary>The open table has another row.</summary>
    public void AddRow() => _cells += _columns;

    private void Bound(LinkReferenceDefinition definition)
    {
        if ((long)_brackets * ((definition.Url?.Length ?? 0) + (definition.Title?.Length ?? 0)) <= MostSigns)
            return;
        (definition.Url, definition.Title) = ("", "");
        LeftOut.Add(definition);
    }

    /// <summary>Bounds the targets when the first mark of a link or image is met: all are known then, and none was used.</summary>
    internal sealed class Parser : InlineParser
    {
        public Parser() => OpeningCharacters = ['[', '!']; // an image's bracket is read with the mark before it

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            if (processor.Document.ContainsData(typeof(Growth)))
                return false;
            processor.Document.SetData(typeof(Growth), processor.Context!);
            foreach (var (_, definition) in processor.Document.GetLinkReferenceDefinitions(false)?.Links ?? [])
                ((Growth)processor.Context!).Bound(definition);
            return false;
        }
    }
}
