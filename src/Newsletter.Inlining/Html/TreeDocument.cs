using AngleSharp.Common;
using AngleSharp.Dom;
using AngleSharp.Html.Construction;
using AngleSharp.Html.Parser.Tokens.Struct;
using AngleSharp.Text;

namespace Newsletter.Inlining;

/// <summary>What AngleSharp's tree builder asks of a document; it holds the root and nothing else.</summary>
internal sealed class TreeDocument(TextSource source) : IConstructableDocument, IConstructableNodeList
{
    public Node? Root { get; private set; }

    public bool IsQuirky { get; private set; }

    /// <summary>
    /// The builder finds templates, and the table before which a loose element belongs, by its own classes; where it looks for
    /// one, the document is parsed into its own DOM instead.
    /// </summary>
    public bool NeedsWhole { get; set; }

    public OpenTags Open { get; } = new(source.Length);

    public IDisposable? Builder { get; set; }

    TextSource IConstructableDocument.Source => source;

    QuirksMode IConstructableDocument.QuirksMode
    {
        get => IsQuirky ? QuirksMode.On : QuirksMode.Off;
        set => IsQuirky = value == QuirksMode.On;
    }

    IConstructableElement? IConstructableDocument.Head
    {
        get
        {
            var node = Root?.FirstChild;
            while (node is not null && node.Name != "head")
                node = node.Next;
            return node;
        }
    }

    IConstructableElement IConstructableDocument.DocumentElement => Root!;
    bool IConstructableDocument.IsLoading => false;
    StringOrMemory IConstructableNode.NodeName => "#document";
    NodeFlags IConstructableNode.Flags => NodeFlags.None;
    IConstructableNode? IConstructableNode.Parent { get; set; }
    IConstructableNodeList IConstructableNode.ChildNodes => this;
    int IConstructableNodeList.Length => Root is null ? 0 : 1;
    IConstructableNode IConstructableNodeList.this[int index] => Root!;

    void IConstructableDocument.PerformMicrotaskCheckpoint() { }

    void IConstructableDocument.ProvideStableState() { }

    void IConstructableDocument.AddComment(ref StructHtmlToken token) { }

    void IConstructableDocument.TrackError(Exception exception) { }

    Task IConstructableDocument.WaitForReadyAsync(CancellationToken cancelToken) => Task.CompletedTask;

    Task IConstructableDocument.FinishLoadingAsync() => Task.CompletedTask;

    void IConstructableDocument.ApplyManifest() { }

    void IConstructableDocument.Clear() => Root = null;

    void IConstructableNode.RemoveFromParent() { }

    void IConstructableNode.RemoveChild(IConstructableNode childNode) { }

    void IConstructableNode.RemoveNode(int idx, IConstructableNode childNode) { }

    void IConstructableNode.InsertNode(int idx, IConstructableNode childNode) => Add(childNode);

    void IConstructableNode.AddNode(IConstructableNode node) => Add(node);

    void IConstructableNode.AppendText(StringOrMemory text, bool emitWhiteSpaceOnly) { }

    void IConstructableNode.InsertText(int idx, StringOrMemory text, bool emitWhiteSpaceOnly) { }

    void IConstructableNodeList.Clear() => Root = null;

    IEnumerator<IConstructableNode> IEnumerable<IConstructableNode>.GetEnumerator()
    {
        if (Root is not null)
            yield return Root;
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => ((IEnumerable<IConstructableNode>)this).GetEnumerator();

    private void Add(IConstructableNode child)
    {
        if (child is not Node node)
            return;
        if (Root is null)
            (Root, node.Owner) = (node, this);
        else
            NeedsWhole = true; // an element that belongs before a table
    }
}

/// <summary>A node that is no element: nothing is asked of it but that it be there.</summary>
internal sealed class Inert : IConstructableNode, IConstructableNodeList
{
    private Inert() { }

    /// <summary>Stands for all text of one element.</summary>
    public static Inert Text { get; } = new();

    public static Inert Other { get; } = new();

    StringOrMemory IConstructableNode.NodeName => "#inert";
    NodeFlags IConstructableNode.Flags => NodeFlags.None;

    IConstructableNode? IConstructableNode.Parent
    {
        get => null;
        set { }
    }

    IConstructableNodeList IConstructableNode.ChildNodes => this;
    int IConstructableNodeList.Length => 0;
    IConstructableNode IConstructableNodeList.this[int index] => this;

    void IConstructableNode.RemoveFromParent() { }

    void IConstructableNode.RemoveChild(IConstructableNode childNode) { }

    void IConstructableNode.RemoveNode(int idx, IConstructableNode childNode) { }

    void IConstructableNode.InsertNode(int idx, IConstructableNode childNode) { }

    void IConstructableNode.AddNode(IConstructableNode node) { }

    void IConstructableNode.AppendText(StringOrMemory text, bool emitWhiteSpaceOnly) { }

    void IConstructableNode.InsertText(int idx, StringOrMemory text, bool emitWhiteSpaceOnly) { }

    void IConstructableNodeList.Clear() { }

    IEnumerator<IConstructableNode> IEnumerable<IConstructableNode>.GetEnumerator() => Enumerable.Empty<IConstructableNode>().GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => Enumerable.Empty<IConstructableNode>().GetEnumerator();
}
