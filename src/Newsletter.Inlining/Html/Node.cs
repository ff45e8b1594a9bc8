using AngleSharp.Dom;

namespace Newsletter.Inlining;

/// <summary>
/// An element as the selectors see it: what they ask for again and again stands in fields. AngleSharp's tree builder makes
/// these nodes directly (see <see cref="Tree"/>), so that no second tree has to be made and walked.
/// </summary>
internal partial class Node(string name, NodeFlags flags, int place)
{
    private int typeIndex;
    private int typeIndexFromEnd;
    private ulong own;

    public string Name { get; } = name;

    public bool IsSvg => (flags & NodeFlags.SvgMember) != 0;

    public bool IsHtml => (flags & (NodeFlags.SvgMember | NodeFlags.MathMember)) == 0;

    /// <summary>Where the start tag stands in the source; -1 if the parser made the element up.</summary>
    public int Place { get; set; } = place;

    /// <summary>The place in document order.</summary>
    public int Order { get; private set; }

    public string? Id { get; private set; }
    public string[] Classes { get; private set; } = [];

    /// <summary>The value of the style attribute, the same object for the same text; null if there is none.</summary>
    public string? Style { get; private set; }

    /// <summary>It holds a text, if only white space.</summary>
    public bool HasText { get; private set; }

    public Node? Parent { get; private set; }

    /// <summary>How many elements it stood in when it was put where it is.</summary>
    public int Depth { get; private set; }

    public Node? Previous { get; private set; }
    public Node? Next { get; private set; }
    public Node? FirstChild { get; private set; }
    public Node? LastChild { get; private set; }

    /// <summary>The names, ids and classes of all ancestors as bits, see <see cref="NameBits"/>.</summary>
    public ulong Above { get; private set; }

    /// <summary>Counted from 1 among the siblings.</summary>
    public int Index { get; private set; } = 1;

    public int IndexFromEnd => Parent is null ? 1 : Parent.LastChild!.Index - Index + 1;

    /// <summary>The next node in document order that stands below <paramref name="top"/>; null after the last.</summary>
    public Node? After(Node? top)
    {
        if (FirstChild is not null)
            return FirstChild;
        for (var node = this; node is not null && !ReferenceEquals(node, top); node = node.Parent)
            if (node.Next is not null)
                return node.Next;
        return null;
    }

    /// <summary>Once the tree is whole: counts the node and reads the attributes that are asked for often.</summary>
    public void Settle(int order, SharedValues values)
    {
        Order = order;
        Index = Previous is null ? 1 : Previous.Index + 1;
        for (var i = 0; i < attributeCount; i++)
        {
            ref readonly var one = ref attributes[i];
            if (one.Name == "class")
                Classes = values.Classes(one.Value.Span);
            else if (one.Name == "style")
                Style = values.Style(one.Value.Span);
            else if (one.Name == "id")
                Id = one.Value.ToString();
        }
        Above = Parent is null ? 0 : Parent.Above | Parent.own;
        own = NameBits.Of(Name) | (Id is null ? 0 : NameBits.Of(Id));
        foreach (var one in Classes)
            own |= NameBits.Of(one);
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
