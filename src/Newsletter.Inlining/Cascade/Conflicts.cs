namespace Newsletter.Inlining;

/// <summary>
/// Settles who wins between what is inlined and what stays in the style sheet. A style attribute beats every sheet but for
/// !important, so a kept declaration that won before is raised to !important; and an inlined one that won over it is
/// written with !important itself, where nothing that must beat it is in the way.
/// </summary>
internal static class Conflicts
{
    private const int MaxRounds = 8;

    public static void Settle(List<Styled> elements, Func<Declared, bool> isHook)
    {
        foreach (var element in elements)
            foreach (var kept in element.Kept)
                Compare(kept, element.Fixed);
        foreach (var kept in elements.SelectMany(one => one.Kept).Select(one => one.Declared))
            if (kept.Raised && kept.Loses && isHook(kept))
                kept.Raised = false;
        var any = true;
        for (var round = 0; any && round < MaxRounds; round++)
        {
            any = false;
            foreach (var element in elements)
                any |= RaiseAbove(element);
        }
        foreach (var element in elements)
            SetImportance(element, isHook);
    }

    /// <summary>Raises a kept declaration that wins over the inlined winner of one of its longhands.</summary>
    private static void Compare(Candidate kept, List<Candidate> inlined)
    {
        foreach (var winner in Winners(kept.Property, inlined))
        {
            if (kept.Key >= winner.Key)
                kept.Declared.Raised |= !kept.Declared.Source.Important;
            else
                kept.Declared.Loses = true;
        }
    }

    private static IEnumerable<Candidate> Winners(Property property, List<Candidate> inlined)
    {
        if (property.IsCustom)
            yield break;
        if (property.IsAll)
        {
            foreach (var any in inlined)
                yield return any;
            yield break;
        }
        foreach (var longhand in property.Touches)
            for (var i = inlined.Count - 1; i >= 0; i--)
                if (inlined[i].Property.IsAll || Array.IndexOf(inlined[i].Property.Touches, longhand) >= 0)
                {
                    yield return inlined[i];
                    break;
                }
    }

    /// <summary>A kept declaration above a raised one must be raised as well, or the raised one would win over it. True if one was.</summary>
    private static bool RaiseAbove(Styled element)
    {
        var any = false;
        for (var i = 0; i < element.Kept.Count; i++)
        {
            if (!element.Kept[i].Declared.Raised)
                continue;
            for (var j = i + 1; j < element.Kept.Count; j++)
            {
                var above = element.Kept[j].Declared;
                if (above.Raised || above.Source.Important || above.Property.IsCustom || !Overlap(above.Property, element.Kept[i].Property))
                    continue;
                if (LosesToInlined(element.Kept[j], element.Fixed))
                    continue;
                above.Raised = any = true;
            }
        }
        return any;
    }

    private static bool LosesToInlined(Candidate kept, List<Candidate> inlined) => Winners(kept.Property, inlined).Any(winner => winner.Key > kept.Key);

    private static void SetImportance(Styled element, Func<Declared, bool> isHook)
    {
        if (element.Kept.Count == 0)
            return;
        foreach (var inlined in element.Fixed)
        {
            if (inlined is { Inline: true, Declared.Source.Important: true })
                continue;
            var (beaten, threatened) = (false, false);
            foreach (var kept in element.Kept)
            {
                if (!Overlap(kept.Property, inlined.Property))
                    continue;
                beaten |= kept.Key >= inlined.Key && !(isHook(kept.Declared) && !kept.Declared.Raised && !kept.Declared.Source.Important);
                threatened |= kept.Key < inlined.Key && (kept.Declared.Raised || kept.Declared.Source.Important) && !isHook(kept.Declared);
            }
            inlined.Important = !beaten && (threatened || inlined.Declared.Source.Important);
        }
        DropOvertaking(element.Fixed);
    }

    /// <summary>An important declaration must not overtake a later one that is not.</summary>
    private static void DropOvertaking(List<Candidate> inlined)
    {
        for (var i = 0; i < inlined.Count; i++)
            for (var j = i + 1; inlined[i].Important && j < inlined.Count; j++)
                if (!inlined[j].Important && Overlap(inlined[i].Property, inlined[j].Property))
                    inlined[i].Important = false;
    }

    private static bool Overlap(Property a, Property b)
    {
        if (a.IsCustom || b.IsCustom)
            return false;
        if (a.IsAll || b.IsAll || ReferenceEquals(a, b))
            return true;
        foreach (var longhand in a.Touches)
            if (Array.IndexOf(b.Touches, longhand) >= 0)
                return true;
        return false;
    }
}
