using System.Collections;
using AngleSharp.Common;
using AngleSharp.Dom;
using AngleSharp.Html.Construction;
using AngleSharp.Html.Parser.Tokens.Struct;

namespace Newsletter.Inlining;

/// <summary>What AngleSharp's tree builder asks of an element (HTML §13.2.6); nobody else does.</summary>
internal partial class Node : IConstructableMetaElement, IConstructableFormElement, IConstructableFrameElement, IConstructableMathElement,
    IConstructableSvgElement, IConstructableNamedNodeMap
{
    private int childCount;

    /// <summary>The document, for the root element alone.</summary>
    public IConstructableNode? Owner { get; set; }

    StringOrMemory IConstructableNode.NodeName => Name;
    NodeFlags IConstructableNode.Flags => flags;
    StringOrMemory IConstructableElement.LocalName => Name;
    StringOrMemory IConstructableElement.Prefix => default;
    IConstructableNamedNodeMap IConstructableElement.Attributes => this;
    IConstructableNodeList IConstructableNode.ChildNodes => new ChildList(this);
    ISourceReference? IConstructableElement.SourceReference { get; set; }
    int IConstructableNamedNodeMap.Length => attributeCount;

    StringOrMemory IConstructableElement.NamespaceUri => (flags & NodeFlags.SvgMember) != 0 ? NamespaceNames.SvgUri
        : (flags & NodeFlags.MathMember) != 0 ? NamespaceNames.MathMlUri : NamespaceNames.HtmlUri;

    IConstructableNode? IConstructableNode.Parent
    {
        get => (IConstructableNode?)Parent ?? Owner;
        set => Parent = value as Node;
    }

    IConstructableAttr? IConstructableNamedNodeMap.this[StringOrMemory name] =>
        Find(name) is >= 0 and var at ? new AttributeView(attributes[at]) : null;

    /// <summary>Of the formatting elements only those are the same that have the same attributes, in whatever order.</summary>
    bool IConstructableNamedNodeMap.SameAs(IConstructableNamedNodeMap? other)
    {
        if (other is not Node node || node.attributeCount != attributeCount)
            return false;
        for (var i = 0; i < attributeCount; i++)
            if (!node.TryGetAttribute(attributes[i].Name, out var value) || !value.SequenceEqual(attributes[i].Value.Span))
                return false;
        return true;
    }

    void IConstructableElement.SetAttribute(string? namespaceUri, StringOrMemory name, StringOrMemory value) => Set(name, value);

    void IConstructableElement.SetOwnAttribute(StringOrMemory name, StringOrMemory value) => Set(name, value);

    StringOrMemory IConstructableElement.GetAttribute(StringOrMemory namespaceUri, StringOrMemory localName) =>
        Find(localName) is >= 0 and var at ? attributes[at].Value : default;

    bool IConstructableElement.HasAttribute(StringOrMemory name) => Find(name) >= 0;

    void IConstructableElement.SetAttributes(StructAttributes tagAttributes)
    {
        var count = tagAttributes.Count;
        if (count == 0)
            return;
        Array.Resize(ref attributes, attributeCount + count);
        for (var i = 0; i < count; i++)
        {
            var one = tagAttributes[i];
            attributes[attributeCount++] = new NodeAttribute(one.Name.ToString(), one.Value);
        }
    }

    void IConstructableElement.SetupElement() { }

    void IConstructableElement.AddComment(ref StructHtmlToken token) { }

    void IConstructableMetaElement.Handle() { }

    IConstructableNode IConstructableElement.ShallowCopy()
    {
        var top = this;
        while (top.Parent is not null)
            top = top.Parent;
        (top.Owner as TreeDocument)?.Open.Copy();
        return new Node(Name, flags, -1) { attributes = [.. attributes.AsSpan(0, attributeCount)], attributeCount = attributeCount };
    }

    void IConstructableNode.RemoveFromParent() => Detach();

    void IConstructableNode.RemoveChild(IConstructableNode childNode) => Remove(childNode);

    void IConstructableNode.RemoveNode(int idx, IConstructableNode childNode) => Remove(childNode);

    void IConstructableNode.AddNode(IConstructableNode node) => Insert(node, null);

    void IConstructableNode.InsertNode(int idx, IConstructableNode childNode) =>
        Insert(childNode, idx < childCount + (HasText ? 1 : 0) ? At(idx) as Node ?? FirstChild : null);

    void IConstructableNode.AppendText(StringOrMemory text, bool emitWhiteSpaceOnly) => HasText |= text.Length > 0;

    void IConstructableNode.InsertText(int idx, StringOrMemory text, bool emitWhiteSpaceOnly) => HasText |= text.Length > 0;

    private void Set(StringOrMemory name, StringOrMemory value)
    {
        if (Find(name) is >= 0 and var at)
            attributes[at] = attributes[at] with { Value = value };
        else
            AddAttribute(name.ToString(), value);
    }

    private void Remove(IConstructableNode child)
    {
        if (child is Node node)
            node.Detach();
        else
            HasText = false;
    }

    private void Detach()
    {
        if (Parent is null)
            return;
        Parent.childCount--;
        if (Previous is null)
            Parent.FirstChild = Next;
        else
            Previous.Next = Next;
        if (Next is null)
            Parent.LastChild = Previous;
        else
            Next.Previous = Previous;
        (Parent, Previous, Next) = (null, null, null);
    }

    /// <summary>Puts a node before another child, or behind all where that is null.</summary>
    public void Insert(IConstructableNode child, Node? before)
    {
        if (child is not Node node)
        {
            HasText |= ReferenceEquals(child, Inert.Text);
            return;
        }
        node.Detach();
        (node.Parent, node.Depth) = (this, Depth + 1);
        node.Next = before;
        node.Previous = before is null ? LastChild : before.Previous;
        if (node.Previous is null)
            FirstChild = node;
        else
            node.Previous.Next = node;
        if (before is null)
            LastChild = node;
        else
            before.Previous = node;
        childCount++;
    }

    /// <summary>A child by its number; all text of a node stands for one child, the first.</summary>
    private IConstructableNode At(int index)
    {
        if (HasText && index == 0)
            return Inert.Text;
        index -= HasText ? 1 : 0;
        if (index > childCount / 2)
        {
            var last = LastChild!;
            for (var i = childCount - 1; i > index; i--)
                last = last.Previous!;
            return last;
        }
        var node = FirstChild!;
        for (var i = 0; i < index; i++)
            node = node.Next!;
        return node;
    }

    private sealed class ChildList(Node node) : IConstructableNodeList
    {
        public int Length => node.childCount + (node.HasText ? 1 : 0);

        public IConstructableNode this[int index] => node.At(index);

        public void Clear()
        {
            while (node.FirstChild is { } child)
                child.Detach();
        }

        public IEnumerator<IConstructableNode> GetEnumerator()
        {
            for (var i = 0; i < Length; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class AttributeView(NodeAttribute attribute) : IConstructableAttr
    {
        public StringOrMemory Name => attribute.Name;

        public StringOrMemory Value { get; set; } = attribute.Value;
    }
}
