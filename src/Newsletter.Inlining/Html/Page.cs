using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Newsletter.Inlining;

/// <summary>A parsed document and the places of its elements in the source.</summary>
internal sealed class Page
{
    private readonly Dictionary<Node, int> places = [];

    private Page(string source, IDocument document)
    {
        Source = source;
        IgnoreCase = document.CompatMode == "BackCompat";
        Outline = Outline.Scan(source);
        if (document.DocumentElement is not null)
            Walk(document.DocumentElement);
    }

    public string Source { get; }

    /// <summary>Quirks mode.</summary>
    public bool IgnoreCase { get; }

    public Outline Outline { get; }

    /// <summary>All elements in document order, each after its parent.</summary>
    public List<Node> Nodes { get; } = [];

    public static Page Parse(string html)
    {
        var parser = new HtmlParser(new HtmlParserOptions { IsKeepingSourceReferences = true });
        return new Page(html, parser.ParseDocument(html));
    }

    /// <summary>The start tag of an element, or null if the parser made the element up.</summary>
    public StartTag? TagOf(Node node)
    {
        var place = node.Element.SourceReference?.Position.Position - 1 ?? -1;
        if (StartTag.Read(Source, place) is { } tag)
            return tag;
        return places.TryGetValue(node, out var found) ? StartTag.Read(Source, found) : null;
    }

    private void Walk(IElement root)
    {
        var stack = new Stack<(IElement Element, Node? Parent)>();
        stack.Push((root, null));
        while (stack.TryPop(out var next))
        {
            var node = new Node(next.Element, next.Parent, Nodes.Count);
            next.Parent?.Append(node);
            Nodes.Add(node);
            PlaceSvg(node);
            for (var child = next.Element.LastElementChild; child is not null; child = child.PreviousElementSibling)
                stack.Push((child, node));
        }
    }

    /// <summary>The parser forgets where svg and math begin: it is the first such tag past the element before.</summary>
    private void PlaceSvg(Node node)
    {
        if (node.Name is not ("svg" or "math") || node.Element.SourceReference is not null || Nodes.Count < 2)
            return;
        var before = Nodes[^2];
        var from = before.Element.SourceReference?.Position.Position ?? 0;
        if (places.TryGetValue(before, out var known))
            from = known + 1;
        var at = Source.IndexOf("<" + node.Name, from, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
            places[node] = at;
    }
}
