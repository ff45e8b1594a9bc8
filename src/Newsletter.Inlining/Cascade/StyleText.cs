using System.Text;

namespace Newsletter.Inlining;

/// <summary>Writes style attributes, one after the other.</summary>
/// <param name="longhands">How many there are.</param>
internal sealed class StyleText(int longhands)
{
    /// <summary>How far a declaration looks for one that says the same; beyond that both are written.</summary>
    private const int Far = 200;

    private static readonly Parts Unchanged = new("", null, "");

    // Used again for each element.
    private readonly int[] coveredFor = new int[longhands];
    private readonly (int Element, int At)[] firstFor = new (int Element, int At)[longhands];
    private readonly StringBuilder made = new();
    private int element;
    private bool[] live = [];

    /// <summary>What the attribute is to hold, as text before any escaping.</summary>
    /// <param name="Before">Declarations before the attribute's own.</param>
    /// <param name="Own">The attribute's own; null if they stay as they are.</param>
    /// <param name="After">Declarations behind the attribute's own.</param>
    internal sealed record Parts(string Before, string? Own, string After)
    {
        private string? alone;
        private string? lead;
        private string? trail;

        /// <summary>The whole attribute for a tag that has none; made once for all elements of a style.</summary>
        public string Alone => alone ??= " " + TagWriter.Attribute(this, "", '"');

        /// <summary>What stands before the attribute's own declarations, within that quotation mark.</summary>
        public string Lead(char quote) => quote == '"' ? lead ??= Escape.Css(Before, quote) + ";" : Escape.Css(Before, quote) + ";";

        /// <summary>What stands behind them.</summary>
        public string Trail(char quote) => quote == '"' ? trail ??= ";" + Escape.Css(After, quote) : ";" + Escape.Css(After, quote);

        public int Length => Before.Length + After.Length + (Own?.Length ?? 0);

        public bool IsChange => Before.Length > 0 || After.Length > 0 || Own is not null;
    }

    public Parts Write(Styled styled)
    {
        var list = styled.Fixed;
        if (IsOwn(list))
            return Unchanged;
        element++;
        if (live.Length < list.Count)
            live = new bool[list.Count * 2];
        Prune(list);
        var first = list.FindIndex(static one => one.Inline);
        var last = list.FindLastIndex(static one => one.Inline);
        if (first < 0)
            return new Parts(Join(list, 0, list.Count), null, "");
        if (IsBroken(list, first, last))
            return new Parts("", Join(list, 0, list.Count), "");
        return new Parts(Join(list, 0, first), null, Join(list, last + 1, list.Count));
    }

    /// <summary>The attribute's own declarations are all there is, and stay as they are.</summary>
    private static bool IsOwn(List<Candidate> list)
    {
        foreach (var one in list)
            if (!IsAsWritten(one))
                return false;
        return true;
    }

    private static bool IsAsWritten(Candidate one) =>
        one.Inline && one.Important == one.Declared.Source.Important && one.Value == one.Declared.Source.Value;

    /// <summary>Something must be said between the attribute's own declarations, or one of them otherwise than it was.</summary>
    private bool IsBroken(List<Candidate> list, int first, int last)
    {
        for (var i = first; i <= last; i++)
            if (live[i] && !IsAsWritten(list[i]))
                return true;
        return false;
    }

    /// <summary>
    /// Marks what must be written: a declaration goes only if later ones that every browser takes set all that it sets,
    /// or if a later one says the very same.
    /// </summary>
    private void Prune(List<Candidate> list)
    {
        FindFirst(list);
        for (var i = list.Count - 1; i >= 0; i--)
        {
            var one = list[i];
            live[i] = one.Inline || !(IsCovered(one) || SaidAgain(list, i));
            if (live[i] && !one.Property.IsCustom && IsMet(one, i) && one.IsSafe)
                foreach (var longhand in one.Property.Covers)
                    coveredFor[longhand] = element;
        }
        for (var i = 1; i < list.Count; i++)
            live[i] = live[i] && (list[i].Inline || !SaidByAttribute(list, i));
    }

    /// <summary>Notes for each longhand the first declaration that sets it.</summary>
    private void FindFirst(List<Candidate> list)
    {
        for (var i = 0; i < list.Count; i++)
            foreach (var longhand in list[i].Property.Covers)
                if (firstFor[longhand].Element != element)
                    firstFor[longhand] = (element, i);
    }

    /// <summary>An earlier declaration sets a longhand of this one: only then it matters what this one covers.</summary>
    private bool IsMet(Candidate one, int at)
    {
        foreach (var longhand in one.Property.Covers)
            if (firstFor[longhand].At < at)
                return true;
        return false;
    }

    private bool IsCovered(Candidate one)
    {
        foreach (var longhand in one.Property.Covers)
            if (coveredFor[longhand] != element)
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
    private bool SaidByAttribute(List<Candidate> list, int at)
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

    private string Join(List<Candidate> list, int from, int to)
    {
        if (from == to)
            return "";
        made.Clear();
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
