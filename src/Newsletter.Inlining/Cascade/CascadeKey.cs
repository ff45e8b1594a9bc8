namespace Newsletter.Inlining;

/// <summary>A place in the cascade as one number: the greater wins (CSS Cascade 5 §6.1).</summary>
internal static class CascadeKey
{
    private const int OrderBits = 21;
    private const int MaxOrder = (1 << OrderBits) - 1;

    private const ulong Place = (1UL << (31 + OrderBits)) - 1;

    /// <summary>Whether the first would win over the second if both stood in one sheet with the same importance.</summary>
    public static bool IsBehind(ulong first, ulong second) => (first & Place) > (second & Place);

    /// <param name="inline">It stands in the style attribute.</param>
    /// <param name="layer">Among important declarations the earlier layer wins.</param>
    /// <param name="specificity">Of the selector.</param>
    /// <param name="order">The place among all declarations.</param>
    /// <param name="scoped">It stands in @scope: of the same specificity it is nearer than what stands in none.</param>
    public static ulong Of(bool important, bool inline, int layer, int specificity, int order, bool scoped = false)
    {
        var level = (important ? 2UL : 0UL) | (inline ? 1UL : 0UL);
        var rank = (ulong)(important ? Layer.MaxLayers - layer : layer);
        var place = (((((level << 10) | rank) << 30) | (uint)specificity) << 1) | (scoped ? 1UL : 0UL);
        return (place << OrderBits) | (uint)Math.Min(order, MaxOrder);
    }
}
