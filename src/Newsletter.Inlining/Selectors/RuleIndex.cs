namespace Newsletter.Inlining;

/// <summary>A selector that fits an element.</summary>
internal readonly record struct Match(Rule Rule, RuleSelector Selector);

/// <summary>Selectors by the id, class or name that their subject must have: an element asks only those that may fit.</summary>
internal sealed class RuleIndex(bool ignoreCase)
{
    private sealed record Entry(Rule Rule, RuleSelector Selector, bool SubjectOnly);

    private readonly Dictionary<string, List<Entry>> byId = new(Names(ignoreCase));
    private readonly Dictionary<string, List<Entry>> byClass = new(Names(ignoreCase));
    private readonly Dictionary<string, List<Entry>> byName = new(StringComparer.Ordinal);
    private readonly List<Entry> others = [];
    private readonly bool ignoreCase = ignoreCase;

    public bool IsEmpty { get; private set; } = true;

    /// <param name="subjectOnly">Ask only what the selector says of the element itself: what is around it is added by mail programs.</param>
    public void Add(Rule rule, RuleSelector selector, bool subjectOnly = false)
    {
        IsEmpty = false;
        var subject = selector.Selector.Subject;
        var entry = new Entry(rule, selector, subjectOnly);
        if (subject.Ids.Count > 0)
            Put(byId, subject.Ids[0], entry);
        else if (subject.Classes.Count > 0)
            Put(byClass, subject.Classes[0], entry);
        else if (subject.LowerName is not null)
            Put(byName, subject.LowerName, entry);
        else
            others.Add(entry);
    }

    /// <param name="assume">Take states such as :hover for given.</param>
    public void Find(Node node, bool assume, List<Match> into)
    {
        var context = new MatchContext(ignoreCase, assume);
        if (node.Id is not null && byId.TryGetValue(node.Id, out var list))
            Ask(list, node, context, into);
        for (var i = 0; i < node.Classes.Length; i++)
            if (byClass.TryGetValue(node.Classes[i], out list) && !Repeated(node.Classes, i))
                Ask(list, node, context, into);
        if (byName.TryGetValue(node.IsHtml ? node.Name : node.Name.ToLowerInvariant(), out list))
            Ask(list, node, context, into);
        Ask(others, node, context, into);
    }

    private static void Ask(List<Entry> list, Node node, in MatchContext context, List<Match> into)
    {
        foreach (var entry in list)
            if (entry.SubjectOnly ? entry.Selector.Selector.Subject.Matches(node, context) : entry.Selector.Selector.Matches(node, context))
                into.Add(new Match(entry.Rule, entry.Selector));
    }

    private bool Repeated(string[] classes, int at)
    {
        for (var i = 0; i < at; i++)
            if (string.Equals(classes[i], classes[at], ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
                return true;
        return false;
    }

    private static void Put(Dictionary<string, List<Entry>> map, string key, Entry entry)
    {
        if (!map.TryGetValue(key, out var list))
            map[key] = list = [];
        list.Add(entry);
    }

    private static StringComparer Names(bool ignoreCase) => ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
