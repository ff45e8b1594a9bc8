namespace Newsletter.Inlining;

/// <summary>A condition around rules, @media for one, and the one around it.</summary>
internal sealed class Block(Block? outer, string header)
{
    public Block? Outer { get; } = outer;

    public string Header { get; } = header;

    public int Depth { get; } = outer is null ? 1 : outer.Depth + 1;

    /// <summary>It is @scope, or stands in one.</summary>
    public bool IsScope { get; } = outer?.IsScope == true || header.StartsWith("@scope", StringComparison.Ordinal);
}

/// <summary>A declaration at its place in the cascade.</summary>
internal sealed class Declared(CssDeclaration source, Property property, int order)
{
    private bool? isSafe;

    public CssDeclaration Source { get; } = source;

    public Property Property { get; } = property;

    /// <summary>The property's name as it is to be written.</summary>
    public string Name => Property.WrittenName;

    /// <summary>The place among all declarations of the document.</summary>
    public int Order { get; } = order;

    /// <summary>Everybody takes the value, see <see cref="SafeValue"/>.</summary>
    public bool IsSafe => isSafe ??= SafeValue.IsKnown(Property.Name, Source.Value);

    /// <summary>It stays in the style sheet although it is inlined as well.</summary>
    public bool Stays { get; set; }

    /// <summary>In the style sheet it gets !important, since it must win over what was inlined.</summary>
    public bool Raised { get; set; }

    /// <summary>In the style sheet it has to do with elements of the document, not only with what some mail program adds.</summary>
    public bool IsMet { get; set; }

    /// <summary>To be inlined and kept, important, besides: what is kept stands both above and below it; see <see cref="Conflicts"/>.</summary>
    public bool IsMirrored => Stays && (Raised || Source.Important);
}

/// <summary>What the kept style sheet may hold, in the order of the sources.</summary>
internal abstract class SheetItem(Block? block)
{
    public Block? Block { get; } = block;
}

/// <summary>An at-rule that is kept as it is: @font-face, @keyframes.</summary>
internal sealed class KeptText(Block? block, string text) : SheetItem(block)
{
    public string Text { get; } = text;
}

/// <summary>A rule with everything around it resolved: nesting, conditions, layers.</summary>
internal sealed class Rule(Block? block, Layer layer, List<RuleSelector> selectors, List<Declared> declarations) : SheetItem(block)
{
    public Layer Layer { get; } = layer;

    public List<RuleSelector> Selectors { get; } = selectors;

    public List<Declared> Declarations { get; } = declarations;

    private int seenFor;
    private RuleSelector? best;
    private RuleSelector? bestAlways;

    /// <summary>
    /// One of its selectors fits the element of that number. The most specific, or of equals the first, will speak; and if
    /// it asks for a state, so will the best of those that ask for none.
    /// </summary>
    public void Contend(int element, RuleSelector selector)
    {
        if (seenFor != element)
            (best, bestAlways, seenFor) = (null, null, element);
        if (best is null || selector.Selector.Weight > best.Selector.Weight)
            best = selector;
        if (!selector.Selector.IsDynamic && (bestAlways is null || selector.Selector.Weight > bestAlways.Selector.Weight))
            bestAlways = selector;
    }

    /// <summary>True once for a selector that speaks.</summary>
    public bool TakeWinner(int element, RuleSelector selector)
    {
        if (seenFor != element)
            return false;
        var speaks = selector.Selector.IsDynamic ? ReferenceEquals(best, selector) : ReferenceEquals(bestAlways, selector);
        if (speaks && selector.Selector.IsDynamic)
            best = null;
        else if (speaks)
            bestAlways = null;
        return speaks;
    }
}

/// <summary>A selector of a rule, and what became of it.</summary>
internal sealed class RuleSelector(Selector selector, int number)
{
    private bool matched;

    public Selector Selector { get; } = selector;

    /// <summary>Another for each selector of the document.</summary>
    public int Number { get; } = number;

    /// <summary>It fits an element of the document, and to find out took no undue work.</summary>
    public bool IsMatched
    {
        get => matched && !IsTooCostly;
        set => matched = value;
    }

    /// <summary>The steps that matching it took so far.</summary>
    public long Cost { get; set; }

    /// <summary>Matching was given up: the selector stays in the style sheet, where the reader's program asks it.</summary>
    public bool IsTooCostly { get; set; }
}
