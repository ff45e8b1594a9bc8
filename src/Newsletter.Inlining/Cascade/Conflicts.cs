namespace Newsletter.Inlining;

/// <summary>
/// Settles who wins between what is inlined and what stays in the style sheet. A style attribute beats every sheet but for
/// !important. So a kept declaration that won before is raised to !important. Where a raised one stands below what is
/// inlined, the inlined one is written with !important; and where others stand above it as well, it is mirrored: kept in
/// the sheet besides, important, where its selector gives it its old place between the two.
/// </summary>
/// <remarks>
/// Raising and mirroring hold for a rule, and so for every element that it fits. Each round may only add to them, so it
/// ends; the rounds are bounded because hostile input could make them many.
/// </remarks>
internal sealed class Conflicts(List<Styled> elements, int longhands)
{
    private const int MaxRounds = 12;

    private readonly Contest contest = new(longhands);

    /// <param name="items">The kept sheet, to which rules may be added.</param>
    public void Settle(List<SheetItem> items)
    {
        foreach (var element in elements)
            foreach (var kept in element.Kept)
                kept.Declared.IsMet |= !kept.IsHook;
        var restating = new Restating();
        var isMirrored = false;
        var any = true;
        for (var round = 0; any && round < MaxRounds; round++)
        {
            any = false;
            foreach (var element in elements)
                if (element.Kept.Count > 0 || (isMirrored && HasMirrored(element)))
                    any |= contest.Fit(element);
            isMirrored |= contest.HasMirrored;
        }
        foreach (var element in elements)
            if (element.Kept.Count > 0 || (isMirrored && HasMirrored(element)))
                contest.SetImportance(element, restating);
        restating.Into(items);
        RaiseHooks();
    }

    private static bool HasMirrored(Styled element) => element.Fixed.Exists(static one => one.Declared.IsMirrored);

    /// <summary>What only mail programs make apply is raised if it would win everywhere; it never changes what else is written.</summary>
    private void RaiseHooks()
    {
        var (win, lose) = (new HashSet<Declared>(), new HashSet<Declared>());
        foreach (var element in elements)
            foreach (var kept in element.Kept)
                if (kept.IsHook && !kept.Declared.IsMet && !kept.Declared.Source.Important)
                    foreach (var inlined in element.Fixed)
                        if (!kept.Property.Overlaps(inlined.Property))
                            continue;
                        else if (kept.Key > inlined.Key)
                            win.Add(kept.Declared);
                        else
                            Lose(kept, lose);
        foreach (var declared in win)
            declared.Raised |= !lose.Contains(declared);
    }

    /// <summary>With it those before it in its rule, which would overtake it.</summary>
    private static void Lose(Candidate kept, HashSet<Declared> lose)
    {
        lose.Add(kept.Declared);
        foreach (var before in kept.Rule!.Declarations)
            if (before.Order < kept.Declared.Order && before.Property.Overlaps(kept.Property))
                lose.Add(before);
    }
}
