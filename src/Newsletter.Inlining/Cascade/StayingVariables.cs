namespace Newsletter.Inlining;

/// <summary>
/// Custom properties that a condition changes (a dark palette, for one) must go on working in the style sheet: what
/// uses them stays there besides being inlined, and so does what defines them.
/// </summary>
/// <param name="attributes">The style attributes that name custom properties.</param>
internal sealed class StayingVariables(List<Rule> rules, SheetReader sheets, List<string> attributes, Func<Rule, RuleSelector, bool> staysWhole)
{
    /// <summary>Those that a condition changes.</summary>
    public HashSet<string> Changing { get; private set; } = [];

    public void Mark()
    {
        var definitions = All().Where(one => one.Declared.Source.IsCustom).ToList();
        if (definitions.Count == 0)
            return;
        Changing = Grow(
            definitions.Where(one => one.Kept).Select(one => one.Declared.Source.Name),
            set => definitions.Where(one => Names(one.Declared).Any(set.Contains)).Select(one => one.Declared.Source.Name));
        foreach (var (declared, kept) in All())
            declared.Stays |= !kept && !declared.Source.IsCustom && declared.Source.HasVar && Names(declared).Any(Changing.Contains);
        var needed = Grow(
            All().Where(one => (one.Kept || one.Declared.Stays) && one.Declared.Source.HasVar).SelectMany(one => Names(one.Declared))
                .Concat(sheets.Items.OfType<KeptText>().SelectMany(one => CustomProperties.NamesIn(one.Text)))
                .Concat(sheets.Items.SelectMany(static one => Asked(one.Block)))
                .Concat(attributes.SelectMany(CustomProperties.NamesIn).Where(Changing.Contains)),
            set => definitions.Where(one => set.Contains(one.Declared.Source.Name)).SelectMany(one => Names(one.Declared)));
        foreach (var (declared, _) in definitions)
            declared.Stays |= needed.Contains(declared.Source.Name);
    }

    private IEnumerable<(Declared Declared, bool Kept)> All() =>
        from rule in rules
        let kept = rule.Selectors.Exists(one => (rule.Block is not null || one.Selector.IsDynamic) && staysWhole(rule, one))
        from declared in rule.Declarations
        select (declared, kept);

    private static IEnumerable<string> Names(Declared declared) =>
        declared.Source.HasVar ? CustomProperties.NamesIn(declared.Source.Value) : [];

    /// <summary>The custom properties that a condition asks for: @container style(--a: 1).</summary>
    private static IEnumerable<string> Asked(Block? block)
    {
        for (; block is not null; block = block.Outer)
            if (block.Header.Contains("style(", StringComparison.OrdinalIgnoreCase))
                foreach (var name in block.Header.Split(' ', ':', '(', ')', ',', '<', '>', '='))
                    if (name.StartsWith("--", StringComparison.Ordinal))
                        yield return name;
    }

    private static HashSet<string> Grow(IEnumerable<string> start, Func<HashSet<string>, IEnumerable<string>> step)
    {
        var set = new HashSet<string>(start, StringComparer.Ordinal);
        for (var before = -1; before < set.Count;)
        {
            before = set.Count;
            set.UnionWith(step(set).ToList());
        }
        return set;
    }
}
