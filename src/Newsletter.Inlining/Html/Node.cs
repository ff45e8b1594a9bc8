using AngleSharp.Dom;

namespace Newsletter.Inlining;

/// <summary>An element as the selectors see it: what they ask for again and again stands in fields.</summary>
internal sealed class Node
{
    private static readonly string[] NoClasses = [];

    private int typeIndex;
    private int typeIndexFromEnd;

    public Node(IElement element, Node? parent, int order)
    {
        (Element, Parent, Order) = (element, parent, order);
        Name = element.LocalName;
        IsHtml = element.NamespaceUri is null or "http://www.w3.org/1999/xhtml";
        Id = element.GetAttribute("id");
        var names = element.GetAttribute("class");
        Classes = string.IsNullOrWhiteSpace(names) ? NoClasses : names.Split(Blank, StringSplitOptions.RemoveEmptyEntries);
    }

    private static readonly char[] Blank = [' ', '\t', '\n', '\r', '\f'];

    public IElement Element { get; }
    public Node? Parent { get; }

    /// <summary>The place in document order.</summary>
    public int Order { get; }

    public string Name { get; }
    public bool IsHtml { get; }
    public string? Id { get; }
    public string[] Classes { get; }
    public Node? Previous { get; private set; }
    public Node? Next { get; private set; }
    public Node? FirstChild { get; private set; }
    public Node? LastChild { get; private set; }

    /// <summary>Counted from 1 among the siblings.</summary>
    public int Index { get; private set; } = 1;

    public int IndexFromEnd => Parent is null ? 1 : Parent.LastChild!.Index - Index + 1;

    public void Append(Node child)
    {
        child.Previous = LastChild;
        child.Index = LastChild is null ? 1 : LastChild.Index + 1;
        if (LastChild is null)
            FirstChild = child;
        else
            LastChild.Next = child;
        LastChild = child;
    }

    /// <summary>Counted from 1 among the siblings of the same name.</summary>
    public int TypeIndex()
    {
        if (typeIndex > 0)
            return typeIndex;
        CountTypes();
        return typeIndex;
    }

    public int TypeIndexFromEnd()
    {
        if (typeIndex == 0)
            CountTypes();
        return typeIndexFromEnd;
    }

    /// <summary>One walk for all siblings, so that long lists stay linear.</summary>
    private void CountTypes()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var node = Parent?.FirstChild ?? this; node is not null; node = node.Next)
            node.typeIndex = counts[node.Name] = counts.GetValueOrDefault(node.Name) + 1;
        for (var node = Parent?.FirstChild ?? this; node is not null; node = node.Next)
            node.typeIndexFromEnd = counts[node.Name] - node.typeIndex + 1;
    }
}
