namespace Newsletter.Inlining;

/// <summary>A parsed document and the places of its elements in the source.</summary>
internal sealed class Page : IDisposable
{
    private readonly Tree tree;
    private readonly List<SourceAttribute> attributes = [];

    private Page(string source, Tree tree)
    {
        (Source, this.tree) = (source, tree);
        Effort = tree.IsBroken ? new Effort(0) : new Effort(source);
        Outline = Outline.Scan(source);
        var values = new SharedValues();
        Nodes = new List<Node>(tree.Count);
        for (var node = tree.Root; node is not null; node = node.After(tree.Root))
        {
            node.Settle(Nodes.Count, values);
            Nodes.Add(node);
        }
    }

    public string Source { get; }

    /// <summary>Quirks mode.</summary>
    public bool IgnoreCase => tree.IsQuirky;

    public Outline Outline { get; }

    public Effort Effort { get; }

    /// <summary>All elements in document order, each after its parent.</summary>
    public List<Node> Nodes { get; }

    public static Page Parse(string html) => new(html, Tree.Parse(html));

    public void Dispose() => tree.Dispose();

    /// <summary>The start tag of an element, or null if the parser made the element up. Its attributes are there until the next is asked for.</summary>
    public StartTag? TagOf(Node node) => StartTag.Read(Source, node.Place, attributes);
}
