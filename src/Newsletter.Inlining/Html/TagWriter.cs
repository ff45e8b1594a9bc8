namespace Newsletter.Inlining;

/// <summary>Writes attributes into the start tags of the source, and start tags that the source leaves out.</summary>
internal sealed class TagWriter(Page page, SourceEdits edits)
{
    private readonly HashSet<int> written = [];
    private readonly HashSet<int> extended = [];

    public void SetStyle(Node node, StyleText.Parts style)
    {
        if (!style.IsChange)
            return;
        if (page.TagOf(node) is not { } tag)
        {
            WriteTag(node, style);
            return;
        }
        if (!written.Add(tag.Start))
            return; // the parser made two elements of one tag (<b> across two paragraphs): the first one decides
        if (tag.Find("style") is { } own)
            edits.Replace(own.Start, own.End - own.Start, Attribute(style, page.Source[own.ValueStart..own.ValueEnd], own.Quote));
        else
            edits.Insert(tag.InsertAt, " " + Attribute(style, "", '"'));
    }

    /// <summary>Writes attributes that the tag lacks; made-up elements have no tag and go without.</summary>
    public void Add(Node node, List<(string Name, string Value)> attributes)
    {
        if (attributes.Count == 0 || page.TagOf(node) is not { } tag || !extended.Add(tag.Start))
            return;
        foreach (var (name, value) in attributes)
            if (tag.Find(name) is null)
                edits.Insert(tag.InsertAt, $" {name}=\"{value}\"");
    }

    /// <summary>Writes the class attribute anew; an empty value takes it away.</summary>
    public void SetClass(Node node, string value)
    {
        if (page.TagOf(node) is not { } tag || tag.Find("class") is not { } own)
            return;
        // Without the attribute its end is still a place where others may be written.
        var from = value.Length == 0 && page.Source[own.Start - 1] is ' ' ? own.Start - 1 : own.Start;
        edits.Replace(from, own.End - from, value.Length == 0 ? "" : $"class=\"{Escape.Attribute(value)}\"");
    }

    private static string Attribute(StyleText.Parts style, string source, char quote)
    {
        var mark = quote == '\0' ? '"' : quote;
        var own = style.Own is not null ? Escape.Css(style.Own, mark) : quote == '\0' ? source.Replace("\"", "&quot;") : source;
        var parts = new[] { Escape.Css(style.Before, mark), own.Trim().TrimEnd(';'), Escape.Css(style.After, mark) };
        return $"style={mark}{string.Join(';', parts.Where(part => part.Length > 0))}{mark}";
    }

    /// <summary>html, head and body, tbody, tr and colgroup may stand in the tree without a tag in the source.</summary>
    private void WriteTag(Node node, StyleText.Parts style)
    {
        var at = node.Name switch
        {
            "html" when node.Parent is null => page.Outline.HtmlAt,
            "body" => page.Outline.BodyAt,
            "tbody" or "tr" or "colgroup" => FirstTag(node),
            "p" => StrayEndTag(node),
            _ => -1,
        };
        if (at >= 0)
            edits.Insert(at, $"<{node.Name} {Attribute(style, Escape.Css(node.Style ?? "", '"'), '"')}>");
    }

    /// <summary>An end tag of p that closes nothing makes an empty paragraph: the first one behind the element before.</summary>
    private int StrayEndTag(Node node)
    {
        var before = page.Nodes[node.Order - 1];
        for (var at = before; at is not null; at = at.Parent)
            if (at.Name == "p")
                return -1;
        return node.FirstChild is null && page.TagOf(before) is { } tag && Outline.EndTag(page.Source, tag.End, "p") is var (start, end) && end > start ? start : -1;
    }

    private int FirstTag(Node node)
    {
        for (var child = node.FirstChild; child is not null; child = child.FirstChild)
            if (page.TagOf(child) is { } tag)
                return tag.Start;
        return -1;
    }
}
