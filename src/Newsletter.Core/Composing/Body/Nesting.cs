using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Newsletter.Composing.Body;

/// <summary>How deep a text is nested: quotations and lists, and emphasis within them.</summary>
internal static class Nesting
{
    /// <summary>Deeper than anyone reads. Markdig's writer throws at 128, and reads emphasis of any depth: 2,000 stars before a word are 1,000 of it.</summary>
    public const int Most = 100;

    /// <summary>Of the deepest quotation or list.</summary>
    public static int OfBlocks(MarkdownDocument document) => document.Descendants<LeafBlock>().Select(Above).DefaultIfEmpty().Max();

    /// <summary>Of the deepest word of a paragraph.</summary>
    public static int Of(LeafBlock leaf)
    {
        var (deepest, open) = (0, new Stack<(ContainerInline Inline, int Depth)>());
        if (leaf.Inline is { } all)
            open.Push((all, 1));
        while (open.TryPop(out var next))
        {
            deepest = Math.Max(deepest, next.Depth);
            foreach (var inner in next.Inline.OfType<ContainerInline>())
                open.Push((inner, next.Depth + 1));
        }
        return Above(leaf) + deepest;
    }

    private static int Above(LeafBlock leaf)
    {
        var depth = 1;
        for (var block = leaf.Parent; block is not null; block = block.Parent)
            depth++;
        return depth;
    }
}
