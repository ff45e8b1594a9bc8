using System.Buffers;
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

    private static readonly SearchValues<char> Dashes = SearchValues.Create("|-: \t\r>*+.)0123456789");

    private int _cells;
    private int _brackets;

    /// <summary>Targets that were left out for being too long for as often as they could be used.</summary>
    public List<LinkReferenceDefinition> LeftOut { get; } = [];

    /// <summary>Lines of dashes, from 0, whose tables are left as text.</summary>
    public List<int> Tables { get; } = [];

    /// <summary>Begins a text: it is the same but for tables too large, whose line of dashes is made no such line.</summary>
    /// <remarks>Markdig makes all cells of a table before anyone is asked, so the bound stands before it.</remarks>
    public string Begin(string text)
    {
        _brackets += text.AsSpan().Count('[');
        LeftOut.Clear();
        Tables.Clear();
        if (!text.Contains('|', StringComparison.Ordinal))
            return text;

        var lines = text.Split('\n');
        var ends = Ends(lines);
        for (var i = 0; i < lines.Length; i++)
            if (IsDashes(lines[i]) && !Takes(lines, i, ends[i]))
            {
                lines[i] = lines[i].Replace('|', '¦');
                Tables.Add(i);
            }
        return Tables.Count == 0 ? text : string.Join('\n', lines);
    }

    // For each line the next that is blank or has too many marks.
    private static int[] Ends(string[] lines)
    {
        var ends = new int[lines.Length];
        for (var i = lines.Length - 1; i >= 0; i--)
            ends[i] = lines[i].AsSpan().IndexOfAnyExcept(" \t>\r") < 0 || BoundedMarks.Count(lines[i]) > BoundedMarks.Most ? i
                : i + 1 < lines.Length ? ends[i + 1] : lines.Length;
        return ends;
    }

    // As many columns in each row as in the first; a row with too many marks is one for BoundedMarks, which sees paragraphs alone.
    private bool Takes(string[] lines, int dashes, int end)
    {
        var cells = (long)(lines[dashes].AsSpan().Count('|') + 1) * (end - dashes);
        if (cells > MostCells - _cells || end < lines.Length && BoundedMarks.Count(lines[end]) > BoundedMarks.Most)
            return false;
        _cells += (int)cells;
        return true;
    }

    // With what may stand before it in a quotation or list.
    private static bool IsDashes(string line) => line.Contains('|', StringComparison.Ordinal) && line.Contains('-', StringComparison.Ordinal) && line.AsSpan().IndexOfAnyExcept(Dashes) < 0;

    private void Bound(LinkReferenceDefinition definition)
    {
        if ((long)_brackets * ((definition.Url?.Length ?? 0) + (definition.Title?.Length ?? 0)) <= MostSigns)
            return;
        (definition.Url, definition.Title) = ("", "");
        LeftOut.Add(definition);
    }

    /// <summary>Bounds the targets when the first bracket of a text is met: all are known then, and none was used.</summary>
    internal sealed class Parser : InlineParser
    {
        public Parser() => OpeningCharacters = ['['];

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
