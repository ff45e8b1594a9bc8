using System.Text;

namespace Newsletter.Inlining;

/// <summary>Writes the style attribute of one element.</summary>
internal static class StyleText
{
    /// <summary>How far a declaration looks for one that says the same; beyond that both are written.</summary>
    private const int Far = 2000;

    /// <summary>What the attribute is to hold, as text before any escaping.</summary>
    /// <param name="Before">Declarations before the attribute's own.</param>
    /// <param name="Own">The attribute's own; null if they stay as they are.</param>
    /// <param name="After">Declarations behind the attribute's own.</param>
    internal readonly record struct Parts(string Before, string? Own, string After)
    {
        public bool IsChange => Before.Length > 0 || After.Length > 0 || Own is not null;
    }

    public static Parts Write(Styled element)
    {
        var list = element.Fixed;
        var live = new bool[list.Count];
        Prune(list, live);
        var first = list.FindIndex(static one => one.Inline);
        var last = list.FindLastIndex(static one => one.Inline);
        if (first < 0)
            return new Parts(Join(list, live, 0, list.Count), null, "");
        if (IsBroken(list, live, first, last))
            return new Parts("", Join(list, live, 0, list.Count), "");
        return new Parts(Join(list, live, 0, first), null, Join(list, live, last + 1, list.Count));
    }

    /// <summary>Something must be said between the attribute's own declarations, or one of them otherwise than it was.</summary>
    private static bool IsBroken(List<Candidate> list, bool[] live, int first, int last)
    {
        for (var i = first; i <= last; i++)
            if (live[i] && !(list[i].Inline && list[i].Important == list[i].Declared.Source.Important && list[i].Value == list[i].Declared.Source.Value))
                return true;
        return false;
    }

    /// <summary>
    /// Marks what must be written: a declaration goes only if later ones that every browser takes set all that it sets,
    /// or if a later one says the very same.
    /// </summary>
    private static void Prune(List<Candidate> list, bool[] live)
    {
        var covered = new HashSet<int>();
        for (var i = list.Count - 1; i >= 0; i--)
        {
            var one = list[i];
            live[i] = one.Inline || !(IsCovered(one, covered) || SaidAgain(list, i));
            if (live[i] && !one.Property.IsCustom && SafeValue.IsKnown(one.Property.Name, one.Value))
                foreach (var longhand in one.Property.Covers)
                    covered.Add(longhand);
        }
        for (var i = 1; i < list.Count; i++)
            live[i] = live[i] && (list[i].Inline || !SaidByAttribute(list, live, i));
    }

    private static bool IsCovered(Candidate one, HashSet<int> covered)
    {
        foreach (var longhand in one.Property.Covers)
            if (!covered.Contains(longhand))
                return false;
        return true;
    }

    private static bool SaidAgain(List<Candidate> list, int at)
    {
        for (var i = at + 1; i < Math.Min(list.Count, at + Far); i++)
            if (ReferenceEquals(list[i].Property, list[at].Property) && list[i].Value == list[at].Value && (list[i].Important || !list[at].Important))
                return true;
        return false;
    }

    /// <summary>The style attribute says the very same already, and nothing after it says otherwise: a document that was inlined before.</summary>
    private static bool SaidByAttribute(List<Candidate> list, bool[] live, int at)
    {
        for (var i = at - 1; i >= Math.Max(0, at - Far); i--)
        {
            if (list[i].Inline && ReferenceEquals(list[i].Property, list[at].Property) && list[i].Value == list[at].Value)
                return list[i].Important || !list[at].Important;
            if (live[i] && list[i].Property.Overlaps(list[at].Property))
                return false;
        }
        return false;
    }

    private static string Join(List<Candidate> list, bool[] live, int from, int to)
    {
        if (from == to)
            return "";
        var made = new StringBuilder(128);
        for (var i = from; i < to; i++)
        {
            if (!live[i])
                continue;
            if (made.Length > 0)
                made.Append(';');
            made.Append(list[i].Declared.Name).Append(':').Append(list[i].Value);
            if (list[i].Important)
                made.Append(" !important");
        }
        return made.ToString();
    }
}
