using System.Runtime.InteropServices;

namespace Newsletter.Inlining;

/// <summary>A selector that fits an element.</summary>
internal readonly record struct Match(Rule Rule, RuleSelector Selector);

/// <summary>Selectors by the id, class or name that their subject must have: an element asks only those that may fit.</summary>
internal sealed class RuleIndex(Page page)
{
    /// <summary>A selector, and where among the entries the next one of the same list stands (0: nowhere).</summary>
    private record struct Entry(Rule Rule, RuleSelector Selector, bool SubjectOnly, int Next);

    /// <summary>The first and last entry of a list.</summary>
    private record struct Chain(int First, int Last);

    private readonly Dictionary<string, Chain> byId = new(Names(page));
    private readonly Dictionary<string, Chain> byClass = new(Names(page));
    private readonly Dictionary<string, Chain> byName = new(StringComparer.Ordinal);
    private Chain others;

    /// <summary>Those of all lists; the first stands for none.</summary>
    private readonly List<Entry> entries = [default];
    private readonly long mostSteps = Effort.SelectorBase + (Effort.SelectorPerElement * page.Nodes.Count);

    public bool IsEmpty => entries.Count == 1;

    /// <param name="subjectOnly">Ask only what the selector says of the element itself: what is around it is added by mail programs.</param>
    public void Add(Rule rule, RuleSelector selector, bool subjectOnly = false)
    {
        var subject = selector.Selector.Subject;
        ref var chain = ref subject.Ids.Count > 0 ? ref ChainOf(byId, subject.Ids[0])
            : ref subject.Classes.Count > 0 ? ref ChainOf(byClass, subject.Classes[0])
            : ref subject.LowerName is not null ? ref ChainOf(byName, subject.LowerName)
            : ref others;
        if (chain.First == 0)
            chain.First = entries.Count;
        else
            CollectionsMarshal.AsSpan(entries)[chain.Last].Next = entries.Count;
        chain.Last = entries.Count;
        entries.Add(new Entry(rule, selector, subjectOnly, 0));
    }

    /// <summary>A selector may be found twice where a class is given twice: the cascade takes one of each rule.</summary>
    /// <param name="assume">Take states such as :hover for given.</param>
    /// <returns>Where in the list those of this node begin.</returns>
    public int Find(Node node, bool assume, List<Match> into)
    {
        var from = into.Count;
        var context = new MatchContext(page.IgnoreCase, assume, page.Effort);
        if (node.Id is not null && byId.TryGetValue(node.Id, out var chain))
            Ask(chain.First, node, context, into);
        foreach (var name in node.Classes)
            if (byClass.TryGetValue(name, out chain))
                Ask(chain.First, node, context, into);
        if (byName.TryGetValue(node.IsHtml ? node.Name : node.Name.ToLowerInvariant(), out chain))
            Ask(chain.First, node, context, into);
        Ask(others.First, node, context, into);
        return from;
    }

    private void Ask(int first, Node node, in MatchContext context, List<Match> into)
    {
        var all = CollectionsMarshal.AsSpan(entries);
        for (var at = first; at > 0 && !context.Effort.IsSpent; at = all[at].Next)
        {
            ref readonly var entry = ref all[at];
            var left = context.Effort.Left;
            context.Effort.Spend(1);
            if (entry.Selector.IsTooCostly)
                continue;
            context.Effort.Limit(mostSteps - entry.Selector.Cost);
            var selector = entry.Selector.Selector;
            var fits = entry.SubjectOnly ? selector.FitsAlone(node, context) : selector.Matches(node, context);
            entry.Selector.Cost += left - context.Effort.Left;
            entry.Selector.IsTooCostly = entry.Selector.Cost >= mostSteps;
            if (fits && !entry.Selector.IsTooCostly)
                into.Add(new Match(entry.Rule, entry.Selector));
        }
    }

    private static ref Chain ChainOf(Dictionary<string, Chain> map, string key) => ref CollectionsMarshal.GetValueRefOrAddDefault(map, key, out _);

    private static StringComparer Names(Page page) => page.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
