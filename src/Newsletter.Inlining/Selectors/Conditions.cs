namespace Newsletter.Inlining;

/// <summary>An attribute selector.</summary>
internal sealed class AttributeCondition(string name, char op, string value, bool ignoreCase) : Condition
{
    private readonly string lowerName = name.ToLowerInvariant();
    private readonly StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    public override bool Holds(Node node, in MatchContext context)
    {
        var found = node.TryGetAttribute(node.IsHtml ? lowerName : name, out var has);
        context.Effort.Spend((node.AttributeCount + has.Length) / 32);
        return found && op switch
        {
            '\0' => true,
            '=' => has.Equals(value, comparison),
            '~' => value.Length > 0 && HasWord(has),
            '|' => has.StartsWith(value, comparison) && (has.Length == value.Length || has[value.Length] == '-'),
            '^' => value.Length > 0 && has.StartsWith(value, comparison),
            '$' => value.Length > 0 && has.EndsWith(value, comparison),
            _ => value.Length > 0 && has.Contains(value, comparison),
        };
    }

    private bool HasWord(ReadOnlySpan<char> words)
    {
        foreach (var range in words.SplitAny(" \t\n\r\f"))
            if (words[range].Equals(value, comparison))
                return true;
        return false;
    }
}

/// <summary>A state that only a reader's program knows: :hover, :visited and their like.</summary>
internal sealed class StateCondition : Condition
{
    public override bool IsDynamic => true;

    public override bool MayHoldAlways => false;

    public override bool Holds(Node node, in MatchContext context) => context.Assume;
}

/// <summary>What the document alone decides: :first-child, :checked and their like.</summary>
internal sealed class PlainCondition(Func<Node, bool> holds, int weight = Specificity.Class) : Condition
{
    public override int Weight => weight;

    public override bool Holds(Node node, in MatchContext context) => holds(node);
}

/// <summary>:nth-child() and its three sisters; <paramref name="of"/> is the "of S" of Selectors Level 4.</summary>
internal sealed class NthCondition(int step, int offset, bool ofType, bool fromEnd, List<Selector>? of) : Condition
{
    public override int Weight { get; } =
        Specificity.Add(Specificity.Class, of is null ? 0 : of.Max(one => one.Weight));

    public override bool IsDynamic { get; } = of is not null && of.Exists(one => one.IsDynamic);

    public override bool MayHoldAlways => !IsDynamic;

    public override bool Holds(Node node, in MatchContext context)
    {
        if (of is not null)
            return Chosen(node, context) && Fits(Count(node, context));
        if (ofType)
            return Fits(fromEnd ? node.TypeIndexFromEnd() : node.TypeIndex());
        return Fits(fromEnd ? node.IndexFromEnd : node.Index);
    }

    private bool Fits(int index)
    {
        if (step == 0)
            return index == offset;
        var rest = (long)index - offset;
        return rest % step == 0 && rest / step >= 0;
    }

    private int Count(Node node, in MatchContext context)
    {
        var count = 1;
        for (var other = fromEnd ? node.Next : node.Previous; other is not null; other = fromEnd ? other.Next : other.Previous)
            if (Chosen(other, context))
                count++;
        return count;
    }

    private bool Chosen(Node node, in MatchContext context)
    {
        foreach (var selector in of!)
            if (selector.Matches(node, context))
                return true;
        return false;
    }
}

/// <summary>:is(), :where() and :not().</summary>
internal sealed class ListCondition(List<Selector> list, bool negated, bool weightless) : Condition
{
    public override int Weight { get; } = weightless || list.Count == 0 ? 0 : list.Max(one => one.Weight);

    public override bool IsDynamic { get; } = list.Exists(one => one.IsDynamic);

    public override bool MayHoldAlways => negated ? !list.Exists(static one => one.IsOnlyState) : list.Count == 0 || list.Exists(static one => one.MayHoldAlways);

    public override bool Holds(Node node, in MatchContext context)
    {
        // What might not fit may be what :not() asks for, and the other way round.
        var inner = negated && IsDynamic ? context with { Assume = !context.Assume } : context;
        foreach (var selector in list)
            if (selector.Matches(node, inner))
                return !negated;
        return negated;
    }
}

/// <summary>:scope within @scope: one of the elements that it begins at.</summary>
internal sealed class RootCondition(List<Selector> roots, int weight) : Condition
{
    public override int Weight => weight;

    public override bool Holds(Node node, in MatchContext context)
    {
        foreach (var selector in roots)
            if (selector.Matches(node, context))
                return true;
        return false;
    }
}

/// <summary>:has(): each selector is relative, its first compound is the element itself.</summary>
internal sealed class HasCondition(List<Selector> list) : Condition
{
    public override int Weight { get; } = list.Max(one => one.Weight);

    public override bool IsDynamic { get; } = list.Exists(one => one.IsDynamic);

    public override bool MayHoldAlways => list.Exists(static one => one.MayHoldAlways);

    public override bool Holds(Node node, in MatchContext context)
    {
        var within = context with { Scope = node };
        for (var sibling = node; sibling is not null; sibling = sibling.Next)
            if ((!ReferenceEquals(sibling, node) && Any(sibling, within)) || AnyBelow(sibling, within))
                return true;
        return false;
    }

    private bool AnyBelow(Node top, in MatchContext context)
    {
        var node = top.FirstChild;
        while (node is not null)
        {
            if (Any(node, context))
                return true;
            if (node.FirstChild is not null)
            {
                node = node.FirstChild;
                continue;
            }
            while (node is not null && node.Next is null)
                node = ReferenceEquals(node.Parent, top) ? null : node.Parent;
            node = node?.Next;
        }
        return false;
    }

    private bool Any(Node node, in MatchContext context)
    {
        foreach (var selector in list)
            if (selector.Matches(node, context))
                return true;
        return false;
    }
}
