using System.Runtime.InteropServices;

namespace Newsletter.Inlining;

/// <summary>Finds for every element what the style sheets and its own style attribute say, as a browser's cascade would.</summary>
internal sealed class Cascade
{
    private static readonly string[] ReadFromSheet = ["color-scheme", "supported-color-schemes"];

    /// <summary>A declaration and where it is from; no rule: from the style attribute.</summary>
    private readonly record struct Applied(Declared Declared, ulong Key, Rule? Rule, RuleSelector? Selector);

    private static readonly Comparison<Applied> Ascending = static (a, b) => a.Key.CompareTo(b.Key);

    private readonly Page page;
    private readonly SheetReader sheets;
    private readonly PropertyTable properties;
    private readonly List<Rule> rules = [];
    private readonly StyleSharing sharing = new();
    private readonly Dictionary<string, List<Declared>> attributes = new(ReferenceEqualityComparer.Instance);

    // Used again for each element.
    private readonly List<Applied> applied = [];
    private int rulesSeen;
    private HashSet<string> changing = [];

    /// <summary>Where the matches of each node end in those of all, in document order.</summary>
    private readonly int[] ends;

    public Cascade(Page page, SheetReader sheets, PropertyTable properties)
    {
        (this.page, this.sheets, this.properties) = (page, sheets, properties);
        ends = new int[page.Nodes.Count];
        foreach (var item in sheets.Items)
            if (item is Rule rule)
                rules.Add(rule);
    }

    /// <summary>Elements in document order whose style attribute may change.</summary>
    public List<Styled> Run()
    {
        MatchFixed();
        var anyCustom = rules.Exists(static rule => rule.Declarations.Exists(static one => one.Source.IsCustom));
        if (anyCustom)
            MarkVariables();
        if (Array.Exists(ReadFromSheet, properties.HasMet))
            foreach (var rule in rules)
                foreach (var declared in rule.Declarations)
                    declared.Stays |= ReadFromSheet.Contains(declared.Property.Name);
        var kept = KeptIndex();
        anyCustom |= sheets.Registered.Count > 0 || page.Nodes.Exists(static node => node.Style?.Contains("--", StringComparison.Ordinal) == true);
        var custom = anyCustom ? new CustomProperties[page.Nodes.Count] : null;
        var elements = new List<Styled>();
        foreach (var node in page.Nodes)
            if (Style(node, kept, custom) is { } styled && !page.Effort.IsSpent)
                elements.Add(styled);
        new Conflicts(elements.FindAll(static one => one.Like is null), properties.Count).Settle(sheets.Items);
        return elements;
    }

    /// <summary>A selector that cannot be inlined: under a condition, about a state or a part, or fitting nothing here.</summary>
    public static bool StaysWhole(Rule rule, RuleSelector selector) =>
        !selector.Selector.IsSure && (rule.Block is not null || selector.Selector.IsDynamic || !selector.IsMatched);

    private void MarkVariables()
    {
        var attributes = page.Nodes.FindAll(static node => node.Style?.Contains("var(", StringComparison.OrdinalIgnoreCase) == true).ConvertAll(static node => node.Style!);
        var variables = new StayingVariables(rules, sheets, attributes, StaysWhole);
        variables.Mark();
        changing = variables.Changing;
    }

    private void MatchFixed()
    {
        var index = new RuleIndex(page);
        foreach (var rule in rules)
            if (rule.Block is null)
                foreach (var selector in rule.Selectors)
                    if (!selector.Selector.IsDynamic)
                        index.Add(rule, selector);
        if (index.IsEmpty)
            return;
        var found = sharing.Fixed;
        foreach (var node in page.Nodes)
        {
            for (var i = index.Find(node, false, found); i < found.Count; i++)
                found[i].Selector.IsMatched = true;
            ends[node.Order] = found.Count;
        }
    }

    private RuleIndex KeptIndex()
    {
        var index = new RuleIndex(page);
        foreach (var rule in rules)
        {
            var stays = rule.Declarations.Exists(static one => one.Stays);
            foreach (var selector in rule.Selectors)
            {
                if (selector.Selector.HasPseudoElement || (selector.Selector.IsSure && !selector.IsMatched))
                    continue;
                var whole = StaysWhole(rule, selector);
                if (whole || stays)
                    index.Add(rule, selector, subjectOnly: whole && rule.Block is null && !selector.Selector.IsDynamic);
            }
        }
        return index;
    }

    private Styled? Style(Node node, RuleIndex keptIndex, CustomProperties[]? custom)
    {
        var (from, to) = (node.Order == 0 ? 0 : ends[node.Order - 1], ends[node.Order]);
        var attribute = string.IsNullOrWhiteSpace(node.Style) ? null : node.Style;
        var inherited = custom is null || node.Parent is null ? CustomProperties.Empty : custom[node.Parent.Order];
        if (custom is not null)
            custom[node.Order] = inherited = CustomOf(new StyleKey(from, to - from, 0, attribute, inherited));
        var keptFrom = keptIndex.Find(node, true, sharing.Kept);
        if (from == to && keptFrom == sharing.Kept.Count && (attribute is null || (custom is null && !LegacyAttributes.Concern(node))))
            return null; // no sheet has a word for it, and what its attribute says stays as it is
        if (sharing.Find(new StyleKey(from, to - from, keptFrom, attribute, inherited)) is { } like)
            return new Styled(node, like.Fixed, like.Kept, like);
        Gather(attribute, from, to);
        page.Effort.Spend(applied.Count);
        var said = applied.Count;
        var inlined = said == 0 ? Styled.Nothing : Resolve(applied, inherited);
        var kept = KeptOf();
        return said + kept.Count == 0 ? null : sharing.Keep(new Styled(node, inlined, kept, null));
    }

    /// <summary>The custom properties in force inside an element; elements that are alike in all that decides about them share them.</summary>
    private CustomProperties CustomOf(StyleKey key)
    {
        if (sharing.Custom.TryGetValue(key, out var known))
            return known;
        Gather(key.Attribute, key.From, key.From + key.Count);
        var made = key.Custom.Inside(Own(applied), sheets.Registered);
        page.Effort.Spend(applied.Count + (ReferenceEquals(made, key.Custom) ? 0 : made.Count * CustomProperties.Steps));
        return sharing.Custom[key] = made;
    }

    /// <summary>What the attribute and the fitting rules say, in ascending order.</summary>
    private void Gather(string? attribute, int from, int to)
    {
        applied.Clear();
        if (attribute is not null)
            foreach (var one in DeclarationsOf(attribute))
                applied.Add(new Applied(one, CascadeKey.Of(one.Source.Important, true, 0, 0, one.Order), null, null));
        AddMatches(sharing.Fixed, from, to, kept: false);
        Sort();
    }

    /// <summary>Mostly all is nearly in order already, and little.</summary>
    private void Sort()
    {
        if (applied.Count > 64)
        {
            applied.Sort(Ascending);
            return;
        }
        var list = CollectionsMarshal.AsSpan(applied);
        for (var i = 1; i < list.Length; i++)
        {
            var one = list[i];
            var at = i;
            for (; at > 0 && list[at - 1].Key > one.Key; at--)
                list[at] = list[at - 1];
            if (at < i)
                list[at] = one;
        }
    }

    private List<Declared> DeclarationsOf(string attribute)
    {
        if (attributes.TryGetValue(attribute, out var known))
            return known;
        var read = CssParser.ParseDeclarations(attribute);
        var made = new List<Declared>(read.Count);
        foreach (var one in read)
            made.Add(new Declared(one, properties[one.Name], made.Count));
        return attributes[attribute] = made;
    }

    /// <summary>Of several fitting selectors of one rule the most specific counts; one that asks for a state, only while that lasts.</summary>
    private void AddMatches(List<Match> matches, int from, int to, bool kept)
    {
        rulesSeen++;
        for (var i = from; i < to; i++)
            if (kept || !StaysWhole(matches[i].Rule, matches[i].Selector))
                matches[i].Rule.Contend(rulesSeen, matches[i].Selector);
        for (var i = from; i < to; i++)
        {
            var (rule, selector) = matches[i];
            if (!rule.TakeWinner(rulesSeen, selector))
                continue;
            var all = !kept || StaysWhole(rule, selector);
            foreach (var one in rule.Declarations)
                if (all || one.Stays)
                    applied.Add(new Applied(one, CascadeKey.Of(one.Source.Important, false, rule.Layer.Order, selector.Selector.Weight, one.Order, scoped: rule.Block?.IsScope == true), rule, selector));
        }
    }

    private static Dictionary<string, string> Own(List<Applied> ascending)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (declared, _, _, _) in ascending)
            if (declared.Source.IsCustom)
                made[declared.Source.Name] = declared.Source.Value;
        return made;
    }

    private List<Candidate> Resolve(List<Applied> ascending, CustomProperties custom)
    {
        var made = new List<Candidate>(ascending.Count);
        foreach (var (declared, key, rule, selector) in ascending)
        {
            if (declared.Source.IsCustom && rule is not null)
                continue; // its users have their values; those that stay in the sheet read it there
            var value = declared.Source.Value;
            var isChanging = rule is null && IsChanging(declared.Source);
            if (declared.Source.HasVar && !declared.Source.IsCustom)
            {
                // Where a browser takes no such value it does not go back to an earlier declaration, but unsets the property.
                value = custom.Resolve(value) is { Length: > 0 } resolved ? resolved : "unset";
                if (value != "unset" && !SafeValue.IsKnown(declared.Property.Name, value) && !(isChanging && SaidLast(made, declared, value)))
                    made.Add(new Candidate(declared, "unset", key, rule, selector));
            }
            if (!isChanging || !SaidLast(made, declared, value))
                made.Add(new Candidate(declared, value, key, rule, selector));
            if (isChanging && custom.WithFallbacks(declared.Source.Value) is { } open)
                made.Add(new Candidate(declared, open, key, rule, selector)); // whoever reads the sheet sees it change
        }
        RevertedLayers.Resolve(made);
        return made;
    }

    private bool IsChanging(CssDeclaration one) => changing.Count > 0 && one.HasVar && !one.IsCustom && CustomProperties.NamesIn(one.Value).Any(changing.Contains);

    /// <summary>A document that was inlined before has the value already.</summary>
    private static bool SaidLast(List<Candidate> made, Declared declared, string value) =>
        made.Count > 0 && made[^1] is { Inline: true } last && ReferenceEquals(last.Property, declared.Property) && last.Value == value;

    private List<Candidate> KeptOf()
    {
        var (from, to) = sharing.KeptAtHand;
        if (from == to)
            return Styled.Nothing;
        applied.Clear();
        AddMatches(sharing.Kept, from, to, kept: true);
        Sort();
        var made = new List<Candidate>(applied.Count);
        foreach (var (declared, key, rule, selector) in applied)
            made.Add(new Candidate(declared, declared.Source.Value, key, rule, selector));
        return made;
    }
}
