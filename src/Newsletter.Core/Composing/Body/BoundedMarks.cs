using System.Buffers;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace Newsletter.Composing.Body;

/// <summary>Keeps Markdown's inline rules, which take time in the square of the marks in one paragraph or heading, from any that holds too many.</summary>
/// <remarks>Counted in each block by itself: a list of five hundred items has many marks, and none of its paragraphs has. Rows of tables, which are never paragraphs, are for <see cref="BoundedTables"/>.</remarks>
internal static class BoundedMarks
{
    /// <summary>No real paragraph comes near.</summary>
    public const int Most = 4000;

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]<`|!&");

    /// <summary>Sees every paragraph and heading before its inline text is read.</summary>
    public static void Watch(IEnumerable<BlockParser> parsers)
    {
        foreach (var parser in parsers.Where(parser => parser is ParagraphBlockParser or HeadingBlockParser))
            parser.Closed += Bound;
    }

    /// <summary>Whether it holds too many: its inline text was not read, its lines stand as they were written.</summary>
    public static bool IsRefused(LeafBlock block) => block is { ProcessInlines: false, Inline: null } and (ParagraphBlock or HeadingBlock);

    /// <summary>How many marks there are.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var at = text.IndexOfAny(Marks); at >= 0; at = text.IndexOfAny(Marks))
        {
            count++;
            text = text[(at + 1)..];
        }
        return count;
    }

    private static void Bound(BlockProcessor processor, Block block)
    {
        if (block is LeafBlock leaf && Count(leaf.Lines) > Most)
            leaf.ProcessInlines = false;
    }

    private static int Count(StringLineGroup lines)
    {
        var count = 0;
        for (var i = 0; i < lines.Count; i++)
            count += Count(lines.Lines[i].Slice.AsSpan());
        return count;
    }
}
