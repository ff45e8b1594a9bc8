namespace Newsletter.Inlining;

/// <summary>A place in the cascade as one number: the greater wins (CSS Cascade 5 §6.1).</summary>
internal static class CascadeKey
{
    private const int OrderBits = 21;
    private const int MaxOrder = (1 << OrderBits) - 1;

    /// <param name="inline">It stands in the style attribute.</param>
    /// <param name="layer">Among important declarations the earlier layer wins.</param>
    public static ulong Of(bool important, bool inline, int layer, int specificity, int order)
    {
        var level = (important ? 2UL : 0UL) | (inline ? 1UL : 0UL);
        var rank = (ulong)(important ? Layer.MaxLayers - layer : layer);
        return (((((level << 10) | rank) << 30) | (uint)specificity) << OrderBits) | (uint)Math.Min(order, MaxOrder);
    }
}
