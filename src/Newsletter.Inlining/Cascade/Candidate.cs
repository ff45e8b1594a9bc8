namespace Newsletter.Inlining;

/// <summary>A declaration that applies to one element, with its place in the cascade there.</summary>
/// <param name="rule">Where it is from, by <paramref name="selector"/>; null for the style attribute's own.</param>
internal sealed class Candidate(Declared declared, string value, ulong key, Rule? rule, RuleSelector? selector)
{
    public Declared Declared { get; } = declared;

    /// <summary>With every var() replaced.</summary>
    public string Value { get; private set; } = value;

    public ulong Key { get; } = key;

    public Rule? Rule { get; } = rule;

    public Selector? Selector { get; } = selector?.Selector;

    /// <summary>It stood in the style attribute already.</summary>
    public bool Inline => Rule is null;

    /// <summary>To be written with !important.</summary>
    public bool Important { get; set; } = declared.Source.Important;

    /// <summary>A rule for what only some mail program adds: it applies to nothing that stands in the document.</summary>
    public bool IsHook { get; } = rule is { Block: null } && selector is { IsMatched: false, Selector.IsDynamic: false };

    public Property Property => Declared.Property;

    /// <summary>The same declaration with another value.</summary>
    public Candidate WithValue(string other)
    {
        var made = (Candidate)MemberwiseClone();
        made.Value = other;
        return made;
    }

    /// <summary>Everybody takes the value, see <see cref="SafeValue"/>.</summary>
    public bool IsSafe => ReferenceEquals(Value, Declared.Source.Value) ? Declared.IsSafe : SafeValue.IsKnown(Property.Name, Value);

    /// <summary>In the kept style sheet it is important, or will be.</summary>
    public bool IsStrong => Declared.Raised || Declared.Source.Important;

    /// <summary>It makes no difference which of the two wins.</summary>
    public bool SaysTheSame(Candidate other) =>
        ReferenceEquals(Property, other.Property) && Value == other.Value && !Declared.Source.HasVar && !other.Declared.Source.HasVar;

    /// <summary>Where the other applies, this one applies too: it stands under no condition that is not the other's as well.</summary>
    public bool Hides(Candidate other)
    {
        if (Rule is null || other.Rule is null || (Selector!.IsDynamic && !Selector.SameState(other.Selector!)))
            return false;
        var block = other.Rule.Block;
        while (block is not null && !ReferenceEquals(block, Rule.Block))
            block = block.Outer;
        return ReferenceEquals(block, Rule.Block);
    }
}

/// <summary>An element with everything the cascade found for it.</summary>
/// <param name="like">An earlier element of the very same style, whose declarations these are; null for the first of its style.</param>
internal sealed class Styled(Node node, List<Candidate> @fixed, List<Candidate> kept, Styled? like)
{
    /// <summary>Nothing applies to it.</summary>
    public Styled(Node node) : this(node, Nothing, Nothing, null) { }

    public static List<Candidate> Nothing { get; } = [];

    public Node Node { get; } = node;

    public Styled? Like { get; } = like;

    /// <summary>What will be written, in ascending order of the cascade.</summary>
    public List<Candidate> Fixed { get; } = @fixed;

    /// <summary>What stays in the style sheet and applies here under some condition, in ascending order.</summary>
    public List<Candidate> Kept { get; } = kept;

    /// <summary>What its style attribute is to hold, once it is written.</summary>
    public StyleText.Parts? Text { get; set; }
}
