using System.Text;

namespace Newsletter.Inlining;

/// <summary>Writes the style attribute of one element.</summary>
internal static class StyleText
{
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
        var first = list.FindIndex(one => one.Inline);
        var last = list.FindLastIndex(one => one.Inline);
        if (first < 0)
            return new Parts(Join(list, live, 0, list.Count), null, "");
        var broken = !list[first..(last + 1)].TrueForAll(one => one.Inline && one.Important == one.Declared.Source.Important && one.Value == one.Declared.Source.Value);
        if (broken)
            return new Parts("", Join(list, live, 0, list.Count), "");
        return new Parts(Join(list, live, 0, first), null, Join(list, live, last + 1, list.Count));
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
            live[i] = !Array.TrueForAll(one.Property.Covers, covered.Contains) && !SaidAgain(list, i);
            if (one.Inline)
                live[i] = true;
            if (live[i] && !one.Property.IsCustom && SafeValue.IsKnown(one.Property.Name, one.Value))
                covered.UnionWith(one.Property.Covers);
        }
    }

    private static bool SaidAgain(List<Candidate> list, int at)
    {
        for (var i = at + 1; i < list.Count; i++)
            if (ReferenceEquals(list[i].Property, list[at].Property) && list[i].Value == list[at].Value && (list[i].Important || !list[at].Important))
                return true;
        return false;
    }

    private static string Join(List<Candidate> list, bool[] live, int from, int to)
    {
        var made = new StringBuilder();
        for (var i = from; i < to; i++)
        {
            if (!live[i])
                continue;
            if (made.Length > 0)
                made.Append(';');
            made.Append(list[i].Declared.Source.Name).Append(':').Append(list[i].Value);
            if (list[i].Important)
                made.Append(" !important");
        }
        return made.ToString();
    }
}
