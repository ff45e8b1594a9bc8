namespace Newsletter.Inlining;

/// <summary>A style element or a linked sheet whose text is at hand.</summary>
/// <param name="Start">Where it begins in the source.</param>
/// <param name="End">Just past its end.</param>
internal sealed record StyleSource(Node Node, string Text, string? Media, string Address, int Start, int End)
{
    public bool IsElement => Address.Length == 0;
}

/// <summary>Finds the style sheets of a document, and puts what is kept of them in their place.</summary>
internal static class StyleSources
{
    public static List<StyleSource> Find(Page page, Func<string, string?> load)
    {
        var chosen = page.Nodes.Exists(IsTitled) ? ChosenTitle(page) : null;
        var made = new List<StyleSource>();
        foreach (var node in page.Nodes)
        {
            var source = node switch
            {
                { Name: "style" } when node.IsHtml || node.IsSvg => Element(page, node),
                { Name: "link", IsHtml: true } when !IsAlternate(node) || (chosen is not null && Title(node) == chosen) => Link(page, node, load),
                _ => null,
            };
            if (source is not null)
                made.Add(source);
        }
        return chosen is null ? made : made.ConvertAll(one => Title(one.Node) is { Length: > 0 } title && title != chosen ? one with { Text = "" } : one);
    }

    /// <summary>Of style sheets with titles only those of one title count (CSSOM §6.3): the first, or what a meta element asks for. The others are taken out unread.</summary>
    private static string ChosenTitle(Page page) =>
        page.Nodes.FindLast(static node => node.Name == "meta" && "default-style".Equals(node.GetAttribute("http-equiv"), StringComparison.OrdinalIgnoreCase))
            ?.GetAttribute("content") is { Length: > 0 } asked ? asked : Title(page.Nodes.Find(IsTitled)!);

    private static bool IsTitled(Node node) =>
        Title(node).Length > 0 && (node is { Name: "style", IsHtml: true } || (node is { Name: "link", IsHtml: true } && IsSheet(node) && !IsAlternate(node)));

    private static string Title(Node node) => node.GetAttribute("title") ?? "";

    /// <summary>Takes the sources out and writes what is kept where the first one in the head stood.</summary>
    public static void Replace(List<StyleSource> sources, Page page, string kept, SourceEdits edits)
    {
        if (sources.Count == 0 || IsUnchanged(sources, kept))
            return;
        var home = kept.Length == 0 ? null : Home(sources, page);
        if (kept.Length > 0 && home is null)
            edits.Insert(page.Outline.HeadEnd, $"<style>\n{Guard(kept)}</style>\n");
        foreach (var source in sources)
        {
            if (ReferenceEquals(source, home))
            {
                edits.Replace(source.Start, source.End - source.Start, $"{OpeningTag(source, page)}\n{Guard(kept)}</style>");
                continue;
            }
            if (HoldsUpTheHead(source, page))
            {
                edits.Replace(source.Start, source.End - source.Start, "<style></style>");
                continue;
            }
            var (start, end) = WholeLine(page.Source, source.Start, source.End);
            edits.Replace(start, end - start, "");
        }
    }

    /// <summary>It is the first tag of a document without html and head, and a comment follows: without it the comment would stand before html.</summary>
    private static bool HoldsUpTheHead(StyleSource source, Page page) =>
        source.Start == page.Outline.HtmlAt && page.Source.AsSpan(source.End).TrimStart(" \t\n\r\f").StartsWith("<!--", StringComparison.Ordinal);

    /// <summary>Some sheet stays that nobody has read: it may name anything.</summary>
    public static bool AnyUnknown(Page page, List<StyleSource> sources, string kept) =>
        kept.Contains("@import", StringComparison.OrdinalIgnoreCase)
        || page.Nodes.Exists(node => node is { Name: "link", IsHtml: true } && IsSheet(node) && !sources.Exists(one => ReferenceEquals(one.Node, node)));

    private static bool IsSheet(Node node) => IsRelated(node, "stylesheet");

    private static bool IsAlternate(Node node) => IsRelated(node, "alternate");

    private static bool IsRelated(Node node, string word) =>
        (node.GetAttribute("rel") ?? "").Split([' ', '\t', '\n', '\r', '\f']).Contains(word, StringComparer.OrdinalIgnoreCase);

    private static StyleSource? Element(Page page, Node node)
    {
        var type = node.GetAttribute("type");
        if (!string.IsNullOrEmpty(type) && !type.Equals("text/css", StringComparison.OrdinalIgnoreCase))
            return null;
        if (page.TagOf(node) is not { } tag)
            return null;
        var (start, end) = node.IsSvg && page.Source[tag.End - 2] == '/' ? (tag.End, tag.End) : Outline.EndTag(page.Source, tag.End, "style");
        var text = page.Source[tag.End..start];
        return new StyleSource(node, node.IsSvg ? Escape.TextOfXml(text) : text, node.GetAttribute("media"), "", tag.Start, end);
    }

    private static StyleSource? Link(Page page, Node node, Func<string, string?> load)
    {
        var address = node.GetAttribute("href")?.Trim();
        if (!IsSheet(node) || string.IsNullOrEmpty(address) || node.HasAttribute("disabled"))
            return null;
        if (page.TagOf(node) is not { } tag || load(address) is not { } text)
            return null;
        return new StyleSource(node, text.TrimStart('\uFEFF'), node.GetAttribute("media"), address, tag.Start, tag.End);
    }

    /// <summary>A source with one style element that holds just what would be written: a document that was inlined before.</summary>
    private static bool IsUnchanged(List<StyleSource> sources, string kept) =>
        sources is [{ IsElement: true } only] && InHead(only.Node) && string.IsNullOrEmpty(only.Media) && kept.Length > 0 && only.Text == "\n" + Guard(kept);

    /// <summary>The first style element in the head; one that Outlook does not see only if there is no other.</summary>
    private static StyleSource? Home(List<StyleSource> sources, Page page)
    {
        var inHead = sources.FindAll(one => InHead(one.Node));
        var comments = new OutlookComments(page.Source);
        return inHead.Find(one => one.IsElement && !comments.Hide(one.Start))
            ?? inHead.Find(one => one.IsElement) ?? inHead.FirstOrDefault();
    }

    private static bool InHead(Node node)
    {
        for (var at = node.Parent; at is not null; at = at.Parent)
            if (at.Name == "head")
                return true;
            else if (at.Name is "noscript")
                return false;
        return false;
    }

    private static string OpeningTag(StyleSource home, Page page)
    {
        var tag = home.IsElement && home.Media is null ? page.TagOf(home.Node) : null;
        return tag is null ? "<style>" : page.Source[tag.Start..tag.End];
    }

    /// <summary>A linked sheet could hold the end tag of style in a string.</summary>
    private static string Guard(string css) => css.Replace("</style", "<\\/style", StringComparison.OrdinalIgnoreCase);

    /// <summary>With its line, where nothing else stands on it.</summary>
    private static (int Start, int End) WholeLine(string source, int start, int end)
    {
        var from = start;
        while (from > 0 && source[from - 1] is ' ' or '\t')
            from--;
        var to = end;
        while (to < source.Length && source[to] is ' ' or '\t')
            to++;
        if ((from > 0 && source[from - 1] != '\n') || (to < source.Length && source[to] is not ('\r' or '\n')))
            return (start, end);
        if (to < source.Length && source[to] == '\r')
            to++;
        return (from, to < source.Length && source[to] == '\n' ? to + 1 : to);
    }
}
