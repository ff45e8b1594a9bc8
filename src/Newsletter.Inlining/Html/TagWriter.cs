namespace Newsletter.Inlining;

/// <summary>Writes attributes into the start tags of the source, and start tags that the source leaves out.</summary>
internal sealed class TagWriter(Page page, SourceEdits edits)
{
    /// <summary>What looks like tags in these is text.</summary>
    private static readonly HashSet<string> RawText = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];

    private readonly HashSet<int> written = [];
    private int pastBreak;
    private (Node? Node, int End) stray;

    /// <summary>Writes the style, and those of the attributes that the tag lacks.</summary>
    public void Set(Node node, StyleText.Parts style, List<(string Name, string Value)> attributes)
    {
        if (!style.IsChange && attributes.Count == 0)
            return;
        if (page.TagOf(node) is not { } tag)
        {
            if (style.IsChange)
                WriteTag(node, style, attributes);
            return;
        }
        if (!written.Add(tag.Start))
            return; // the parser made two elements of one tag (<b> across two paragraphs): the first one decides
        if (style.IsChange && tag.Find("style") is { } own)
            SetStyle(own, style);
        else if (style.IsChange)
            edits.Insert(tag.InsertAt, node.Style is { } further ? " " + Attribute(style, Escape.Css(further, '"'), '"') : style.Alone); // a second body tag may have one
        foreach (var (name, value) in attributes)
            if (tag.Find(name) is null)
                edits.Insert(tag.InsertAt, $" {name}=\"{value}\"");
    }

    /// <summary>Writes around the attribute's own declarations where they can stay as they are, else the attribute anew.</summary>
    private void SetStyle(SourceAttribute own, StyleText.Parts style)
    {
        var value = page.Source.AsSpan(own.ValueStart, own.ValueEnd - own.ValueStart);
        var start = own.ValueEnd - value.TrimStart().Length;
        var end = own.ValueStart + value.TrimEnd().TrimEnd(';').Length;
        if (style.Own is not null || own.Quote == '\0' || end <= start)
        {
            edits.Replace(own.Start, own.End - own.Start, Attribute(style, page.Source[own.ValueStart..own.ValueEnd], own.Quote));
            return;
        }
        if (style.Before.Length > 0)
            edits.Replace(own.ValueStart, start - own.ValueStart, style.Lead(own.Quote));
        if (style.After.Length > 0)
            edits.Replace(end, own.ValueEnd - end, style.Trail(own.Quote));
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

    public static string Attribute(StyleText.Parts style, string source, char quote)
    {
        var mark = quote == '\0' ? '"' : quote;
        var own = style.Own is not null ? Escape.Css(style.Own, mark) : quote == '\0' ? source.Replace("\"", "&quot;") : source;
        own = own.Trim().TrimEnd(';');
        var before = Escape.Css(style.Before, mark);
        var after = Escape.Css(style.After, mark);
        var first = before.Length > 0 && own.Length + after.Length > 0 ? ";" : "";
        var second = own.Length > 0 && after.Length > 0 ? ";" : "";
        return $"style={mark}{before}{first}{own}{second}{after}{mark}";
    }

    /// <summary>html, head and body, tbody, tr and colgroup may stand in the tree without a tag in the source.</summary>
    private void WriteTag(Node node, StyleText.Parts style, List<(string Name, string Value)> attributes)
    {
        if (node.Name == "br")
        {
            WriteBreak(node, style);
            return;
        }
        var at = node.Name switch
        {
            "html" when node.Parent is null => page.Outline.HtmlAt,
            "body" => page.Outline.BodyAt,
            "tbody" or "tr" or "colgroup" => FirstTag(node),
            "p" => StrayEndTag(node),
            _ => -1,
        };
        if (at >= 0)
            edits.Insert(at, $"<{node.Name} {Attribute(style, Escape.Css(node.Style ?? "", '"'), '"')}{string.Concat(attributes.Select(one => $" {one.Name}=\"{one.Value}\""))}>");
    }

    /// <summary>An end tag of br is read as a start tag; only as one can it carry a style.</summary>
    private void WriteBreak(Node node, StyleText.Parts style)
    {
        if (page.TagOf(page.Nodes[node.Order - 1]) is { } tag)
            pastBreak = Math.Max(pastBreak, tag.End);
        var (start, end) = Outline.EndTag(page.Source, pastBreak, "br");
        if (end > start && !page.Source.AsSpan(pastBreak, start - pastBreak).Contains("<!--", StringComparison.Ordinal))
            edits.Replace(start, end - start, $"<br {Attribute(style, "", '"')}>");
        pastBreak = end;
    }

    /// <summary>An end tag of p that closes nothing makes an empty paragraph: the first one behind the element before, or behind the empty paragraphs before.</summary>
    private int StrayEndTag(Node node)
    {
        if (node.FirstChild is not null)
            return -1;
        var (first, count) = (node, 1);
        while (page.Nodes[first.Order - 1] is { Name: "p", FirstChild: null } before && before != stray.Node && page.TagOf(before) is null)
            (first, count) = (before, count + 1);
        var from = stray.Node is { } known && page.Nodes[first.Order - 1] == known ? stray.End : PastTag(page.Nodes[first.Order - 1]);
        for (; from >= 0 && count > 0; count--)
        {
            var (start, end) = EndOfParagraph(from);
            if (end <= start)
                return -1;
            (stray, from) = ((node, end), end);
            if (count == 1)
                return start;
        }
        return -1;
    }

    /// <summary>The next end tag of p that stands in no comment.</summary>
    private (int Start, int End) EndOfParagraph(int from)
    {
        while (true)
        {
            var (start, end) = Outline.EndTag(page.Source, from, "p");
            var comment = start <= from ? -1 : page.Source.LastIndexOf("<!--", start - 1, start - from, StringComparison.Ordinal);
            var close = comment < 0 ? -1 : page.Source.IndexOf("-->", comment, StringComparison.Ordinal);
            if (close < start)
                return (start, end);
            from = close;
        }
    }

    /// <summary>Past the start tag of an element, and past its text where that is none of the document's; -1 for one without a tag or in a paragraph, which an end tag would close.</summary>
    private int PastTag(Node node)
    {
        for (var at = node; at is not null; at = at.Parent)
            if (at.Name == "p")
                return -1;
        if (page.TagOf(node) is not { } tag)
            return -1;
        return RawText.Contains(node.Name) ? Outline.EndTag(page.Source, tag.End, node.Name).End : tag.End;
    }

    private int FirstTag(Node node)
    {
        for (var child = node.FirstChild; child is not null; child = child.FirstChild)
            if (page.TagOf(child) is { } tag)
                return tag.Start;
        return -1;
    }
}
