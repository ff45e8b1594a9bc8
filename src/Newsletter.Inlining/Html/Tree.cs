using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Text;

namespace Newsletter.Inlining;

/// <summary>
/// The tree of a document: AngleSharp's tokenizer and tree builder, with our nodes instead of its DOM. The attribute values
/// stand in a buffer of the tokenizer, which goes back to its pool when the tree is disposed of.
/// </summary>
internal sealed class Tree : IDisposable
{
    private readonly IDisposable? buffers;

    private Tree(Node? root, bool isQuirky, int count, IDisposable? buffers) => (Root, IsQuirky, Count, this.buffers) = (root, isQuirky, count, buffers);

    /// <summary>There are too many tags that nobody closes, and the tree is not made to its end.</summary>
    public bool IsBroken { get; private init; }

    /// <summary>The element html; null only for what AngleSharp gives no element at all.</summary>
    public Node? Root { get; }

    /// <summary>About how many elements it has.</summary>
    public int Count { get; }

    /// <summary>Quirks mode: ids and classes are compared without regard to case.</summary>
    public bool IsQuirky { get; }

    public static Tree Parse(string source) => ParseDirectly(source) ?? ParseWhole(source);

    public void Dispose() => buffers?.Dispose();

    /// <summary>Null for the rare documents whose tree the builder makes right for its own elements alone.</summary>
    internal static Tree? ParseDirectly(string source)
    {
        var factory = new NodeFactory();
        var parser = new HtmlParser(new HtmlParserOptions { DisableElementPositionTracking = true, SkipComments = true, SkipProcessingInstructions = true }, BrowsingContext.New(new Configuration([factory])));
        var document = parser.ParseDocument<TreeDocument, Node>(new TextSource(new ReadOnlyMemoryTextSource(source)), factory.Consume);
        if (document.Open.IsSpent)
            return new Tree(null, document.IsQuirky, 0, document.Builder) { IsBroken = true };
        if (!document.NeedsWhole)
            return new Tree(document.Root, document.IsQuirky, factory.Count, document.Builder);
        document.Builder?.Dispose();
        return null;
    }

    /// <summary>By AngleSharp's own DOM: slower, and right for templates and for elements that stand loose in a table.</summary>
    internal static Tree ParseWhole(string source)
    {
        var parser = new HtmlParser(new HtmlParserOptions { IsKeepingSourceReferences = true });
        var document = parser.ParseDocument(source);
        var root = document.DocumentElement is null ? null : Copy(document.DocumentElement, source);
        return new Tree(root, document.CompatMode == "BackCompat", 0, null);
    }

    private static Node Copy(IElement root, string source)
    {
        var stack = new Stack<(IElement Element, Node? Parent)>();
        stack.Push((root, null));
        Node? first = null;
        var before = -1;
        while (stack.TryPop(out var next))
        {
            var node = Copy(next.Element);
            if (node.Place < 0 && !node.IsHtml && node.Name is "svg" or "math" && before >= 0) // the parser forgets where they begin
                node.Place = source.IndexOf("<" + node.Name, before + 1, StringComparison.OrdinalIgnoreCase);
            before = node.Place >= 0 ? node.Place : before;
            next.Parent?.Insert(node, null);
            first ??= node;
            for (var child = next.Element.LastElementChild; child is not null; child = child.PreviousElementSibling)
                stack.Push((child, node));
        }
        return first!;
    }

    private static Node Copy(IElement element)
    {
        var node = new Node(element.LocalName, element.Flags, element.SourceReference?.Position.Position - 1 ?? -1);
        foreach (var attribute in element.Attributes)
            node.AddAttribute(attribute.Name, attribute.Value.AsMemory());
        if (element.ChildNodes.Any(child => child is IText { Length: > 0 }))
            node.Insert(Inert.Text, null);
        return node;
    }
}
