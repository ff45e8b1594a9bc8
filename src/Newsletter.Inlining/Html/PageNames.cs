namespace Newsletter.Inlining;

/// <summary>The names of elements, classes and ids that a page has.</summary>
internal sealed class PageNames
{
    private readonly HashSet<string> elements = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> classes;
    private readonly HashSet<string> ids;

    public PageNames(Page page)
    {
        var names = page.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        (classes, ids) = (new(names), new(names));
        foreach (var node in page.Nodes)
        {
            elements.Add(node.Name);
            classes.UnionWith(node.Classes);
            if (node.Id is { } id)
                ids.Add(id);
        }
    }

    public bool HasElement(string? name) => name is null || elements.Contains(name);

    public bool HasAll(Compound compound) => HasElement(compound.Name) && compound.Classes.TrueForAll(classes.Contains) && compound.Ids.TrueForAll(ids.Contains);
}
