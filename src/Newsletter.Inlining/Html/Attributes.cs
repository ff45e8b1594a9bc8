namespace Newsletter.Inlining;

/// <summary>An attribute with its value in a buffer of the parser: a text is made of it only when somebody asks.</summary>
internal readonly record struct NodeAttribute(string Name, ReadOnlyMemory<char> Value);

/// <summary>Class attributes cut into names, and style attributes: the same text gives the same object.</summary>
internal sealed class SharedValues
{
    private const string Blank = " \t\n\r\f";

    private readonly Dictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> lists =
        new Dictionary<string, string[]>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> styles =
        new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Style(ReadOnlySpan<char> text)
    {
        if (styles.TryGetValue(text, out var known))
            return known;
        var made = text.ToString();
        styles.Set.Add(made);
        return made;
    }

    public string[] Classes(ReadOnlySpan<char> text)
    {
        if (lists.TryGetValue(text, out var known))
            return known;
        var made = new List<string>();
        foreach (var range in text.SplitAny(Blank))
            if (!text[range].IsEmpty)
                made.Add(text[range].ToString());
        return lists[text] = [.. made];
    }
}

/// <summary>The attributes of a node.</summary>
internal partial class Node
{
    private NodeAttribute[] attributes = [];
    private int attributeCount;

    public int AttributeCount => attributeCount;

    public bool HasAttribute(string name) => Find(name) >= 0;

    /// <summary>The value of an attribute; null if there is none.</summary>
    public string? GetAttribute(string name) => Find(name) is >= 0 and var at ? attributes[at].Value.ToString() : null;

    /// <summary>The value of an attribute without making a text of it.</summary>
    public bool TryGetAttribute(string name, out ReadOnlySpan<char> value)
    {
        var at = Find(name);
        value = at < 0 ? default : attributes[at].Value.Span;
        return at >= 0;
    }

    /// <summary>Adds an attribute that the node does not have.</summary>
    public void AddAttribute(string name, ReadOnlyMemory<char> value)
    {
        if (attributeCount == attributes.Length)
            Array.Resize(ref attributes, Math.Max(4, attributeCount * 2));
        attributes[attributeCount++] = new NodeAttribute(name, value);
    }

    private int Find(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < attributeCount; i++)
            if (name.SequenceEqual(attributes[i].Name))
                return i;
        return -1;
    }
}
