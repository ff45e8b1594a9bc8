using Markdig.Extensions.Tables;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax;

namespace Newsletter.Composing.Body;

/// <summary>Markdig's own two parsers of tables, asked only while there is room: they make all cells of a row before anyone else sees it.</summary>
/// <param name="heads">Sees the line of dashes below a table's head, and owns the table while it is open.</param>
/// <param name="rows">Sees the lines below it.</param>
internal sealed class BoundedTables(BlockParser heads, BlockParser rows) : BlockParser
{
    /// <summary>Puts the bound before them.</summary>
    public static void Watch(OrderedList<BlockParser> parsers)
    {
        if (parsers.FindAll(parser => parser.GetType().Namespace == typeof(Table).Namespace) is not [var heads, var rows])
            throw new InvalidOperationException("this Markdig reads tables in another way");
        parsers[parsers.IndexOf(heads)] = new BoundedTables(heads, rows);
        parsers.Remove(rows);
    }

    public override BlockState TryOpen(BlockProcessor processor)
    {
        var growth = (Growth)processor.Context!;
        var isOpen = processor.CurrentBlock?.Parser == heads;
        if (!isOpen && HasTooManyMarks(processor.CurrentBlock) || isOpen && !HasRoom(processor, growth))
            return BlockState.None;

        var state = isOpen ? rows.TryOpen(processor) : heads.TryOpen(processor);
        if (state != BlockState.None && !isOpen)
            growth.BeginTable(processor.Line.AsSpan());
        else if (state != BlockState.None)
            growth.AddRow();
        return state;
    }

    // What is no table is a paragraph, and one for BoundedMarks; as a table's head it would be none.
    private static bool HasTooManyMarks(Block? block) =>
        block is ParagraphBlock { Lines: { Count: > 0 } lines } && BoundedMarks.Count(lines.Lines[lines.Count - 1].Slice.AsSpan()) > BoundedMarks.Most;

    private static bool HasRoom(BlockProcessor processor, Growth growth) =>
        processor.IsBlankLine || BoundedMarks.Count(processor.Line.AsSpan()) <= BoundedMarks.Most && growth.TakesRow(processor.LineIndex);
}
