namespace Newsletter.Inlining;

/// <summary>Finds for every element what the style sheets and its own style attribute say, as a browser's cascade would.</summary>
internal sealed class Cascade
{
    private static readonly string[] ReadFromSheet = ["color-scheme", "supported-color-schemes"];

    /// <summary>A declaration and where it is from; no rule: from the style attribute.</summary>
    private readonly record struct Applied(Declared Declared, ulong Key, Rule? Rule, RuleSelector? Selector);

    private readonly Page page;
    private readonly SheetReader sheets;
    private readonly PropertyTable properties;
    private readonly List<Rule> rules;
    private readonly Dictionary<Node, List<Match>> found = [];

    public Cascade(Page page, SheetReader sheets, PropertyTable properties)
    {
        (this.page, this.sheets, this.properties) = (page, sheets, properties);
        rules = [.. sheets.Items.OfType<Rule>()];
    }

    /// <summary>Elements in document order whose style attribute may change.</summary>
    public List<Styled> Run()
    {
        MatchFixed();
        new StayingVariables(rules, sheets, StaysWhole).Mark();
        foreach (var declared in rules.SelectMany(rule => rule.Declarations))
            declared.Stays |= ReadFromSheet.Contains(declared.Property.Name);
        var kept = KeptIndex();
        var elements = new List<Styled>();
        var custom = new Dictionary<Node, CustomProperties>();
        var anyCustom = sheets.Registered.Count > 0 || AnyCustom();
        foreach (var node in page.Nodes)
            if (Style(node, kept, anyCustom, custom) is { } styled)
                elements.Add(styled);
        new Conflicts(elements, properties.Count).Settle(sheets.Items);
        return elements;
    }

    /// <summary>A selector that cannot be inlined: under a condition, about a state or a part, or fitting nothing here.</summary>
    public static bool StaysWhole(Rule rule, RuleSelector selector) =>
        rule.Block is not null || selector.Selector.IsDynamic || !selector.IsMatched;

    private void MatchFixed()
    {
        var index = new RuleIndex(page);
        foreach (var rule in rules.Where(rule => rule.Block is null))
            foreach (var selector in rule.Selectors.Where(one => !one.Selector.IsDynamic))
                index.Add(rule, selector);
        if (index.IsEmpty)
            return;
        foreach (var node in page.Nodes)
        {
            var list = new List<Match>();
            index.Find(node, false, list);
            foreach (var match in list)
                match.Selector.IsMatched = true;
            if (list.Count > 0)
                found[node] = list;
        }
    }

    private RuleIndex KeptIndex()
    {
        var index = new RuleIndex(page);
        foreach (var rule in rules)
            foreach (var selector in rule.Selectors.Where(one => !one.Selector.HasPseudoElement))
            {
                if (!StaysWhole(rule, selector))
                {
                    if (rule.Declarations.Exists(one => one.Stays))
                        index.Add(rule, selector);
                    continue;
                }
                var hook = rule.Block is null && !selector.Selector.IsDynamic;
                index.Add(rule, selector, subjectOnly: hook);
            }
        return index;
    }

    private bool AnyCustom() => rules.Exists(rule => rule.Declarations.Exists(one => one.Source.IsCustom))
        || page.Nodes.Exists(node => node.Style?.Contains("--", StringComparison.Ordinal) == true);

    private Styled? Style(Node node, RuleIndex keptIndex, bool anyCustom, Dictionary<Node, CustomProperties> custom)
    {
        var matches = found.GetValueOrDefault(node);
        var attribute = node.Style;
        var declarations = new List<Applied>();
        AddAttribute(attribute, declarations);
        if (matches is not null)
            AddMatches(matches, declarations, static match => !StaysWhole(match.Rule, match.Selector), static (_, _) => true);
        declarations.Sort((a, b) => a.Key.CompareTo(b.Key));
        var inherited = node.Parent is null ? CustomProperties.Empty : custom.GetValueOrDefault(node.Parent, CustomProperties.Empty);
        var own = anyCustom ? inherited.Inside(Own(declarations), sheets.Registered) : inherited;
        if (anyCustom)
            custom[node] = own;
        var kept = KeptFor(node, keptIndex);
        return declarations.Count + kept.Count == 0 ? null : new Styled(node) { Fixed = Resolve(declarations, own), Kept = kept };
    }

    private void AddAttribute(string? text, List<Applied> into)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        var order = 0;
        foreach (var one in CssParser.ParseDeclarations(text))
            into.Add(new Applied(new Declared(one, properties[one.Name], order), CascadeKey.Of(one.Important, true, 0, 0, order++), null, null));
    }

    /// <summary>Of several fitting selectors of one rule the most specific counts; one that asks for a state, only while that lasts.</summary>
    private static void AddMatches(
        List<Match> matches, List<Applied> into, Func<Match, bool> takes, Func<Match, Declared, bool> takesOne)
    {
        for (var i = 0; i < matches.Count; i++)
        {
            var match = matches[i];
            if (!takes(match) || IsWeaker(matches, i, takes))
                continue;
            foreach (var one in match.Rule.Declarations.Where(one => takesOne(match, one)))
                into.Add(new Applied(one, CascadeKey.Of(one.Source.Important, false, match.Rule.Layer.Order, match.Selector.Selector.Weight, one.Order), match.Rule, match.Selector));
        }
    }

    private static bool IsWeaker(List<Match> matches, int at, Func<Match, bool> takes)
    {
        var mine = matches[at].Selector.Selector.Weight;
        for (var i = 0; i < matches.Count; i++)
            if (i != at && ReferenceEquals(matches[i].Rule, matches[at].Rule) && takes(matches[i])
                && (!matches[i].Selector.Selector.IsDynamic || matches[at].Selector.Selector.IsDynamic)
                && (matches[i].Selector.Selector.Weight > mine || (matches[i].Selector.Selector.Weight == mine && i < at)))
                return true;
        return false;
    }

    private static Dictionary<string, string> Own(List<Applied> ascending)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (declared, _, _, _) in ascending)
            if (declared.Source.IsCustom)
                made[declared.Source.Name] = declared.Source.Value;
        return made;
    }

    private static List<Candidate> Resolve(List<Applied> ascending, CustomProperties custom)
    {
        var made = new List<Candidate>(ascending.Count);
        foreach (var (declared, key, rule, selector) in ascending)
        {
            if (declared.Source.IsCustom && rule is not null)
                continue; // its users have their values; those that stay in the sheet read it there
            var value = declared.Source.Value;
            if (declared.Source.HasVar && !declared.Source.IsCustom)
                value = custom.Resolve(value) is { Length: > 0 } resolved ? resolved : "unset"; // invalid at computed-value time
            made.Add(new Candidate(declared, value, key, rule, selector));
        }
        return made;
    }

    private static List<Candidate> KeptFor(Node node, RuleIndex index)
    {
        if (index.IsEmpty)
            return [];
        var matches = new List<Match>();
        index.Find(node, true, matches);
        if (matches.Count == 0)
            return [];
        var list = new List<Applied>();
        AddMatches(matches, list, static _ => true, static (match, one) => one.Stays || StaysWhole(match.Rule, match.Selector));
        list.Sort((a, b) => a.Key.CompareTo(b.Key));
        return [.. from one in list select new Candidate(one.Declared, one.Declared.Source.Value, one.Key, one.Rule, one.Selector)];
    }
}
