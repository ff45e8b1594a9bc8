using System.Buffers;

namespace Newsletter.Inlining;

internal enum Combinator : byte { None, Descendant, Child, NextSibling, LaterSibling }

/// <summary>What a selector asks of one element besides name, id and classes.</summary>
internal abstract class Condition
{
    public virtual int Weight => Specificity.Class;

    /// <summary>True if it, or something in it, depends on what a reader does or on a part of an element.</summary>
    public virtual bool IsDynamic => false;

    public abstract bool Holds(Node node, in MatchContext context);
}

/// <param name="IgnoreCase">Quirks mode: ids and classes are compared without regard to ASCII case.</param>
/// <param name="Assume">What a state such as :hover is taken for: true when asking whether a rule could ever apply.</param>
internal readonly record struct MatchContext(bool IgnoreCase, bool Assume)
{
    public StringComparison Names => IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The element that a relative selector (:has) starts from.</summary>
    public Node? Scope { get; init; }
}

/// <summary>A compound selector: everything said about one element.</summary>
internal sealed class Compound
{
    public Combinator Before { get; set; }
    public string? Name { get; set; }

    /// <summary>The name in lower case, for elements of HTML.</summary>
    public string? LowerName { get; set; }

    public List<string> Ids { get; } = [];
    public List<string> Classes { get; } = [];
    public List<Condition> Conditions { get; } = [];

    /// <summary>A name of a namespace that is not ours: matches nothing.</summary>
    public bool Nowhere { get; set; }

    public bool IsScope { get; init; }

    public bool Matches(Node node, in MatchContext context)
    {
        if (IsScope)
            return ReferenceEquals(node, context.Scope);
        if (Nowhere || (Name is not null && !string.Equals(node.Name, node.IsHtml ? LowerName : Name, StringComparison.Ordinal)))
            return false;
        foreach (var id in Ids)
            if (!string.Equals(node.Id, id, context.Names))
                return false;
        foreach (var name in Classes)
            if (!HasClass(node, name, context.Names))
                return false;
        foreach (var condition in Conditions)
            if (!condition.Holds(node, context))
                return false;
        return true;
    }

    public int Sum()
    {
        var sum = Name is null ? 0 : Specificity.Type;
        foreach (var _ in Ids)
            sum = Specificity.Add(sum, Specificity.Id);
        foreach (var _ in Classes)
            sum = Specificity.Add(sum, Specificity.Class);
        foreach (var condition in Conditions)
            sum = Specificity.Add(sum, condition.Weight);
        return sum;
    }

    private static bool HasClass(Node node, string name, StringComparison names)
    {
        foreach (var one in node.Classes)
            if (string.Equals(one, name, names))
                return true;
        return false;
    }
}

/// <summary>A complex selector: compounds from left to right, each with the combinator before it.</summary>
internal sealed class Selector(List<Compound> compounds, string text, bool hasPseudoElement)
{
    private static readonly SearchValues<char> Unclear = SearchValues.Create(" >+~()[].#\\");

    private readonly Compound[] compounds = [.. compounds];

    /// <summary>As written, white space and comments apart.</summary>
    public string Text { get; } = text;

    public Compound Subject => compounds[^1];

    public int Weight { get; } = compounds.Aggregate(hasPseudoElement ? 1 : 0, (sum, one) => Specificity.Add(sum, one.Sum()));

    /// <summary>It styles a part of an element (::before), which no style attribute can.</summary>
    public bool HasPseudoElement { get; } = hasPseudoElement;

    /// <summary>It depends on a state (:hover), or styles a part: it cannot be inlined.</summary>
    public bool IsDynamic { get; } = hasPseudoElement || compounds.Exists(one => one.Conditions.Exists(condition => condition.IsDynamic));

    public bool Matches(Node node, in MatchContext context) => Matches(node, compounds.Length - 1, context);

    /// <summary>Both ask the same state of the element itself and no other, as a:hover and td.x a:hover do. False where that cannot be told.</summary>
    public bool SameState(Selector other)
    {
        var mine = State(Text);
        return mine.Length > 0 && mine.SequenceEqual(State(other.Text));
    }

    /// <summary>From the first colon on, if that is about the subject alone.</summary>
    private static ReadOnlySpan<char> State(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon < 0 || text[colon..].ContainsAny(Unclear) || text[..colon].ContainsAny("()[]\\") ? default : text[colon..];
    }

    private bool Matches(Node node, int at, in MatchContext context)
    {
        if (!compounds[at].Matches(node, context))
            return false;
        if (at == 0)
            return true;
        switch (compounds[at].Before)
        {
            case Combinator.Child:
                return node.Parent is { } parent && Matches(parent, at - 1, context);
            case Combinator.NextSibling:
                return node.Previous is { } previous && Matches(previous, at - 1, context);
            case Combinator.LaterSibling:
                for (var before = node.Previous; before is not null; before = before.Previous)
                    if (Matches(before, at - 1, context))
                        return true;
                return false;
            default:
                return MatchesAbove(node, at, context);
        }
    }

    /// <summary>
    /// Descendant: where only descendants stand to the left, the nearest fitting ancestor is as good as any other, so
    /// there is nothing to go back to; without this a long selector costs depth to the power of its length.
    /// </summary>
    private bool MatchesAbove(Node node, int at, in MatchContext context)
    {
        var greedy = at == 1 || compounds[at - 1].Before == Combinator.Descendant;
        for (var above = node.Parent; above is not null; above = above.Parent)
        {
            if (greedy && at > 1 && !compounds[at - 1].Matches(above, context))
                continue;
            if (Matches(above, at - 1, context))
                return true;
            if (greedy && at > 1)
                return false;
        }
        return false;
    }
}
