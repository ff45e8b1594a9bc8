namespace Newsletter.Inlining;

/// <summary>One document on its way through: read, decide, write.</summary>
internal sealed class DocumentInlining(string html, InlinerOptions options) : IDisposable
{
    private readonly Page page = Page.Parse(html);
    private readonly SourceEdits edits = new(html);

    public void Dispose() => page.Dispose();

    public string Run()
    {
        if (page.Effort.IsSpent)
            return html;
        var properties = new PropertyTable();
        var sources = StyleSources.Find(page, options.StyleSheet ?? (_ => null));
        var sheets = new SheetReader(properties, options.StyleSheet ?? (_ => null));
        foreach (var source in sources)
            sheets.Read(source.Text, source.Media, source.Address);
        sheets.Finish();
        var elements = new Cascade(page, sheets, properties).Run();
        if (page.Effort.IsSpent)
            return html;
        var kept = KeptSheet.Write(sheets, Cascade.StaysWhole, options.DropUnusedRules ? new PageNames(page) : null);
        StyleSources.Replace(sources, page, kept, edits);
        var tags = new TagWriter(page, edits);
        var writer = new StyleText(properties.Count);
        foreach (var element in elements)
        {
            element.Text = element.Like is null ? writer.Write(element) : element.Like.Text;
            tags.Set(element.Node, element.Text!, options.LegacyAttributes ? LegacyAttributes.Of(element, elements) : []);
            page.Effort.Spend(element.Text!.Length);
            if (page.Effort.IsSpent)
                return html;
        }
        if (options.DropUnusedClasses && !StyleSources.AnyUnknown(page, sources, kept))
            DropClasses(tags, kept);
        return edits.Apply();
    }

    private void DropClasses(TagWriter tags, string kept)
    {
        var pruner = new ClassPruner(kept, page.Source, page.IgnoreCase);
        foreach (var node in page.Nodes)
            if (pruner.Prune(node) is { } value)
                tags.SetClass(node, value);
    }
}
