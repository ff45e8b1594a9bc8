using System.Runtime.InteropServices;

namespace Newsletter.Inlining;

/// <summary>A selector that fits an element.</summary>
internal readonly record struct Match(Rule Rule, RuleSelector Selector);

/// <summary>Selectors by the id, class or name that their subject must have: an element asks only those that may fit.</summary>
internal sealed class RuleIndex(Page page)
{
    private readonly record struct Entry(Rule Rule, RuleSelector Selector, bool SubjectOnly);

    private readonly Dictionary<string, List<Entry>> byId = new(Names(page));
    private readonly Dictionary<string, List<Entry>> byClass = new(Names(page));
    private readonly Dictionary<string, List<Entry>> byName = new(StringComparer.Ordinal);
    private readonly List<Entry> others = [];
    private readonly long mostSteps = Effort.SelectorBase + (Effort.SelectorPerElement * page.Nodes.Count);

    public bool IsEmpty { get; private set; } = true;

    /// <param name="subjectOnly">Ask only what the selector says of the element itself: what is around it is added by mail programs.</param>
    public void Add(Rule rule, RuleSelector selector, bool subjectOnly = false)
    {
        IsEmpty = false;
        var subject = selector.Selector.Subject;
        var list = subject.Ids.Count > 0 ? ListOf(byId, subject.Ids[0])
            : subject.Classes.Count > 0 ? ListOf(byClass, subject.Classes[0])
            : subject.LowerName is not null ? ListOf(byName, subject.LowerName)
            : others;
        list.Add(new Entry(rule, selector, subjectOnly));
    }

    /// <summary>A selector may be found twice where a class is given twice: the cascade takes one of each rule.</summary>
    /// <param name="assume">Take states such as :hover for given.</param>
    /// <returns>Where in the list those of this node begin.</returns>
    public int Find(Node node, bool assume, List<Match> into)
    {
        var from = into.Count;
        var context = new MatchContext(page.IgnoreCase, assume, page.Effort);
        if (node.Id is not null && byId.TryGetValue(node.Id, out var list))
            Ask(list, node, context, into);
        foreach (var name in node.Classes)
            if (byClass.TryGetValue(name, out list))
                Ask(list, node, context, into);
        if (byName.TryGetValue(node.IsHtml ? node.Name : node.Name.ToLowerInvariant(), out list))
            Ask(list, node, context, into);
        Ask(others, node, context, into);
        return from;
    }

    private void Ask(List<Entry> list, Node node, in MatchContext context, List<Match> into)
    {
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(list))
        {
            if (entry.Selector.IsTooCostly || context.Effort.IsSpent)
                continue;
            var left = context.Effort.Left;
            context.Effort.Spend(1);
            context.Effort.Limit(mostSteps - entry.Selector.Cost);
            var selector = entry.Selector.Selector;
            var fits = entry.SubjectOnly ? selector.FitsAlone(node, context) : selector.Matches(node, context);
            entry.Selector.Cost += left - context.Effort.Left;
            entry.Selector.IsTooCostly = entry.Selector.Cost >= mostSteps;
            if (fits && !entry.Selector.IsTooCostly)
                into.Add(new Match(entry.Rule, entry.Selector));
        }
    }

    private static List<Entry> ListOf(Dictionary<string, List<Entry>> map, string key) =>
        CollectionsMarshal.GetValueRefOrAddDefault(map, key, out _) ??= [];

    private static StringComparer Names(Page page) => page.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
