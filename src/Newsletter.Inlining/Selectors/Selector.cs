using System.Buffers;

namespace Newsletter.Inlining;

internal enum Combinator : byte { None, Descendant, Child, NextSibling, LaterSibling }

/// <summary>What a selector asks of one element besides name, id and classes.</summary>
internal abstract class Condition
{
    public virtual int Weight => Specificity.Class;

    /// <summary>True if it, or something in it, depends on what a reader does or on a part of an element.</summary>
    public virtual bool IsDynamic => false;

    /// <summary>For some elements it holds whatever the reader does.</summary>
    public virtual bool MayHoldAlways => true;

    public abstract bool Holds(Node node, in MatchContext context);
}

/// <param name="IgnoreCase">Quirks mode: ids and classes are compared without regard to ASCII case.</param>
/// <param name="Assume">What a state such as :hover is taken for: true when asking whether a rule could ever apply, false when asking whether it always does.</param>
/// <param name="Effort">What the questions cost.</param>
internal readonly record struct MatchContext(bool IgnoreCase, bool Assume, Effort Effort)
{
    public StringComparison Names => IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The element that a relative selector (:has) starts from.</summary>
    public Node? Scope { get; init; }
}

/// <summary>A compound selector: everything said about one element.</summary>
internal sealed class Compound
{
    private static readonly List<string> None = [];
    private static readonly List<Condition> NoConditions = [];

    public Combinator Before { get; set; }
    public string? Name { get; set; }

    /// <summary>The name in lower case, for elements of HTML.</summary>
    public string? LowerName { get; set; }

    public List<string> Ids { get; private set; } = None;
    public List<string> Classes { get; private set; } = None;
    public List<Condition> Conditions { get; private set; } = NoConditions;

    /// <summary>The namespace that is asked for.</summary>
    public Space Space { get; set; }

    public bool IsScope { get; init; }

    /// <summary>The bits that a node which fits has, see <see cref="NameBits"/>.</summary>
    public ulong Bits
    {
        get
        {
            var bits = LowerName is null ? 0 : NameBits.Of(LowerName);
            foreach (var id in Ids)
                bits |= NameBits.Of(id);
            foreach (var name in Classes)
                bits |= NameBits.Of(name);
            return bits;
        }
    }

    public void AddId(string id) => (Ids = ReferenceEquals(Ids, None) ? [] : Ids).Add(id);

    public void AddClass(string name) => (Classes = ReferenceEquals(Classes, None) ? [] : Classes).Add(name);

    public void Add(Condition condition) => (Conditions = ReferenceEquals(Conditions, NoConditions) ? [] : Conditions).Add(condition);

    public bool Matches(Node node, in MatchContext context)
    {
        if (IsScope)
            return ReferenceEquals(node, context.Scope);
        if ((Space != Space.Any && Space != Namespaces.Of(node)) || (Name is not null && !HasName(node)))
            return false;
        foreach (var id in Ids)
            if (!string.Equals(node.Id, id, context.Names))
                return false;
        if (node.Classes.Length > 16)
            context.Effort.Spend(Classes.Count * node.Classes.Length / 16);
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

    /// <summary>Browsers compare names of SVG and MathML without regard to case, so long as the document is HTML.</summary>
    private bool HasName(Node node) => node.IsHtml ? node.Name == LowerName : node.Name.Equals(Name, StringComparison.OrdinalIgnoreCase);

    private static bool HasClass(Node node, string name, StringComparison names)
    {
        foreach (var one in node.Classes)
            if (string.Equals(one, name, names))
                return true;
        return false;
    }
}

/// <summary>A complex selector: compounds from left to right, each with the combinator before it.</summary>
/// <param name="isSure">See <see cref="Sure"/>.</param>
internal sealed class Selector(List<Compound> compounds, string text, bool hasPseudoElement, bool isSure = false)
{
    private static readonly SearchValues<char> Unclear = SearchValues.Create(" >+~()[].#\\");

    private readonly Compound[] compounds = [.. compounds];
    private readonly ulong above = Above(compounds);

    /// <summary>As written, white space and comments apart.</summary>
    public string Text { get; } = text;

    public Compound Subject => compounds[^1];

    /// <summary>It asks about the element alone, not about what stands around it.</summary>
    public bool IsSingle => compounds.Length == 1;

    public int Weight { get; } = Sum(compounds, hasPseudoElement);

    /// <summary>It styles a part of an element (::before), which no style attribute can.</summary>
    public bool HasPseudoElement { get; } = hasPseudoElement;

    /// <summary>It depends on a state (:hover), or styles a part: it cannot be inlined.</summary>
    public bool IsDynamic { get; } = !isSure && (hasPseudoElement || compounds.Exists(static one => one.Conditions.Exists(static condition => condition.IsDynamic)));

    /// <summary>It is the <see cref="Sure"/> of another one, which stays in the sheet for it.</summary>
    public bool IsSure { get; } = isSure;

    /// <summary>It asks nothing that only a reader's program knows.</summary>
    public bool MayHoldAlways => Array.TrueForAll(compounds, static one => one.Conditions.TrueForAll(static condition => condition.MayHoldAlways));

    /// <summary>It asks for a state and nothing else.</summary>
    public bool IsOnlyState => IsSingle && Subject is { Name: null, Ids.Count: 0, Classes.Count: 0 } && !Subject.Conditions.Exists(static one => !one.IsDynamic);

    /// <summary>
    /// For a selector about states: one for the elements that it fits whatever the reader does, as :is(:hover, .a) fits each .a;
    /// null if there can be none. It is inlined there, and the selector stays in the sheet for the others.
    /// </summary>
    public Selector? Sure() => IsDynamic && !HasPseudoElement && MayHoldAlways ? new Selector([.. compounds], Text, false, isSure: true) : null;

    public bool Matches(Node node, in MatchContext context) =>
        (above & ~node.Above) == 0 && Matches(node, compounds.Length - 1, context);

    /// <summary>What it says of the element itself, whatever stands around that.</summary>
    public bool FitsAlone(Node node, in MatchContext context) => context.Effort.Take() && Subject.Matches(node, context);

    /// <summary>
    /// Whether the page has the names of its subject and of the elements that the subject must stand in. The classes and ids of what stands around all of the
    /// page's own may be a mail program's; inside of an element of the page's own (.card .button td) they are the page's.
    /// </summary>
    public bool IsOf(PageNames names)
    {
        var isInside = false;
        for (var i = 0; i < compounds.Length - 1; i++)
        {
            if (compounds[i + 1].Before is not (Combinator.Child or Combinator.Descendant))
                continue;
            var isOwn = names.HasAll(compounds[i]);
            if (!isOwn && (isInside || !names.HasElement(compounds[i].Name)))
                return false;
            isInside |= isOwn && compounds[i].Classes.Count + compounds[i].Ids.Count > 0;
        }
        return names.HasAll(Subject);
    }

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

    private static int Sum(List<Compound> compounds, bool hasPseudoElement)
    {
        var sum = hasPseudoElement ? Specificity.Type : 0;
        foreach (var one in compounds)
            sum = Specificity.Add(sum, one.Sum());
        return sum;
    }

    /// <summary>The bits of all compounds that must fit an ancestor: those left of a descendant or child combinator.</summary>
    private static ulong Above(List<Compound> compounds)
    {
        var bits = 0UL;
        for (var i = compounds.Count - 1; i > 0; i--)
            if (compounds[i].Before is Combinator.Descendant or Combinator.Child)
                bits |= compounds[i - 1].Bits;
        return bits;
    }

    private bool Matches(Node node, int at, in MatchContext context)
    {
        if (!context.Effort.Take() || !compounds[at].Matches(node, context))
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
            if (greedy && at > 1 && (!context.Effort.Take() || !compounds[at - 1].Matches(above, context)))
                continue;
            if (Matches(above, at - 1, context))
                return true;
            if (greedy && at > 1)
                return false;
        }
        return false;
    }
}
