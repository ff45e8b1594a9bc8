namespace Newsletter.Inlining;

/// <summary>
/// revert-layer (CSS Cascade 5 §7.3) gives way to what stands in the layers below its own. In a style attribute there are none,
/// so it is left out and those below are written; where one must be said nevertheless, the value below is.
/// </summary>
internal static class RevertedLayers
{
    /// <param name="ascending">What applies to one element.</param>
    public static void Resolve(List<Candidate> ascending)
    {
        for (var i = 0; i < ascending.Count; i++)
            if (ascending[i].Value.Equals("revert-layer", StringComparison.OrdinalIgnoreCase) && !ascending[i].Property.IsCustom)
                i = Resolve(ascending, i);
    }

    /// <returns>The place that the declaration has afterwards, or had just before.</returns>
    private static int Resolve(List<Candidate> ascending, int at)
    {
        var one = ascending[at];
        at -= ascending.RemoveAll(other => other.Key < one.Key && !other.Inline && IsSameLayer(one, other) && one.Property.Includes(other.Property));
        var below = ascending.GetRange(0, at);
        if (!one.Inline && !below.Exists(other => IsSameLayer(one, other) && other.Property.Overlaps(one.Property)) && below.Exists(other => other.Property.Overlaps(one.Property)))
        {
            ascending.RemoveAt(at);
            return at - 1;
        }
        if (below.FindLast(other => !IsSameLayer(one, other) && ReferenceEquals(other.Property, one.Property)) is { } said)
            ascending[at] = one.WithValue(said.Value);
        return at;
    }

    private static bool IsSameLayer(Candidate one, Candidate other) => ReferenceEquals(one.Rule?.Layer, other.Rule?.Layer);
}
