namespace Newsletter.Inlining;

/// <summary>Turns the style sheets of a document, in their order, into one flat list of rules and kept at-rules.</summary>
internal sealed class SheetReader(PropertyTable properties, Func<string, string?> load)
{
    /// <summary>Selectors of nested rules grow with each level; longer ones are dropped.</summary>
    private const int MaxSelectorText = 20_000;

    /// <summary>All selectors of nested rules together; what comes beyond is dropped.</summary>
    private const long MaxNestedText = 4_000_000;

    private const int MaxImports = 200;
    private const int MaxImportDepth = 10;

    private readonly Layer root = new();
    private int declarations;
    private long nestedText;
    private int selectorCount;
    private int imports;
    private Namespaces namespaces = new();

    public List<SheetItem> Items { get; } = [];

    /// <summary>@import and @namespace, which must stand before everything else.</summary>
    public List<string> Heads { get; } = [];

    /// <summary>@property by name.</summary>
    public Dictionary<string, RegisteredProperty> Registered { get; } = new(StringComparer.Ordinal);

    /// <param name="media">The media attribute; null or empty for all.</param>
    /// <param name="address">Where the text came from, to which its own addresses are relative; empty for the document itself.</param>
    public void Read(string text, string? media, string address) =>
        Read(text, address, new Place(Media(null, Query(media ?? "")), root), 0);

    public void Finish() => root.Rank();

    /// <param name="Roots">What the nearest @scope says :scope is; null outside of any.</param>
    private readonly record struct Place(Block? Block, Layer Layer, List<Selector>? Roots = null);

    private void Read(string text, string address, Place place, int depth)
    {
        var nodes = CssParser.ParseStyleSheet(address.Length == 0 ? text : Addresses.Rebase(text, address));
        var outer = namespaces;
        namespaces = new Namespaces();
        var first = true; // @import is read only before the first other rule
        foreach (var node in nodes)
        {
            if (node is CssAtRule { Name: "import" } import)
            {
                if (first && import.Body is null && import.Text is null)
                    Import(import.Prelude, address, place, depth);
                continue;
            }
            first &= node is CssAtRule { Name: "charset" } or CssAtRule { Name: "layer", Body: null };
            Add(node, place, null);
        }
        namespaces = outer;
    }

    private void Import(string prelude, string address, Place place, int depth)
    {
        if (ImportRule.Read(prelude) is not { } import)
            return;
        var target = import.IsUrl ? import.Address : Addresses.Combine(address, import.Address);
        var text = depth < MaxImportDepth && imports++ < MaxImports ? load(target) : null;
        if (text is null)
        {
            Heads.Add($"@import url(\"{target.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"){(import.Rest.Length > 0 ? " " : "")}{import.Rest}{Outside(place.Block)};");
            return;
        }
        var layer = import.HasLayer ? place.Layer.Find(import.Layer) : place.Layer;
        var block = import.Supports.Length > 0 ? new Block(place.Block, $"@supports {import.Supports}") : place.Block;
        Read(text, target, new Place(Media(block, import.Media), layer), depth + 1);
    }

    /// <summary>The media attribute of a sheet whose @import is kept, as words behind that @import.</summary>
    private static string Outside(Block? block) =>
        block is { Outer: null } && block.Header.StartsWith("@media ", StringComparison.Ordinal) ? block.Header["@media".Length..] : "";

    /// <summary>A media attribute as it may stand before a brace: what it leaves open is closed, and one with braces is no query.</summary>
    private static string Query(string media) =>
        media.AsSpan().ContainsAny("{};") ? "not all" : CssValue.Clean(media, 0, media.Length, commentAsSpace: true);

    private static Block? Media(Block? outer, string query)
    {
        query = query.Trim();
        return query.Length == 0 || query.Equals("all", StringComparison.OrdinalIgnoreCase) ? outer : new Block(outer, $"@media {query}");
    }

    /// <param name="parents">The selectors around a nested rule; null at the top.</param>
    private void Add(CssNode node, Place place, List<Selector>? parents)
    {
        switch (node)
        {
            case CssStyleRule rule:
                AddRule(rule, place, parents);
                break;
            case CssAtRule { Body: not null } group:
                AddAll(group.Body, Inside(group, place), parents);
                break;
            case CssAtRule { Name: "layer", Text: null } statement:
                foreach (var name in statement.Prelude.Split(','))
                    place.Layer.Find(name.Trim());
                break;
            case CssAtRule { Name: "namespace" } statement:
                namespaces.Add(statement.Prelude);
                Heads.Add($"@namespace {statement.Prelude};");
                break;
            case CssAtRule { Name: not "charset", Text: not null } block:
                Register(block);
                Items.Add(new KeptText(place.Block, $"@{Property.Escape(block.Name)}{(block.Prelude.Length > 0 ? " " : "")}{block.Prelude}{{{block.Text}}}"));
                break;
        }
    }

    private Place Inside(CssAtRule group, Place place) => group.Name switch
    {
        "layer" => place with { Layer = place.Layer.Find(group.Prelude) },
        "media" => place with { Block = Media(place.Block, group.Prelude) },
        _ => place with
        {
            Block = new Block(place.Block, group.Prelude.Length > 0 ? $"@{group.Name} {group.Prelude}" : $"@{group.Name}"),
            Roots = group.Name == "scope" ? SelectorParser.ScopeRoots(group.Prelude, namespaces) : place.Roots,
        },
    };

    private void AddRule(CssStyleRule rule, Place place, List<Selector>? parents)
    {
        if (rule.Prelude.Length == 0)
            return;
        var prelude = parents is null ? rule.Prelude : Nesting.Resolve(rule.Prelude, parents.ConvertAll(static one => one.Text));
        if (parents is not null)
            nestedText += prelude.Length;
        if (prelude.Length > MaxSelectorText || nestedText > MaxNestedText)
            return;
        var list = SelectorParser.Parse(prelude, namespaces, place.Roots);
        if (list.Selectors.Count == 0)
        {
            if (list.IsForeign)
                Items.Add(new KeptText(place.Block, $"{prelude}{{{KeptSheet.Write(rule.Body.OfType<CssDeclaration>())}}}"));
            return;
        }
        AddAll(rule.Body, place, list.Selectors);
    }

    /// <summary>Declarations that stand together become one rule, so that a nested rule keeps its place between them.</summary>
    private void AddAll(List<CssNode> body, Place place, List<Selector>? selectors)
    {
        var pending = new List<Declared>();
        foreach (var node in body)
        {
            if (node is CssDeclaration declaration)
            {
                pending.Add(new Declared(declaration, properties[declaration.Name], declarations++));
                continue;
            }
            pending = Flush(pending, place, selectors);
            Add(node, place, selectors);
        }
        Flush(pending, place, selectors);
    }

    private List<Declared> Flush(List<Declared> pending, Place place, List<Selector>? selectors)
    {
        if (pending.Count == 0)
            return pending;
        if (selectors is not null)
            Items.Add(new Rule(place.Block, place.Layer, Numbered(selectors, place), pending));
        return [];
    }

    private List<RuleSelector> Numbered(List<Selector> selectors, Place place)
    {
        var made = selectors.ConvertAll(one => new RuleSelector(one, selectorCount++));
        if (place.Block is null)
            foreach (var one in selectors)
                if (one.Sure() is { } sure)
                    made.Add(new RuleSelector(sure, selectorCount++));
        return made;
    }

    private void Register(CssAtRule rule)
    {
        if (rule.Name != "property" || !rule.Prelude.StartsWith("--", StringComparison.Ordinal))
            return;
        if (RegisteredProperty.Read(rule.Text!) is { } read)
            Registered[rule.Prelude] = read;
    }
}
