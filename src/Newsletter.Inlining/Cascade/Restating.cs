namespace Newsletter.Inlining;

/// <summary>
/// Says an important declaration again where one that was raised would win over it: in the sources the importance decided
/// between the two, now only the selectors do. The further rule asks for both selectors at once, and so is the stronger
/// one just where the two meet.
/// </summary>
internal sealed class Restating
{
    private readonly Dictionary<(Rule After, Rule Of, string Selector), Rule> made = [];
    private readonly HashSet<(Declared, string)> said = [];

    /// <param name="over">What would win.</param>
    /// <param name="one">What must win.</param>
    public void Add(Candidate over, Candidate one)
    {
        if (one.Selector is null || over.Selector is null || Both(over.Selector, one.Selector) is not { } selector || !said.Add((one.Declared, selector.Text)))
            return;
        var after = over.Declared.Order > one.Declared.Order ? over.Rule! : one.Rule!;
        if (!made.TryGetValue((after, one.Rule!, selector.Text), out var rule))
            made[(after, one.Rule!, selector.Text)] = rule = new Rule(one.Rule!.Block, one.Rule.Layer, [new RuleSelector(selector, -1)], []);
        rule.Declarations.Add(new Declared(one.Declared.Source, one.Property, one.Declared.Order) { Raised = true });
    }

    /// <summary>Puts the new rules each behind the later one of those that it is about.</summary>
    public void Into(List<SheetItem> items)
    {
        if (made.Count == 0)
            return;
        foreach (var rule in made.Values)
            rule.Declarations.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        var after = made.OrderBy(pair => pair.Value.Declarations[0].Order).ToLookup(pair => pair.Key.After, pair => pair.Value);
        var all = items.ToList();
        items.Clear();
        foreach (var item in all)
        {
            items.Add(item);
            if (item is Rule rule)
                items.AddRange(after[rule]);
        }
    }

    /// <summary>A selector for what both fit, where one of them asks about the element alone; null where no plain one says it.</summary>
    private static Selector? Both(Selector over, Selector one)
    {
        var text = one.IsSingle ? Join(over, one) : over.IsSingle ? Join(one, over) : null;
        if (text is null || SelectorParser.Parse(text).Selectors is not [var made])
            return null;
        return made.Weight >= over.Weight ? made : null;
    }

    private static string? Join(Selector whole, Selector single)
    {
        var (own, other) = (whole.Subject.LowerName, single.Subject.LowerName);
        var rest = single.Text;
        if (other is not null && rest.StartsWith(other, StringComparison.OrdinalIgnoreCase))
            rest = rest[other.Length..];
        else if (rest.StartsWith('*'))
            rest = rest[1..];
        if (rest.StartsWith('|') || (rest.Length > 0 && !".#[:".Contains(rest[0])))
            return null;
        if (own is not null || other is null)
            return whole.Text + rest;
        var subject = whole.Text.AsSpan().LastIndexOfAny(" >+~") + 1;
        return ".#".Contains(whole.Text[subject]) && !whole.Text.AsSpan(subject).ContainsAny("()[]\\") ? whole.Text.Insert(subject, other) + rest : null;
    }
}
