namespace Newsletter.Inlining;

/// <summary>A place in the cascade as one number: the greater wins (CSS Cascade 5 §6.1).</summary>
internal static class CascadeKey
{
    private const int OrderBits = 21;
    private const int MaxOrder = (1 << OrderBits) - 1;

    private const ulong Place = (1UL << (30 + OrderBits)) - 1;

    /// <summary>Whether the first would win over the second if both stood in one sheet with the same importance.</summary>
    public static bool IsBehind(ulong first, ulong second) => (first & Place) > (second & Place);

    /// <param name="inline">It stands in the style attribute.</param>
    /// <param name="layer">Among important declarations the earlier layer wins.</param>
    public static ulong Of(bool important, bool inline, int layer, int specificity, int order)
    {
        var level = (important ? 2UL : 0UL) | (inline ? 1UL : 0UL);
        var rank = (ulong)(important ? Layer.MaxLayers - layer : layer);
        return (((((level << 10) | rank) << 30) | (uint)specificity) << OrderBits) | (uint)Math.Min(order, MaxOrder);
    }
}
