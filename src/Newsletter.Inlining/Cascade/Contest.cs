namespace Newsletter.Inlining;

/// <summary>The declarations that meet on one element, longhand by longhand. One object serves all elements, one after the other.</summary>
internal sealed class Contest(int longhands)
{
    /// <summary>Of more that meet on one longhand the first are not compared each with each: only hostile input has so many.</summary>
    private const int MaxMeeting = 200;

    private readonly List<Candidate>[] kept = new List<Candidate>[longhands];
    private readonly Candidate?[] top = new Candidate?[longhands];
    private readonly List<int> met = [];
    private Styled? element;
    private readonly bool[] isMet = new bool[longhands];
    private readonly HashSet<Candidate> blocked = [];
    private readonly HashSet<Candidate> threatened = [];
    private int[]? every;

    /// <summary>Some declaration was mirrored.</summary>
    public bool HasMirrored { get; private set; }

    /// <summary>Raises and mirrors what this element asks for. True if anything changed.</summary>
    public bool Fit(Styled element)
    {
        Gather(element);
        var any = false;
        foreach (var longhand in met)
            any |= Raise(longhand);
        Threaten(element);
        foreach (var one in threatened)
            if (one.Property.IsCustom is false && IsStuck(element, one))
                any |= Mirror(one);
        Clear();
        return any;
    }

    /// <summary>Says which of the inlined declarations are to be written with !important, and what must be said again.</summary>
    public void SetImportance(Styled element, Restating restating)
    {
        Gather(element);
        foreach (var longhand in met)
        {
            Restate(kept[longhand], top[longhand], false, restating);
            Restate(kept[longhand], top[longhand], true, restating);
        }
        Threaten(element);
        foreach (var one in element.Fixed)
            if (!(one.Inline && one.Declared.Source.Important))
                one.Important = !blocked.Contains(one) && (threatened.Contains(one) || (one.Declared.Source.Important && !one.Declared.IsMirrored && !IsBeatenByHook(element, one)));
        DropOvertaking(element.Fixed);
        Clear();
    }

    private void Gather(Styled element)
    {
        foreach (var one in element.Fixed)
            foreach (var longhand in Of(one.Property))
                top[longhand] = one;
        foreach (var one in element.Kept)
            if (!one.IsHook)
                foreach (var longhand in Of(one.Property))
                    Meet(longhand).Add(one);
        if (HasMirrored)
            foreach (var one in element.Fixed)
                if (one.Declared.IsMirrored)
                    foreach (var longhand in Of(one.Property))
                        Meet(longhand);
        this.element = element;
    }

    private int[] Of(Property property) => property.IsCustom ? [] : property.IsAll ? every ??= [.. Enumerable.Range(0, longhands)] : property.Touches;

    private List<Candidate> Meet(int longhand)
    {
        if (!isMet[longhand])
            met.Add(longhand);
        isMet[longhand] = true;
        return kept[longhand] ??= [];
    }

    private void Clear()
    {
        foreach (var longhand in met)
        {
            kept[longhand].Clear();
            isMet[longhand] = false;
        }
        met.Clear();
        foreach (var one in element!.Fixed)
            foreach (var longhand in Of(one.Property))
                top[longhand] = null;
        blocked.Clear();
        threatened.Clear();
    }

    /// <summary>What stands above the inlined winner, or above something raised, must be raised. True if one was.</summary>
    private bool Raise(int longhand)
    {
        var list = kept[longhand];
        var winner = top[longhand];
        var any = false;
        var strong = false;
        for (var i = 0; i < list.Count; i++)
        {
            var one = list[i];
            if (winner is not null && (one.Key < winner.Key || (!one.IsStrong && !one.Declared.Stays && winner.Selector?.IsSure == true && ReferenceEquals(one.Declared, winner.Declared))))
                continue;
            if (!one.IsStrong && (winner is not null || strong) && !IsHidden(list, i))
                one.Declared.Raised = any = true;
            strong |= one.IsStrong;
        }
        return any;
    }

    /// <summary>A later one applies wherever this one does.</summary>
    private static bool IsHidden(List<Candidate> list, int at)
    {
        for (var i = at + 1; i < Math.Min(list.Count, at + MaxMeeting); i++)
            if (list[i].Hides(list[at]))
                return true;
        return false;
    }

    /// <summary>Finds the inlined winners that something strong stands below (threatened) and those that something kept stands above (blocked).</summary>
    private void Threaten(Styled styled)
    {
        foreach (var longhand in met)
        {
            if (top[longhand] is not { } winner)
                continue;
            foreach (var one in kept[longhand])
                if (one.Key >= winner.Key && !one.SaysTheSame(winner))
                    blocked.Add(winner);
                else if (one.Key >= winner.Key)
                    continue;
                else if (one.IsStrong && !IsMirroredAbove(winner, one))
                    threatened.Add(winner);
            if (HasMirrored)
                foreach (var one in styled.Fixed)
                    if (one.Declared.IsMirrored && one.Key < winner.Key && Array.IndexOf(Of(one.Property), longhand) >= 0 && !IsMirroredAbove(winner, one))
                        threatened.Add(winner);
        }
        Spread(styled.Fixed);
    }

    /// <summary>
    /// Of two strong ones the lower would win by its selector: the upper is said again, and then all above it too, since
    /// that is now stronger than they are.
    /// </summary>
    /// <param name="inStates">Whether what only applies in a state (:hover) is looked at too.</param>
    private static void Restate(List<Candidate> list, Candidate? winner, bool inStates, Restating restating)
    {
        Candidate? strongest = null;
        Candidate? beaten = null;
        var mirrored = winner?.Declared.IsMirrored == true ? winner : null;
        foreach (var one in list)
        {
            if (mirrored is not null && one.Key > mirrored.Key && (strongest is null || CascadeKey.IsBehind(mirrored.Key, strongest.Key)))
                (strongest, mirrored) = (mirrored, null);
            if (!one.IsStrong)
                continue;
            if (!(one.Key < winner?.Key) && strongest is not null && CascadeKey.IsBehind(strongest.Key, one.Key) && !ReferenceEquals(strongest.Rule, one.Rule))
                beaten = strongest;
            if (beaten is not null)
                restating.Add(beaten, one);
            if ((inStates || !one.Selector!.IsDynamic) && (strongest is null || CascadeKey.IsBehind(one.Key, strongest.Key)))
                strongest = one;
        }
    }

    private static bool IsMirroredAbove(Candidate winner, Candidate below) =>
        winner.Declared.IsMirrored && CascadeKey.IsBehind(winner.Key, below.Key);

    /// <summary>What is written with !important would overtake what stands behind it, and leaves its own fallbacks before it behind.</summary>
    private void Spread(List<Candidate> list)
    {
        for (var i = 0; i < list.Count && threatened.Count > 0; i++)
        {
            if (!threatened.Contains(list[i]) || blocked.Contains(list[i]))
                continue;
            for (var j = i + 1; j < list.Count; j++)
                if (list[j].Property.Overlaps(list[i].Property))
                    threatened.Add(list[j]);
            for (var j = i - 1; j >= 0; j--)
                if (ReferenceEquals(list[j].Property, list[i].Property))
                    threatened.Add(list[j]);
        }
    }

    /// <summary>It cannot be written with !important: something that must win over it, or over what follows it, could not.</summary>
    private bool IsStuck(Styled styled, Candidate one)
    {
        if (blocked.Contains(one))
            return true;
        foreach (var later in styled.Fixed)
            if (later.Key > one.Key && blocked.Contains(later) && later.Property.Overlaps(one.Property))
                return true;
        return false;
    }

    private bool Mirror(Candidate one)
    {
        if (one.Inline || one.Declared.IsMirrored || one.Declared.Source.HasVar)
            return false;
        one.Declared.Stays = one.Declared.Raised = HasMirrored = true;
        return true;
    }

    private static bool IsBeatenByHook(Styled styled, Candidate inlined)
    {
        foreach (var one in styled.Kept)
            if (one.IsHook && one.IsStrong && one.Key > inlined.Key && !ReferenceEquals(one.Declared, inlined.Declared) && one.Property.Overlaps(inlined.Property))
                return true;
        return false;
    }

    /// <summary>An important declaration must not overtake a later one that is not.</summary>
    private static void DropOvertaking(List<Candidate> inlined)
    {
        for (var i = 0; i < inlined.Count; i++)
            for (var j = i + 1; inlined[i].Important && j < inlined.Count; j++)
                if (!inlined[j].Important && inlined[i].Property.Overlaps(inlined[j].Property))
                    inlined[i].Important = false;
    }
}
