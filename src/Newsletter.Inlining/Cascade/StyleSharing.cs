using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Newsletter.Inlining;

/// <summary>What decides the style of an element: the selectors that fit it, its style attribute, the custom properties in force.</summary>
/// <param name="From">Where its fitting selectors begin among those of all elements.</param>
/// <param name="KeptFrom">Where those begin that stay in the sheet; they end where the next begin.</param>
internal readonly record struct StyleKey(int From, int Count, int KeptFrom, string? Attribute, CustomProperties Custom)
{
    public int KeptCount { get; init; }
}

/// <summary>
/// Elements of the same style are worked out once, as browsers do: in a letter of many like stories most elements are
/// the likeness of an earlier one.
/// </summary>
internal sealed class StyleSharing : IEqualityComparer<StyleKey>
{
    private readonly Dictionary<StyleKey, Styled> known;
    private StyleKey atHand;

    public StyleSharing()
    {
        known = new(this);
        Custom = new(this);
    }

    /// <summary>The custom properties in force inside elements, by what decides about them.</summary>
    public Dictionary<StyleKey, CustomProperties> Custom { get; }

    /// <summary>The matches of all elements that are inlined.</summary>
    public List<Match> Fixed { get; } = [];

    /// <summary>Those that stay in the sheet, of each style once.</summary>
    public List<Match> Kept { get; } = [];

    public (int From, int To) KeptAtHand => (atHand.KeptFrom, atHand.KeptFrom + atHand.KeptCount);

    /// <summary>An earlier element of the same style; null if there is none, and then the key waits for <see cref="Keep"/>.</summary>
    public Styled? Find(StyleKey key)
    {
        atHand = key with { KeptCount = Kept.Count - key.KeptFrom };
        if (!known.TryGetValue(atHand, out var like))
            return null;
        Kept.RemoveRange(atHand.KeptFrom, atHand.KeptCount);
        return like;
    }

    public Styled Keep(Styled styled) => known[atHand] = styled;

    public bool Equals(StyleKey x, StyleKey y) =>
        ReferenceEquals(x.Custom, y.Custom) && ReferenceEquals(x.Attribute, y.Attribute)
        && Span(Fixed, x.From, x.Count).SequenceEqual(Span(Fixed, y.From, y.Count))
        && Span(Kept, x.KeptFrom, x.KeptCount).SequenceEqual(Span(Kept, y.KeptFrom, y.KeptCount));

    public int GetHashCode(StyleKey key)
    {
        var hash = RuntimeHelpers.GetHashCode(key.Attribute) + RuntimeHelpers.GetHashCode(key.Custom) + (key.Count * 17) + key.KeptCount;
        foreach (ref readonly var match in Span(Fixed, key.From, key.Count))
            hash = (hash * 31) + match.Selector.Number;
        foreach (ref readonly var match in Span(Kept, key.KeptFrom, key.KeptCount))
            hash = (hash * 31) + match.Selector.Number;
        return hash;
    }

    private static ReadOnlySpan<Match> Span(List<Match> matches, int from, int count) => CollectionsMarshal.AsSpan(matches).Slice(from, count);
}
